"""Cases handed to another instance and back: signed messages, taken once (docs/exchange.md)."""
