"""Whatever the pages need: cases in every state, an invitation, a registration, second factors."""

import re
import secrets

from playwright.sync_api import Browser, Page

from tests.browser.authenticator import add_authenticator
from tools.browser import Page as Answer
from tools.browser import Person, totp
from tools.demo import Job, accounts

People = dict[str, Person]
Kept = list[dict[str, str]]
#: Of those who sign up here.
PASSWORD = "Asa-Hibari-6042"


def made(base: str, people: People) -> dict[str, str]:
    """The paths that stand in the page table's braces."""
    return _cases(base, people) | _visitors(base, people) | _editors(people)


def _cases(base: str, people: People) -> dict[str, str]:
    """Cases of `sme`, in the states in which they show something else."""
    found = {}
    for name, steps in {
        "waiting": (), "triaged": (_triage,), "offered": (_triage, _offer),
        "talking": (Job.hand_out, Job.talk), "reviewed": (Job.hand_out, _submit),
        "finished": (Job.hand_out, Job.talk, Job.advise, Job.fetch_bytes),
    }.items():  # fmt: skip
        job = Job(base, "", people=people)
        job.file()
        for step in steps:
            step(job)
        found[name] = job.case
    files = re.search(r'href="([^"]+/files/[^"]+)"', people["sme"].get(found["finished"]).text)
    draft = people["sme"].post("/consultations/new/", {}).url.rsplit("/", 2)[0]
    assert files
    return found | {"attachment": files.group(1), "draft": _path(draft) + "/"}


def _triage(job: Job) -> None:
    job.send("staff", f"{job.case}triage/", {"category": "leak", "urgency": "now"})


def _offer(job: Job) -> None:
    page = job.people["staff"].get(f"{job.case}assign/")
    chosen = {"duty": "adviser", "expert": page.option("専門 太郎")}
    job.send("staff", f"{job.case}assign/", chosen, page=page)


def _submit(job: Job) -> None:
    path = f"{job.case}advice/"
    page = job.people["expert"].get(path)
    texts = {"version": page.hidden("version")} | {
        "summary": "記録を残す。",
        "measures": "写しを取る。",
    }
    job.send("expert", path, texts, page=page)
    job.send("expert", f"{path}submit/", {}, page=job.people["expert"].get(path))


def _visitors(base: str, people: People) -> dict[str, str]:
    """What a visitor's pages need, and a link of the firm's."""
    visitor = Person(base, "", "")
    booked = visitor.post(
        "/seminars/1/register/", {"name": "作例 三郎", "email": "saburo@mail.example", "firm": ""}
    )
    people["sme"].post("/accounts/members/invite/", {"email": "guest@mail.example"})
    members = people["sme"].get("/accounts/members/")
    guideline = visitor.get("/guidelines/sme-guideline/")
    asked = visitor.get("/guidelines/sme-guideline/editions/1/pdf/")
    if "/documents/" not in asked.url:
        asked = visitor.post("/guidelines/sme-guideline/editions/1/pdf/", {}, page=asked)
    return {
        "registration": _path(booked.url),
        "invitation": mailed(visitor, r"/accounts/invitations/accept/[^/]+/"),
        "leak_case": _first(visitor.get("/cases/"), r"/cases/[0-9a-f-]{36}/"),
        "colleague": re.findall(r"(/accounts/members/\d+/)remove/", members.text)[-1],
        "section": _first(guideline, r"/s/[a-z0-9-]+/"),
        "document": _path(asked.url),
        "template": _first(visitor.get("/guidelines/templates/"), r"/guidelines/templates/[^/\"]+/\d+/"),
    }  # fmt: skip


def _editors(people: People) -> dict[str, str]:
    """A draft edition and one of its sections."""
    desk = people["editor"].get("/guidelines/desk/")
    begin = _first(desk, r"/guidelines/desk/begin/\d+/")
    draft = people["editor"].post(begin, {"kind": "regular"}, page=desk)
    section = re.search(r"/guidelines/desk/\d+/sections/[a-z0-9-]+/", draft.text)
    assert section, draft.url
    return {"edition": _path(draft.url), "edition_section": section.group()}


def newcomer(base: str, password: str = PASSWORD) -> Person:
    """Somebody who has just signed up and has no firm yet."""
    email = f"newcomer-{secrets.token_hex(4)}@mail.example"
    person = Person(base, email, password)
    particulars = {"name": "新見 来", "email": email}
    passwords = {"password1": password, "password2": password}
    person.post("/accounts/signup/", particulars | passwords)
    person.post(mailed(person, r"/accounts/confirm-email/[^/\s<\"]+/"), {})
    person.sign_in()
    return person


def mailed(person: Person, pattern: str) -> str:
    """The path of the newest mailed link that looks like this."""
    return _first(person.get("/dev/mail/"), pattern)


def _first(page: Answer, pattern: str) -> str:
    found = re.search(pattern, page.text)
    assert found, f"{page.url} ({page.status}) has no {pattern}"
    return found.group()


def _path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def cookies_of(person: Person) -> Kept:
    """What makes a browser this person's."""
    return [
        {"name": cookie.name, "value": cookie.value or "", "url": person.base}
        for cookie in person.jar
    ]


def proved(page: Page, who: str) -> None:
    """Give the password where the portal asks for it once more."""
    if "/reauthenticate/" in page.url:
        onward = page.url.partition("next=")[2]
        page.goto(f"/accounts/reauthenticate/?next={onward}")
        page.get_by_label("パスワード").fill(accounts().get(who, (PASSWORD, ""))[0])
        page.get_by_role("button", name="確認する").click()


def equip(browser: Browser, base: str) -> tuple[str, Kept]:
    """Somebody with an authenticator app, recovery codes and a passkey; its path, and cookies."""
    context = browser.new_context(locale="ja-JP", base_url=base)
    context.add_cookies(cookies_of(newcomer(base)))  # type: ignore[arg-type]
    page = context.new_page()
    add_authenticator(page)
    page.goto("/accounts/2fa/totp/activate/")
    proved(page, "")
    page.get_by_label("コード").fill(totp(page.locator(".secret").inner_text().strip()))
    page.get_by_role("button", name="設定する").click()
    page.goto("/accounts/2fa/webauthn/add/")
    proved(page, "")
    page.get_by_role("button", name="加える").click()
    page.get_by_text("パスキーを加えました。").wait_for()
    page.goto("/accounts/2fa/webauthn/")
    link = page.get_by_role("link", name="名前を変える").get_attribute("href") or ""
    kept = [
        {"name": cookie["name"], "value": cookie["value"], "url": base}
        for cookie in context.cookies()
    ]
    context.close()
    return link.removesuffix("edit/"), kept
