"""Kinds and states of publications and editions, kinds of change, and how a citation stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PublicationKind(TextChoices):
    """What a publication is."""

    GUIDELINE = "guideline", _("ガイドライン")
    HANDBOOK = "handbook", _("手引き")
    COUNTRY_MANUAL = "country_manual", _("国別マニュアル")
    TEMPLATE_SET = "template_set", _("ひな形集")


class EditionKind(TextChoices):
    """Why an edition was made."""

    REGULAR = "regular", _("改訂")
    CORRECTION = "correction", _("正誤")
    RETROSPECTIVE = "retrospective", _("過去の法律に合わせて編んだ版")


class EditionState(TextChoices):
    """Where an edition stands. A published one never changes."""

    DRAFT = "draft", _("作成中")
    SCHEDULED = "scheduled", _("公開待ち")
    PUBLISHED = "published", _("公開済み")


TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.SCHEDULED, EditionState.PUBLISHED}),
    EditionState.SCHEDULED: frozenset({EditionState.DRAFT, EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset(),
}


class ChangeKind(TextChoices):
    """How a section differs from the edition before."""

    NEW = "new", _("新設")
    SUBSTANCE = "substance", _("実質の変更")
    WORDING = "wording", _("字句の変更")
    MOVED = "moved", _("移動")
    DELETED = "deleted", _("削除")


class MoveKind(TextChoices):
    """What became of a section that is not where it was."""

    MOVED = "moved", _("移動")
    SPLIT = "split", _("分割")
    MERGED = "merged", _("統合")


class Affected(TextChoices):
    """Whom a change concerns."""

    ALL = "all", _("すべての方")
    EMPLOYEES = "employees", _("従業員のいる企業")
    LEAVERS = "leavers", _("退職者のいる企業")
    PARTNERS = "partners", _("取引先に見せる企業")
    OUTSIDERS = "outsiders", _("外部の人が出入りする企業")
    OVERSEAS = "overseas", _("海外拠点のある企業")
    ONLINE = "online", _("クラウドや在宅勤務を使う企業")


class Standing(TextChoices):
    """How a cited section stands in the edition in force, from best to worst."""

    UNCHANGED = "unchanged", _("現行")
    WORDING = "wording", _("字句のみ改訂")
    SUBSTANCE = "substance", _("内容が改訂")
    MOVED = "moved", _("別の節に移動")
    DELETED = "deleted", _("削除")


class JobKind(TextChoices):
    """Background work of this app."""

    PUBLISH_DUE = "guidelines.publish_due", _("予定日時になった版の公開")
    AFTER_PUBLICATION = "guidelines.published", _("公開後の引用の確認とお知らせ")
    DOCUMENT = "guidelines.document", _("ガイドラインのPDF")


class AuditKind(TextChoices):
    """What this app writes to the audit log."""

    DRAFTED = "edition.drafted", _("ガイドラインの版を書き始めた")
    SAVED = "edition.saved", _("ガイドラインの下書きを保存した")
    CHECKED = "edition.checked", _("ガイドラインの法務確認をした")
    SCHEDULED = "edition.scheduled", _("ガイドラインの公開を予定した")
    UNSCHEDULED = "edition.unscheduled", _("ガイドラインの公開予定を取り消した")
    PUBLISHED = "edition.published", _("ガイドラインの版を公開した")
    DISCARDED = "edition.discarded", _("ガイドラインの下書きを捨てた")
