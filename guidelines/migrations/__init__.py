"""Tables of the guidelines."""
