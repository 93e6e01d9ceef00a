"""Whether all parts of the portal work, for the load balancer and whoever is on call."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from common.jobs.models import Pulse
from common.policy import rule

#: A part that has not shown itself for this long counts as dead.
SILENCE = timedelta(seconds=60)


@rule("health", "read")
def healthz(request: HttpRequest) -> JsonResponse:
    """200 where every part works, else 503 naming the ones that do not."""
    parts = {"database": _database(), "broker": _broker()}
    parts |= (
        _pulses() if parts["database"] == "ok" else {"worker": "unknown", "scheduler": "unknown"}
    )
    well = all(state == "ok" for state in parts.values())
    return JsonResponse(parts, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=None
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return "down"
    finally:
        client.close()
    return "ok"


def _pulses() -> dict[str, str]:
    seen = dict(Pulse.objects.values_list("name", "at"))
    now = timezone.now()
    alive = {name: name in seen and now - seen[name] < SILENCE for name in ("worker", "scheduler")}
    return {name: "ok" if well else "down" for name, well in alive.items()}
