"""The JSON API under ``/api/v1/`` (docs/api.md): what the pages read and do, for keys."""
