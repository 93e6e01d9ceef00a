"""Doors: commands, containers, sentences for what goes wrong."""
