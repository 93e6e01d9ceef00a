"""Tests of the guidelines."""
