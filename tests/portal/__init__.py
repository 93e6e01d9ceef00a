"""Tests of the composition root: pages, errors, settings, commands."""
