"""Template tags of the guidelines."""
