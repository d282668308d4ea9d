"""One folder, one line of work. Practices never import one another."""
