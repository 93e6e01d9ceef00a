"""Tests of the consultations."""
