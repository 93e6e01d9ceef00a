"""Composition root: settings, addresses, workers, home page and dashboards. Imported by nobody."""
