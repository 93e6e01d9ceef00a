"""One case as one person may see it now."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from common.audit.models import AuditEvent
from common.policy import AnyUser, Relation, Role, may, role_of
from common.uploads import may_serve, scan_label
from common.vault import readable
from consultations.enums import (
    ENDED,
    TRANSITIONS,
    WRITING,
    AssignmentState,
    AuditKind,
    Duty,
    ReportState,
    State,
)
from consultations.models import AdviceReport, Assignment, Attachment, Consultation, Message
from consultations.reports.progress import progress_of

#: What counts as opening a case, for the list that the firm sees.
OPENINGS = (
    AuditKind.READ,
    AuditKind.NAMES_READ,
    AuditKind.DISCLOSED,
    AuditKind.DOWNLOADED,
    AuditKind.REPORT_DOWNLOADED,
)
OPENINGS_SHOWN = 100


@dataclass(frozen=True)
class FileLine:
    """A file under a message."""

    file: Attachment
    name: str
    served: bool
    scan: str


@dataclass(frozen=True)
class MessageLine:
    """A message with its files; `mine` stands for one's own side of the talk."""

    message: Message
    body: str
    author: str
    role: str
    mine: bool
    files: list[FileLine]


@dataclass(frozen=True)
class Opening:
    """Somebody outside the firm opened the case: who, in what role, when, what."""

    who: str
    role: str
    at: datetime
    what: str
    reason: str = ""
    times: int = 1


@dataclass(frozen=True)
class CaseView:
    """What the page of a case needs; empty where this person may not read the content."""

    case: Consultation
    may: frozenset[str]
    role: Role
    messages: list[MessageLine] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    transitions: list[Any] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    progress: dict[str, Any] | None = None
    waits_for: str = ""

    @property
    def reads(self) -> bool:
        """Whether the content is shown."""
        return "read" in self.may


def view_of(case: Consultation, user: AnyUser) -> CaseView:
    """The case for this person; queries do not grow with messages or files."""
    report = AdviceReport.objects.latest_of(case)
    issued = AdviceReport.objects.latest_issued_of(case)
    assignments = list(case.assignments.select_related("expert__vault_key").order_by("offered_at"))
    verbs = _may(case, user, report, assignments)
    reads = "read" in verbs
    return CaseView(
        case=case,
        may=verbs,
        role=role_of(user),
        messages=list(_messages(case, user)) if reads else [],
        openings=_openings(case) if role_of(user) is not Role.EXPERT else [],
        transitions=list(case.transitions.all()),
        assignments=assignments,
        progress=progress_of(issued) if reads and issued else None,
        waits_for=_waits_for(case, assignments),
    )


def _may(
    case: Consultation, user: AnyUser, report: AdviceReport | None, assignments: list[Assignment]
) -> frozenset[str]:
    """What the table allows this person, as far as the case's state allows it too."""
    role, relations = role_of(user), case.relations_of(user)
    found = set()
    for verb in _possible(State(case.state), report, assignments):
        allowed = may(role, case.policy_resource, _RULE_OF.get(verb, verb))
        if Relation.ANY in allowed or allowed & relations:
            found.add(verb)
    return frozenset(found)


#: Steps that another row of the table guards.
_RULE_OF = {"issue": "advise"}


def _possible(
    state: State, report: AdviceReport | None, assignments: list[Assignment]
) -> list[str]:
    """What the case's state allows anybody."""
    open_duties = {a.duty for a in assignments if a.state in ("offered", "accepted")}
    written = None if report is None else ReportState(report.state)
    reviewable = state not in ENDED | {State.SUBMITTED} and Duty.REVIEWER not in open_duties
    now = {
        "read": True,
        "share": True,
        "disclose": True,
        "answer_offer": True,
        "reply": state not in ENDED,
        "withdraw": State.WITHDRAWN in TRANSITIONS[state],
        "close": State.CLOSED in TRANSITIONS[state],
        "triage": state is State.SUBMITTED,
        "assign": state is State.TRIAGE or reviewable,
        "advise": state in WRITING and written in (None, ReportState.DRAFTING, ReportState.ISSUED),
        "review": written is ReportState.IN_REVIEW,
        "issue": written is ReportState.APPROVED and state is State.ADVICE_REVIEW,
    }
    return [verb for verb, possible in now.items() if possible]


def _messages(case: Consultation, user: AnyUser) -> Iterable[MessageLine]:
    expert_side = role_of(user) is Role.EXPERT
    files: dict[Any, list[FileLine]] = {}
    for file in Attachment.objects.of_case(case).select_related("data_key").order_by("created_at"):
        line = FileLine(file, readable(file, "name"), may_serve(file), scan_label(file))
        files.setdefault(file.message_id, []).append(line)
    for message in Message.objects.filter(consultation=case).in_order():
        yield MessageLine(
            message=message,
            body=readable(message, "body"),
            author=message.author.listed_name,
            role=_("専門家") if message.from_expert else _("ご相談者"),
            mine=message.from_expert is expert_side,
            files=files.get(message.pk, []),
        )


def _openings(case: Consultation) -> list[Opening]:
    """Who outside the firm opened the case, newest first."""
    events = list(
        AuditEvent.objects.about("consultation", case.pk)
        .filter(verb__in=[str(kind.value) for kind in OPENINGS])
        .exclude(role=Role.MEMBER)
        .order_by("-seq")[:OPENINGS_SHOWN]
    )
    people = User.objects.select_related("vault_key").in_bulk({e.actor_id for e in events})
    reasons = {
        str(d.pk): readable(d, "reason")
        for d in case.disclosures.select_related("consultation__vault_key")
    }
    shown: list[Opening] = []
    for event in events:
        opening = Opening(
            who=people[event.actor_id].listed_name if event.actor_id in people else "",
            role=str(Role(event.role).label),
            at=event.at,
            what=str(AuditKind(event.verb).label),
            reason=reasons.get(event.related.get("disclosure", ""), ""),
        )
        if shown and _same(shown[-1], opening):
            shown[-1] = replace(shown[-1], times=shown[-1].times + 1)
        else:
            shown.append(opening)
    return shown


def _same(later: Opening, earlier: Opening) -> bool:
    """The same person did the same within an hour: one line with a count."""
    alike = replace(later, at=earlier.at, times=1) == earlier
    return alike and later.at - earlier.at < timedelta(hours=1)


def _waits_for(case: Consultation, assignments: list[Assignment]) -> str:
    """Whose turn it is, in words for the firm."""
    if case.state == State.WAITING_REQUESTER:
        return _("あなたのご回答をお待ちしています。")
    if case.state in ENDED:
        return _("この相談は終わりました。")
    if case.state == State.ADVISED:
        return _("助言書をお渡ししました。ご不明な点は、メッセージでお尋ねください。")
    if any(a.state == AssignmentState.ACCEPTED for a in assignments):
        return _("専門家が対応しています。")
    return _("事務局が担当の専門家を選んでいます。")
