"""What is known of the request being answered or the job being run, for the audit log and the logs."""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class RequestContext:
    """Ids only: of the request, and a keyed digest of the network address."""

    request_id: str = ""
    network: str = ""


current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())  # noqa: B039 - frozen


def client_address(request: HttpRequest) -> str:
    """Where the request came from: what the outermost proxy of ours saw; empty where unknown.

    Everything further left in X-Forwarded-For was written by whoever sent the request.
    """
    direct = _address(request.META.get("REMOTE_ADDR", ""))
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count: int = settings.PROXY_COUNT
    if not count or len(told) < count:
        return direct
    return _address(told[-count]) or direct


def _address(text: str) -> str:
    """An IP address in its one way of writing; empty for anything else."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
