"""Messages between firm and expert: once each, whose turn it is, and the files with them."""

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.audit.models import AuditEvent
from common.jobs import Job
from common.mail import Mail
from common.uploads import ScanState
from consultations import services
from consultations.enums import State
from consultations.errors import NotNow
from consultations.models import Attachment, Consultation, Message
from tests.consultations.factories import scene
from tests.consultations.walking import at, browser, seen

pytestmark = pytest.mark.django_db


def token_on(window: Client, path: str) -> str:
    """The token that the page's form carries."""
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', window.get(path).content.decode())
    assert found
    return found.group(1)


def write(window: Client, case: Consultation, body: str, **fields: Any) -> Any:
    """Send a message as the page's form does."""
    token = fields.pop("token", None)
    token = token_on(window, at("detail", case)) if token is None else token
    return window.post(at("send", case), {"body": body, "token": token, **fields})


def test_question_and_answer_pass_the_turn() -> None:
    """The expert's question hands it to the firm, the firm's answer back; the page says whose it is."""
    made = scene(State.IN_PROGRESS)
    expert, firm = browser(made.adviser), browser(made.owner)
    assert "専門家が対応しています。" in seen(firm.get(at("detail", made.case)))
    answer = write(expert, made.case, "表示の写真はありますか。", asks_reply="on")
    assert answer["Location"] == at("detail", made.case)
    assert Consultation.objects.get().state == State.WAITING_REQUESTER
    page = seen(firm.get(at("detail", made.case)))
    assert "あなたのご回答をお待ちしています。" in page
    assert "表示の写真はありますか。" in page
    assert "ご回答をお願いしています" in page
    write(firm, made.case, "写真はありません。")
    assert Consultation.objects.get().state == State.IN_PROGRESS
    page = seen(expert.get(at("detail", made.case)))
    assert page.index("表示の写真はありますか。") < page.index("写真はありません。")
    assert "ご相談者" in page


def test_a_remark_that_asks_nothing_leaves_the_turn() -> None:
    """And a firm cannot make its expert wait for an answer."""
    made = scene(State.IN_PROGRESS)
    write(browser(made.adviser), made.case, "調べています。")
    assert Consultation.objects.get().state == State.IN_PROGRESS
    write(browser(made.owner), made.case, "急いでください。", asks_reply="on")
    assert Consultation.objects.get().state == State.IN_PROGRESS
    assert not Message.objects.filter(asks_reply=True).exists()


def test_each_side_is_told_by_a_mail_without_a_word_of_it() -> None:
    """The other side only, once per message."""
    made = scene(State.IN_PROGRESS)
    Mail.objects.filter(notice="consultations.message").delete()
    write(browser(made.adviser), made.case, "質問です。")
    write(browser(made.owner), made.case, "答えです。")
    told = Mail.objects.filter(notice="consultations.message").order_by("created_at")
    assert [mail.address for mail in told] == [made.owner.email, made.adviser.email]
    assert {mail.url for mail in told} == {at("detail", made.case)}


def test_the_same_form_sent_twice_is_one_message() -> None:
    """The second is led on as the first was."""
    made = scene(State.IN_PROGRESS)
    firm = browser(made.owner)
    before = Message.objects.count()
    token = token_on(firm, at("detail", made.case))
    for _ in range(3):
        assert write(firm, made.case, "一度だけ", token=token).status_code == 302
    assert Message.objects.count() == before + 1
    events = AuditEvent.objects.filter(verb="consultation.message", actor_id=made.owner.pk)
    assert events.count() == 1


def test_the_same_form_with_other_words_loses_neither() -> None:
    """As after going back in the browser: 409 with both texts."""
    made = scene(State.IN_PROGRESS)
    firm = browser(made.owner)
    token = token_on(firm, at("detail", made.case))
    write(firm, made.case, "はじめの文", token=token)
    answer = write(firm, made.case, "書き直した文", token=token)
    assert answer.status_code == 409
    assert "はじめの文" in seen(answer)
    assert "書き直した文" in seen(answer)
    assert f'href="{at("detail", made.case)}"' in answer.content.decode()


def test_a_token_of_another_case_or_person_stands_in_nobodys_way() -> None:
    """Known or guessed, it neither stops a message nor shows one."""
    made, other = scene(State.IN_PROGRESS), scene(State.IN_PROGRESS)
    token = str(uuid.uuid4())
    writers = [(made.owner, made.case), (made.adviser, made.case), (other.owner, other.case)]
    for number, (person, case) in enumerate(writers):
        answer = write(browser(person), case, f"文{number}", token=token)
        assert answer.status_code == 302
    bodies = {message.body for message in Message.objects.select_related("consultation__vault_key")}
    assert {"文0", "文1", "文2"} <= bodies


@pytest.mark.parametrize("token", ["", "x", "1234", "\x00", "g" * 32])
def test_a_token_that_is_none_is_refused_with_the_text_on_the_page(token: str) -> None:
    """Nothing is sent, nothing lost."""
    made = scene(State.IN_PROGRESS)
    before = Message.objects.count()
    answer = write(browser(made.owner), made.case, "残る文", token=token)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or "残る文" in seen(answer)
    assert Message.objects.count() == before


@pytest.mark.parametrize("body", ["", "  \n", "あ" * 20_001, "a\x00b", "左\u202e右", "\ufffd"])
def test_a_body_that_cannot_be_kept_is_named_and_stays(body: str) -> None:
    """With the rest of the page around it."""
    made = scene(State.IN_PROGRESS)
    before = Message.objects.count()
    answer = write(browser(made.owner), made.case, body)
    assert answer.status_code == 200
    assert body.strip() in answer.content.decode()
    assert "表示はありましたか" in seen(answer)
    assert Message.objects.count() == before


def test_the_page_that_comes_again_after_an_error_counts_as_reading() -> None:
    """An expert cannot read past the log by sending nonsense."""
    made = scene(State.IN_PROGRESS)
    expert = browser(made.adviser)
    expert.post(at("send", made.case), {"body": ""})
    reads = AuditEvent.objects.filter(verb="consultation.read", actor_id=made.adviser.pk)
    assert reads.count() == 1


def test_nothing_is_sent_in_a_case_that_has_ended() -> None:
    """The words come back with the reason."""
    made = scene(State.IN_PROGRESS)
    firm = browser(made.owner)
    token = token_on(firm, at("detail", made.case))
    services.withdraw_consultation(made.case, by=made.owner)
    answer = write(firm, made.case, "間に合わなかった文", token=token)
    assert answer.status_code == 409
    assert "間に合わなかった文" in seen(answer)
    assert token not in seen(answer)
    assert f'href="{at("detail", made.case)}"' in answer.content.decode()
    assert "メッセージを送る" not in seen(firm.get(at("detail", made.case)))
    with pytest.raises(NotNow):
        services.send_message(made.case, "文", by=made.owner, token=uuid.uuid4())


def test_a_colleague_writes_only_where_the_case_is_shared() -> None:
    """And the expert sees who wrote."""
    made, shared = scene(State.IN_PROGRESS), scene(State.IN_PROGRESS, shared_in_firm=True)
    data = {"body": "同僚です。", "token": str(uuid.uuid4())}
    assert browser(made.colleague).post(at("send", made.case), data).status_code == 404
    assert browser(shared.colleague).post(at("send", shared.case), data).status_code == 302
    page = seen(browser(shared.adviser).get(at("detail", shared.case)))
    assert shared.colleague.name in page


def test_a_reviewer_reads_but_does_not_write() -> None:
    """Nor does the secretariat, whatever its reason."""
    made = scene(State.IN_PROGRESS)
    services.disclose(made.case, by=made.staff, reason="確認")
    for person in (made.reviewer, made.staff):
        window = browser(person)
        page = seen(window.get(at("detail", made.case)))
        assert "表示はありましたか" in page
        assert "メッセージを送る" not in page
        assert window.post(at("send", made.case), {"body": "x"}).status_code == 403


def test_a_file_goes_with_its_message_and_is_scanned() -> None:
    """Sealed under the case's key, with a job of its own."""
    made = scene(State.IN_PROGRESS)
    file = SimpleUploadedFile("見積　最終.csv", "月,件\n10,3\n".encode("cp932"))
    answer = write(browser(made.owner), made.case, "添えます。", file=file)
    assert answer.status_code == 302
    kept = Attachment.objects.get(uploaded_by=made.owner)
    assert (kept.name, kept.content_type) == ("見積 最終.csv", "text/csv")
    assert kept.data_key_id == made.case.vault_key_id
    assert kept.message.body == "添えます。"
    assert Job.objects.filter(kind="consultations.scan", subject=str(kept.pk)).count() == 1
    page = browser(made.adviser).get(at("detail", made.case)).content.decode()
    assert at("attachment", made.case, pk=kept.pk) in page
    assert "未検査" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a", b"x"),
        ("a.txt", b""),
        ("a.pdf", b"no pdf"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_a_file_that_is_not_taken_is_named_and_the_text_stays(name: str, content: bytes) -> None:
    """Neither message nor file is kept."""
    made = scene(State.IN_PROGRESS)
    before = Message.objects.count(), Attachment.objects.count()
    file = SimpleUploadedFile(name, content)
    answer = write(browser(made.owner), made.case, "残る文", file=file)
    assert answer.status_code == 200
    assert "残る文" in seen(answer)
    assert "エラー：" in seen(answer)
    assert (Message.objects.count(), Attachment.objects.count()) == before


def test_a_download_comes_to_be_saved_and_is_noted() -> None:
    """With its name, never shown in the browser, never kept by a cache."""
    made = scene(State.IN_PROGRESS)
    path = at("attachment", made.case, pk=made.attachment.pk)
    answer = browser(made.adviser).get(path)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).decode() == "日時だけの記録"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "%E8%A8%98%E9%8C%B2.txt" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    event = AuditEvent.objects.filter(verb="consultation.downloaded").get()
    assert (event.actor_id, event.related) == (made.adviser.pk, {"file": str(made.attachment.pk)})


@pytest.mark.parametrize("state", [ScanState.INFECTED, ScanState.ERROR])
def test_a_file_that_is_not_clean_is_given_to_nobody(state: ScanState) -> None:
    """Not offered, not served, and no download is noted."""
    made = scene(State.IN_PROGRESS)
    Attachment.objects.update(scan_state=state)
    path = at("attachment", made.case, pk=made.attachment.pk)
    for person in (made.owner, made.adviser):
        window = browser(person)
        assert path not in window.get(at("detail", made.case)).content.decode()
        assert window.get(path).status_code == 403
    assert not AuditEvent.objects.filter(verb="consultation.downloaded").exists()


def test_a_file_of_another_case_is_not_there() -> None:
    """Not under one's own case, not under its own: not even for one who sees both."""
    mine, theirs = scene(State.IN_PROGRESS), scene(State.IN_PROGRESS)
    window = browser(mine.owner)
    for case in (mine.case, theirs.case):
        assert window.get(at("attachment", case, pk=theirs.attachment.pk)).status_code == 404
    staff = browser(mine.staff)
    for case in (mine.case, theirs.case):
        services.disclose(case, by=mine.staff, reason="確認")
    assert staff.get(at("attachment", mine.case, pk=theirs.attachment.pk)).status_code == 404
    assert staff.get(at("attachment", mine.case, pk=uuid.uuid4())).status_code == 404
    assert staff.get(at("attachment", theirs.case, pk=theirs.attachment.pk)).status_code == 200


def test_sharing_is_its_owners_to_give_and_to_take() -> None:
    """At once, and noted."""
    made = scene(State.IN_PROGRESS)
    owner, colleague = browser(made.owner), browser(made.colleague)
    path = at("detail", made.case)
    for value, status in (("1", 200), ("0", 404), ("1", 200), ("x", 404)):
        assert owner.post(at("share", made.case), {"shared": value}).status_code == 302
        assert colleague.get(path).status_code == status
        listed = made.case.ref in seen(colleague.get(reverse("consultations:list")))
        assert listed is (status == 200)
    owner.post(at("share", made.case), {"shared": "1"})
    for name in ("share", "withdraw"):
        assert colleague.post(at(name, made.case), {"shared": "0"}).status_code == 403
    events = AuditEvent.objects.filter(verb="consultation.sharing_changed").order_by("seq")
    assert [event.related["shared"] for event in events] == [
        "True",
        "False",
        "True",
        "False",
        "True",
    ]


def test_a_closed_case_stays_readable_for_its_firm() -> None:
    """With all that was said; nothing more is offered to be done."""
    made = scene(State.ADVISED)
    firm = browser(made.owner)
    assert firm.post(at("close", made.case))["Location"] == reverse("consultations:list")
    page = seen(firm.get(at("detail", made.case)))
    assert "この相談は終わりました。" in page
    assert "表示はありましたか" in page
    assert "相談を取り下げる" not in page
    assert firm.post(at("withdraw", made.case)).status_code == 409
    assert firm.get(at("pdf", made.case)).status_code == 200
