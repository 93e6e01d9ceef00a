"""Intake, case handling and the advice report."""
