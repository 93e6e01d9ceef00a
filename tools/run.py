"""`make run`: the portal on http://127.0.0.1:8000, until Ctrl-C."""

import signal
import time

from tools import launch, places, setup
from tools.say import say


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Prepare, start, stay."""
    port = places.port()
    setup.make_ready(development=False)
    signal.signal(signal.SIGTERM, _stop)
    with launch.portal(places.data(), port) as (url, processes):
        say(f"\nThe portal is at {url} (Ctrl-C stops it). Data and logs: {places.data()}")
        if processes.environment.get("PORTAL_DEMO") == "1":
            say(f"Demonstration accounts are in the README; mails are at {url}/dev/mail/")
        try:
            while True:
                time.sleep(1)
                processes.keep_up()
        except KeyboardInterrupt:
            say("\nStopping …")
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    return 0
