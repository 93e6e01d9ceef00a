"""Uploads: hostile and honest files, made here."""
