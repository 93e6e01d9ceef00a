"""Arguments of every address of the guidelines, for the policy matrix."""

from typing import Any

from guidelines import services
from guidelines.models import Document, TemplateVersion
from tests.accounts.factories import UserFactory
from tests.guidelines.factories import MARK, library

DRAFT = (
    "desk-draft", "desk-outline", "desk-check", "desk-schedule", "desk-unschedule",
    "desk-discard", "desk-redline", "desk-preview", "desk-add", "desk-move",
)  # fmt: skip


def guideline_arguments() -> dict[str, dict[str, Any]]:
    """A published guideline in two languages, a draft of its fourth edition, a PDF, a template."""
    made = library(english=3)
    draft = services.begin_draft(made.publication, by=UserFactory(editor=True))
    document = Document.objects.create(
        key="edition:sample", order={}, content=b"%PDF-1.7 sample", sha256="0" * 64
    )
    TemplateVersion.objects.create(
        key="nda", number=1, language="ja", title="見本", use="試験", source="", docx=b"PK",
        sha256="0" * 64,
    )  # fmt: skip
    slug, pk, number = {"slug": "sample"}, {"pk": MARK}, {"number": 1}
    pair = slug | {"a": 1, "b": 3}
    here = {"pk": draft.pk}
    part = here | {"section": MARK}
    rows: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        (slug, ("detail", "changes", "feed", "diff-choose")),
        (pair, ("diff", "diff-word", "diff-pdf")),
        (slug | number, ("edition", "edition-pdf")),
        (pk, ("section",)),
        (pk | number, ("section-edition", "section-pdf", "tick")),
        ({"pk": document.pk}, ("document", "document-status", "document-file")),
        ({"key": "nda", "number": 1}, ("template",)),
        ({"pk": made.publication.pk}, ("desk-begin",)),
        (here, DRAFT),
        (part, ("desk-section", "desk-live", "desk-note", "desk-remove")),
    ]
    return {f"guidelines:{name}": values for values, names in rows for name in names}
