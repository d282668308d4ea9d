"""What happened to cases, told to other systems as signed CloudEvents (docs/webhooks.md)."""
