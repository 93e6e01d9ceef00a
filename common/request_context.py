"""What is known of the request being answered or the job being run, for the audit log and the logs."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """Ids only: of the request, and a keyed digest of the network address."""

    request_id: str = ""
    network: str = ""


current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())  # noqa: B039 - frozen
