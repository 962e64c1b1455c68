"""A whole wiki: where it is read from, what is in it, and how all of it is converted."""
