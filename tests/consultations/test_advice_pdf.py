"""The advice report as a file: standards, letters, data inside, and what is not in it."""

import json
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from common.pdf import Attachment, make_seal, read_facts, render_pdf, seal_problems
from common.policy import Role
from common.vault import DataKey
from consultations.enums import Category, ReportState, Urgency
from consultations.models import AdviceReport, Consultation
from consultations.reports.advice_pdf import AdviceDocument, advice_document, render_advice
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.consultations.samples import sample_document

page = pytest.importorskip("page")
pikepdf = pytest.importorskip("pikepdf")
WRITTEN = {
    "summary": "図面は営業秘密に当たる見込みです。",
    "facts": "",
    "secrecy": "弱いところがあります。",
    "usefulness": "",
    "non_public": "公開されていません。",
    "measures": "\n 証拠を残す。 \n\n<b>警告書</b>を送る。\n",
    "next_steps": "12月8日までにご連絡ください。",
    "review_comment": "査読者だけの覚え書き",
}


def made(document: AdviceDocument, language: str = "ja") -> bytes:
    """The unsealed file of a document."""
    return render_pdf(
        "consultations/pdf/advice.html",
        {"document": document},
        title=document.title,
        identifier=b"0123456789abcdef",
        made_at=datetime(2026, 11, 24, 5, 30, tzinfo=UTC),
        language=language,
        attachments=(Attachment("advice.json", document.to_json(), "application/json", "data"),),
    )


def told_by(file: Path, *options: str) -> str:
    """The file's text, letters in their common form."""
    done = subprocess.run(["pdftotext", *options, file, "-"], capture_output=True, check=True)
    return unicodedata.normalize("NFKC", done.stdout.decode())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's file."""
    path = tmp_path_factory.mktemp("pdf") / "advice.pdf"
    path.write_bytes(made(sample_document()))
    return path


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_the_file_keeps_archive_and_accessibility_standards(file: Path, profile: str) -> None:
    assert page.validate_pdf(str(file), profile=profile).failures == []


def test_the_file_is_sound_and_says_what_it_is(file: Path) -> None:
    facts = read_facts(file.read_bytes())
    assert facts.standards == ("PDF/A-3A", "PDF/UA-1")
    assert facts.language == "ja"
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo["/Title"]) == sample_document().title
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert len(pdf.Root.Outlines) > 0


def test_every_font_lies_inside_as_a_part_with_its_letters(file: Path) -> None:
    listed = subprocess.run(["pdffonts", file], capture_output=True, check=True, text=True)
    lines = listed.stdout.splitlines()[2:]
    assert lines[0].split()[0].endswith("+IPAexGothic")
    for line in lines:
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


@pytest.mark.parametrize(
    "text",
    [
        "髙﨑𠮷精密工業株式会社",
        "葛󠄀城",
        "สำนักงานกรุงเทพฯ",
        "สมชาย ใจดี",
        "Văn phòng Hà Nội",
        "Nguyễn Thị Hồng",
    ],
)
def test_names_in_any_script_can_be_copied_out(file: Path, text: str) -> None:
    assert unicodedata.normalize("NFKC", text) in told_by(file, "-raw")


def test_every_page_names_report_firm_and_page(file: Path) -> None:
    pages = told_by(file).rstrip("\f").split("\f")
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"{number}/3" in text.replace(" ", "")
        assert "TS-7K2M-4XQD-01" in text
        assert "髙﨑𠮷" in text
        assert "取扱注意" in text


def test_the_data_inside_is_the_document(file: Path) -> None:
    (inner,) = read_facts(file.read_bytes()).files
    assert (inner.name, inner.relationship) == ("advice.json", "Data")
    data = json.loads(inner.content)
    assert data["schema"] == "advice-report/1"
    assert data["measures"][0]["order"] == 1
    assert data["citations"][0]["sha256"] == "9f2c" * 16
    assert data["firm"] == "髙﨑𠮷精密工業株式会社"


def test_all_text_of_the_data_stands_on_the_pages(file: Path) -> None:
    shown = "".join(told_by(file, "-raw").split())
    document = sample_document()
    texts = [document.summary, document.next_steps, *(m.text for m in document.measures)]
    for line in "\n".join(texts).splitlines():
        assert "".join(unicodedata.normalize("NFKC", line).split())[:24] in shown


@pytest.mark.slow
def test_the_same_document_gives_the_same_file(file: Path) -> None:
    again = made(sample_document())
    before = file.read_bytes()
    cut = before.rindex(b"/ID")
    assert again[:cut] == before[:cut]


@pytest.mark.slow
def test_long_texts_break_over_pages_and_nothing_leaves_the_paper(tmp_path: Path) -> None:
    long = replace(
        sample_document(),
        title="あ" * 200,
        firm="株式会社" + "長" * 90,
        facts=("https://example.jp/" + "a" * 300 + "\n" + "長い事実です。" * 600),
    )
    path = tmp_path / "long.pdf"
    path.write_bytes(made(long))
    assert read_facts(path.read_bytes()).pages > 5
    boxes = told_by(path, "-bbox")
    right = [float(part.split('"')[1]) for part in boxes.split("xMax=")[1:]]
    assert max(right) < 595.3
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(path), profile=profile).failures == []


@pytest.mark.slow
def test_a_report_with_little_in_it_and_one_in_english_keep_the_standards(tmp_path: Path) -> None:
    empty = replace(
        sample_document(), facts="", requirements=(), next_steps="", citations=(), measures=()
    )
    for document, language in ((empty, "ja"), (sample_document(), "en")):
        path = tmp_path / f"{language}.pdf"
        path.write_bytes(made(document, language))
        assert read_facts(path.read_bytes()).language == language
        for profile in ("3a", "ua1"):
            assert page.validate_pdf(str(path), profile=profile).failures == []


def _report(**fields: Any) -> AdviceReport:
    member = UserFactory(name="依頼 春子")
    firm = OrganisationFactory(name="髙﨑精機株式会社")
    MembershipFactory(user=member, organisation=firm)
    case = Consultation.objects.create(
        organisation=firm,
        filed_by=member,
        category=Category.values[0],
        urgency=Urgency.values[0],
        vault_key=DataKey.objects.create_key(),
        title="図面の持ち出し",
    )
    adviser: User = UserFactory(role=Role.EXPERT, name="専門 太郎")
    reviewer: User = UserFactory(role=Role.EXPERT, name="査読 冬子")
    report = AdviceReport.objects.create(
        consultation=case,
        author=adviser,
        content=WRITTEN,
        **{
            "reviewer": reviewer,
            "state": ReportState.ISSUED,
            "issued_at": datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
            **fields,
        },
    )
    return AdviceReport.objects.with_case().get(pk=report.pk)  # type: ignore[no-any-return]


@pytest.mark.django_db
def test_the_document_of_a_report_holds_its_sections_and_nobodys_notes() -> None:
    report = _report()
    document = advice_document(report)
    assert document.number == f"{report.consultation.ref}-01"
    assert (document.firm, document.expert, document.reviewer) == (
        "髙﨑精機株式会社",
        "専門 太郎",
        "査読 冬子",
    )
    assert document.issued_at == "2026-11-25T00:30:00+09:00"
    assert [r.name for r in document.requirements] == ["秘密管理性", "非公知性"]
    assert [(m.order, m.text) for m in document.measures] == [
        (1, "証拠を残す。"),
        (2, "<b>警告書</b>を送る。"),
    ]
    assert "覚え書き" not in document.to_json().decode()


@pytest.mark.django_db
def test_a_report_that_is_not_issued_has_no_document() -> None:
    with pytest.raises(ValueError, match="not issued"):
        advice_document(_report(state=ReportState.DRAFTING, issued_at=None, reviewer=None))


@pytest.mark.django_db
def test_an_issued_report_becomes_a_sealed_file(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_FILE, settings.SEAL_PASSWORD = tmp_path / "seal.p12", ""
    make_seal(settings.SEAL_FILE, "")
    pdf = render_advice(_report())
    path = tmp_path / "advice.pdf"
    path.write_bytes(pdf)
    assert seal_problems(pdf) == []
    text = told_by(path)
    assert "<b>警告書</b>を送る。" in text
    assert "2026年11月25日(日本時間)" in text
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(path), profile=profile).failures == []
