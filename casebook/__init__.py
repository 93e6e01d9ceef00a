"""Anonymised leak cases. Nothing here names a consultation."""
