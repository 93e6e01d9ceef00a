"""States of a case, of assignments and of advice reports, with the moves that are allowed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a consultation stands."""

    SUBMITTED = "submitted", _("受付済み")
    TRIAGE = "triage", _("担当の専門家を選んでいます")
    CONFLICT_CHECK = "conflict_check", _("利益相反を確認しています")
    IN_PROGRESS = "in_progress", _("専門家が対応中")
    WAITING_REQUESTER = "waiting_requester", _("ご回答をお待ちしています")
    ADVICE_REVIEW = "advice_review", _("助言を査読しています")
    ADVISED = "advised", _("助言をお渡ししました")
    CLOSED = "closed", _("終了")
    WITHDRAWN = "withdrawn", _("取り下げ")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.TRIAGE, State.WITHDRAWN}),
    State.TRIAGE: frozenset({State.CONFLICT_CHECK, State.WITHDRAWN}),
    State.CONFLICT_CHECK: frozenset({State.IN_PROGRESS, State.TRIAGE, State.WITHDRAWN}),
    State.IN_PROGRESS: frozenset(
        {State.WAITING_REQUESTER, State.ADVICE_REVIEW, State.TRIAGE, State.WITHDRAWN}
    ),
    State.WAITING_REQUESTER: frozenset(
        {State.IN_PROGRESS, State.ADVICE_REVIEW, State.CLOSED, State.WITHDRAWN}
    ),
    State.ADVICE_REVIEW: frozenset({State.IN_PROGRESS, State.ADVISED, State.WITHDRAWN}),
    State.ADVISED: frozenset({State.IN_PROGRESS, State.CLOSED}),
    State.CLOSED: frozenset({State.IN_PROGRESS}),
    State.WITHDRAWN: frozenset(),
}
#: States in which nothing more is done.
ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
#: States in which the adviser writes.
WRITING = frozenset({State.IN_PROGRESS, State.WAITING_REQUESTER})


class Category(TextChoices):
    """What the firm asks about."""

    LEAK = "leak", _("漏えいが起きた・疑いがある")
    MANAGEMENT = "management", _("社内での管理のしかた")
    CONTRACT = "contract", _("契約・秘密保持")
    EMPLOYEES = "employees", _("退職者・採用")
    OVERSEAS = "overseas", _("海外拠点・海外取引")
    RIGHTS = "rights", _("特許にするか、秘密にするか")
    OTHER = "other", _("そのほか")


class Urgency(TextChoices):
    """How soon help is needed."""

    NOW = "now", _("今まさに起きている")
    WEEK = "week", _("1週間以内に助言がほしい")
    NORMAL = "normal", _("急がない")


class Duty(TextChoices):
    """What an expert is assigned for."""

    ADVISER = "adviser", _("担当専門家")
    REVIEWER = "reviewer", _("査読者")


class AssignmentState(TextChoices):
    """Where an assignment stands. Content is shown only in `accepted`."""

    OFFERED = "offered", _("打診中")
    ACCEPTED = "accepted", _("担当中")
    DECLINED = "declined", _("辞退")
    ENDED = "ended", _("担当終了")


class ReportState(TextChoices):
    """Where an advice report stands."""

    DRAFTING = "drafting", _("作成中")
    IN_REVIEW = "in_review", _("査読中")
    APPROVED = "approved", _("査読済み")
    ISSUED = "issued", _("発行済み")


REPORT_TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFTING: frozenset({ReportState.IN_REVIEW}),
    ReportState.IN_REVIEW: frozenset({ReportState.DRAFTING, ReportState.APPROVED}),
    ReportState.APPROVED: frozenset({ReportState.DRAFTING, ReportState.ISSUED}),
    ReportState.ISSUED: frozenset(),
}


class JobKind(TextChoices):
    """Background work of this app."""

    ADVICE_PDF = "consultations.advice_pdf", _("助言書のPDF")
    SCAN = "consultations.scan", _("添付ファイルの検査")
    RESCAN = "consultations.rescan", _("検査待ちファイルの再検査")


class AuditKind(TextChoices):
    """What this app writes to the audit log."""

    FILED = "consultation.filed", _("相談を受け付けた")
    MOVED = "consultation.moved", _("状態が変わった")
    READ = "consultation.read", _("相談の内容を開いた")
    NAMES_READ = "consultation.names_read", _("利益相反の確認のため、企業と相手方の名前を見た")
    DISCLOSED = "consultation.disclosed", _("理由を示して閲覧を始めた")
    ASSIGNED = "consultation.assigned", _("専門家に打診した")
    ANSWERED = "consultation.offer_answered", _("打診に答えた")
    ENDED = "consultation.assignment_ended", _("担当を終えた")
    SHARED = "consultation.sharing_changed", _("社内の共有を変えた")
    MESSAGE = "consultation.message", _("メッセージを送った")
    ATTACHED = "consultation.attached", _("ファイルを添付した")
    DOWNLOADED = "consultation.downloaded", _("ファイルをダウンロードした")
    REPORT_SAVED = "advice.saved", _("助言の下書きを保存した")
    REPORT_MOVED = "advice.moved", _("助言書の状態が変わった")
    REPORT_DOWNLOADED = "advice.downloaded", _("助言書をダウンロードした")
