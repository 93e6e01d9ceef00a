"""The audit log for the auditor: verbs and numbers, no content. Reading it is an event too."""

import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.decorators import recently_authenticated
from common import audit
from common.audit.models import AuditEvent
from common.enums import AuditKind
from common.exports import Format, download
from common.policy import Role, rule
from portal.forms import AuditFilterForm

_ROLES = {role.value: role.label for role in Role}


@rule("audit_log", "read")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    filters = AuditFilterForm(request.GET)
    events = filters.narrow(AuditEvent.objects.order_by("-seq"))
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    rows = [(event, _label(event), _ROLES.get(event.role, event.role)) for event in page]
    audit.record(AuditKind.LOG_READ, actor=request.user, page=page.number)
    context = {"page_obj": page, "rows": rows, "filters": filters, "formats": Format.choices}
    context["asked"] = [(name, request.GET.get(name, "")) for name in filters.fields]
    return render(request, "portal/audit.html", context)


@rule("audit_log", "export")
@recently_authenticated
def export(request: HttpRequest) -> HttpResponseBase:
    """All events that fit the filters, oldest first, with their hashes, to be kept elsewhere."""
    filters = AuditFilterForm(request.GET)
    events = filters.narrow(AuditEvent.objects.order_by("seq"))
    kind = Format.XLSX if request.GET.get("format") == Format.XLSX else Format.CSV
    audit.record(AuditKind.LOG_EXPORTED, actor=request.user, format=kind)
    heads = [
        _("番号"), _("日時（日本時間）"), _("操作"), _("操作の名前"), _("役割"), _("操作者"), _("対象の種類"),
        _("対象"), _("関連する番号"), _("要求の番号"), _("接続元の符号"), _("ハッシュ値"),
    ]  # fmt: skip
    return download(f"audit-{timezone.localdate():%Y%m%d}", heads, _lines(events), kind)


def _label(event: AuditEvent) -> object:
    return audit.REGISTERED.get(event.verb, event.verb)


def _lines(events: QuerySet[AuditEvent]) -> Iterator[list[object]]:
    """One line an event."""
    for event in events.iterator(500):
        yield [
            event.seq, timezone.localtime(event.at).isoformat(), event.verb, _label(event),
            event.role, event.actor_id, event.resource, event.object_id,
            json.dumps(event.related, ensure_ascii=False, sort_keys=True), event.request_id,
            event.network, bytes(event.hash).hex(),
        ]  # fmt: skip
