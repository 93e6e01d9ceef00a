"""Faults: parts killed, frozen and emptied under a whole portal; nothing is lost, doubled or shown."""
