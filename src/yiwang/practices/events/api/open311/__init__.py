"""Open311 GeoReport v2 (docs/open311.md): reports from, and public cases to, any system."""
