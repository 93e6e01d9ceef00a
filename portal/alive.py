"""`python -m portal.alive [worker|scheduler]`: exit code 0 where this container's part lives."""

import os
import sys
import urllib.error
import urllib.request
from datetime import timedelta

#: A part that has not shown itself for this long counts as dead.
SILENCE = timedelta(seconds=60)


def web() -> bool:
    """Whether the web server answers at all; /healthz names a dead worker with 503, which is no fault here."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=4):
            return True
    except urllib.error.HTTPError as error:
        return b'"database": "ok"' in error.read()
    except OSError:
        return False


def pulse(name: str) -> bool:
    """Whether the worker or the scheduler has shown itself lately."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.utils import timezone

    from common.jobs.models import Pulse

    return bool(Pulse.objects.filter(name=name, at__gte=timezone.now() - SILENCE).exists())


if __name__ == "__main__":
    part = sys.argv[1] if len(sys.argv) > 1 else "web"
    sys.exit(0 if (web() if part == "web" else pulse(part)) else 1)
