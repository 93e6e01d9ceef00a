"""Leads to the door that was asked for; every expected failure ends in one clear sentence."""

import sys
from importlib import import_module

from tools.say import Trouble


def enter(door: str) -> int:
    """Run a door; returns the exit code."""
    try:
        return int(import_module(f"tools.{door}").main())
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
