"""Home, first hour, help, search, start pages, and pages of a demonstration."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from common import mail, search
from common.mail import Mail
from common.search import Entry, SearchSource
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.consultations.factories import draft_of, file_case, scene

pytestmark = pytest.mark.django_db
PUBLIC = ["portal:home", "portal:urgent", "portal:help", "portal:search", "account_login"]
STARTS = {
    "member": "portal:my", "expert": "portal:expert", "staff": "portal:staff",
    "editor": "portal:staff", "partner": "portal:partner", "auditor": "portal:audit",
}  # fmt: skip


def text_of(answer: Any) -> str:
    """A page as it was sent."""
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", PUBLIC)
def test_a_visitor_reads_the_public_pages_without_an_account(
    client: Client, name: str, language: str
) -> None:
    """In both languages, with one heading, and with a way to leave at once."""
    with override(language):
        page = text_of(client.get(reverse(name)))
    assert f'<html lang="{language}">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert "data-quick-exit" in page


@pytest.mark.parametrize(
    "path", ["/", "/urgent/", "/search/?q=%E5%9B%B3&page=2", "/nothing/", "/accounts/signup/"]
)
def test_the_other_language_is_the_same_page(client: Client, path: str) -> None:
    """With the question mark's part; where there is no page, the home page."""
    answer = client.get(path)
    link = re.search(r'<a href="([^"]+)" lang="en"', answer.content.decode())
    assert link
    there = link.group(1).replace("&amp;", "&")
    other = client.get(there)
    assert other.status_code == 200
    back = re.search(r'<a href="([^"]+)" lang="ja"', other.content.decode())
    assert back
    if path == "/nothing/":
        assert there == "/en/"
        return
    assert there.partition("?")[2].count("=") == path.count("=")
    assert back.group(1).replace("&amp;", "&") == path


def test_the_first_hour_is_two_clicks_from_anywhere(client: Client) -> None:
    """And needs no account: whoever has a leak cannot wait."""
    for path in ("/", "/help/", "/nothing/", "/accounts/login/"):
        assert 'href="/urgent/"' in client.get(path).content.decode()


@pytest.mark.parametrize("role", STARTS)
def test_each_role_starts_on_its_own_page(client: Client, role: str) -> None:
    """And is refused on the others'."""
    sign_in(client, UserFactory(**{role: True}))
    answer = client.get(reverse("portal:start"))
    assert answer["Location"] == reverse(STARTS[role])
    assert client.get(answer["Location"]).status_code == 200
    for other in set(STARTS.values()) - {STARTS[role]}:
        assert client.get(reverse(other)).status_code == 403


def test_a_visitor_has_no_start_page(client: Client) -> None:
    """But is led to sign in, and back."""
    for name in {"portal:start", *STARTS.values()}:
        answer = client.get(reverse(name))
        assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


def test_a_firms_page_shows_its_cases_and_drafts(client: Client) -> None:
    """Its own only."""
    member = MembershipFactory().user
    case = file_case(member, title="図面の件")
    draft_of(member, title="書きかけの件")
    file_case(MembershipFactory().user, title="別の企業の件")
    page = text_of(sign_in(client, member).get(reverse("portal:my")))
    assert case.ref in page
    assert "図面の件" in page
    assert "書きかけの件" in page
    assert "別の企業の件" not in page


def test_the_secretariats_page_shows_new_cases_without_content(client: Client) -> None:
    """Number and state; no title before a reason is given."""
    case = file_case(MembershipFactory().user, title="極秘の件名")
    page = text_of(sign_in(client, UserFactory(staff=True)).get(reverse("portal:staff")))
    assert case.ref in page
    assert "極秘の件名" not in page


def test_an_experts_page_shows_own_work(client: Client) -> None:
    """And nobody else's."""
    made, other = scene(), scene()
    page = text_of(sign_in(client, made.adviser).get(reverse("portal:expert")))
    assert made.case.ref in page
    assert other.case.ref not in page


@pytest.mark.parametrize("role", [role for role in STARTS if role != "auditor"])
def test_a_start_page_with_nothing_on_it_says_so(client: Client, role: str) -> None:
    """Or leads on; never an empty page."""
    page = text_of(sign_in(client, UserFactory(**{role: True})).get(reverse(STARTS[role])))
    main = page[page.index("<main") : page.index("</main>")]
    assert len(re.sub(r"<[^>]+>|\s", "", main)) > 10


# --- Search -------------------------------------------------------------------------------------


@pytest.fixture
def content(monkeypatch: Any) -> None:
    """Forty-five public pages, indexed."""
    pages = [
        Entry(f"p{n:02}", f"秘密の管理 {n}", "図面の漏えい。", f"/urgent/?n={n}") for n in range(45)
    ]
    monkeypatch.setattr(search.sources, "_entries", {})
    search.register(SearchSource("tests", "試験のページ", lambda: pages))
    search.reindex("tests")


def test_the_search_finds_public_pages(client: Client, content: None) -> None:
    """With the number of all, where each comes from, and the word marked as it is written."""
    page = text_of(client.get("/search/", {"q": "漏洩"}))
    assert "45件" in page
    assert "<mark>漏えい</mark>" in page
    assert "試験のページ" in page
    addresses = re.findall(r'<h2><a href="([^"]+)"', page)
    assert len(addresses) == 20
    assert client.get(addresses[0]).status_code == 200


def test_a_question_that_finds_nothing_leads_on(client: Client, content: None) -> None:
    """To other words, or to asking a person."""
    page = text_of(client.get("/search/", {"q": "存在しない言葉の連なり"}))
    assert "0件" in page
    assert reverse("consultations:new") in page


@pytest.mark.parametrize(
    "query",
    [{"q": "図面", "page": page} for page in ("-1", "0", "abc", "999999999", "1e309", "２", "", "٣")]
    + [{"q": q} for q in ("a" * 101, "\u202e", "\ufffe", "<script>", "{{7*7}}", "%", "' & |")]
    + [{}, {"nonsense": "1"}, {"q": ["a", "b"]}, {"page": "3"}],
)  # fmt: skip
def test_no_question_breaks_the_search(client: Client, query: dict[str, Any]) -> None:
    """What is typed stays in the field, as text."""
    page = text_of(client.get("/search/", query))
    assert "<script>alert" not in page
    if query.get("q") == "<script>":
        assert "&lt;script&gt;" in page
    if query.get("q") == "a" * 101:
        assert "a" * 101 in page


def test_a_long_list_is_shown_in_pages(client: Client, content: None) -> None:
    """The way on keeps the question."""
    page = text_of(client.get("/search/", {"q": "秘密"}))
    link = re.search(r'href="(\?[^"]+)" rel="next"', page)
    assert link
    following = text_of(client.get("/search/" + link.group(1).replace("&amp;", "&")))
    first = re.findall(r'<h2><a href="([^"]+)"', page)
    second = re.findall(r'<h2><a href="([^"]+)"', following)
    assert len(first) == 20
    assert second
    assert not set(first) & set(second)


def test_a_case_is_found_by_nobody(client: Client) -> None:
    """The search knows public pages alone, whoever asks."""
    made = scene(title="唯一無二の件名", situation="唯一無二の状況", wish="唯一無二の望み")
    for name in search.sources.names():
        search.reindex(name)
    for person in (None, made.owner, made.adviser, made.staff):
        if person is not None:
            sign_in(client, person)
        page = text_of(client.get("/search/", {"q": "唯一無二"}))
        assert "0件" in page


# --- A demonstration's pages --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["portal:dev-mail", "portal:dev-gallery"])
def test_pages_of_a_demonstration_are_nowhere_else(
    client: Client, settings: Any, name: str
) -> None:
    """Not even for the secretariat; nor does any page link to them."""
    settings.PORTAL_DEMO = False
    assert client.get(reverse(name)).status_code == 404
    sign_in(client, UserFactory(staff=True))
    assert client.get(reverse(name)).status_code == 404
    assert "/dev/" not in text_of(client.get("/"))
    settings.PORTAL_DEMO = True
    assert client.get(reverse(name)).status_code == 200
    assert reverse("portal:dev-mail") in text_of(client.get("/"))


def test_a_demonstration_shows_its_mails(client: Client, settings: Any) -> None:
    """As they would have been sent, the newest first, links to click."""
    settings.PORTAL_DEMO = True
    for number in range(55):
        mail.send(
            "accounts.invited", recipient=f"p{number}@example.com", key=str(number), url="/my/"
        )
    page = text_of(client.get(reverse("portal:dev-mail")))
    assert len(re.findall(r"p[0-9]+@example\.com", page)) == 50
    assert page.index("p54@") < page.index("p53@")
    assert f'href="{settings.PORTAL_ORIGIN}/my/"' in page
    assert Mail.objects.count() == 55


def test_a_demonstration_says_that_it_is_one(client: Client, settings: Any) -> None:
    """On every page, so that nobody writes a real secret."""
    settings.PORTAL_DEMO = True
    for path in ("/", "/en/", "/accounts/signup/", "/nothing/"):
        assert "demo-bar" in client.get(path).content.decode()
