"""Pages and journeys in a real browser, against a whole portal."""
