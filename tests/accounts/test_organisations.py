"""A firm's own data: typed in any width, numbers checked with a warning, sealed, and changed by its owners."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.enums import Country, Industry, Prefecture, SizeBand
from accounts.errors import AlreadyInOrganisation
from accounts.forms import OrganisationForm, corporate_number_fits
from accounts.forms.organisations import MOST_BASES
from accounts.models import Membership, Organisation, OverseasBase, User
from common.audit.models import AuditEvent
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db
NEW, EDIT, OWN = (
    "/accounts/organisation/new/",
    "/accounts/organisation/edit/",
    "/accounts/organisation/",
)
#: Corporate numbers as the tax office gives them out: of the ministry itself, and made up.
FITS, DOES_NOT = "7000012050002", "1234567890123"
ANSWERS = {
    "name": "作例精密工業株式会社", "kana": "さくれい", "corporate_number": FITS, "prefecture": "20",
    "industry": "E", "size": "21-50", "phone": "026-123-4567",
    "bases-TOTAL_FORMS": "1", "bases-INITIAL_FORMS": "0", "bases-0-country": "", "bases-0-city": "",
    "bases-0-name": "",
}  # fmt: skip


FIRMS = ["髙﨑製作所", "𠮷野家", "葛󠄀城工業", "(株)作例 ＡＢＣ", "作例　商店", "Nguyễn & Söhne <b>"]


@pytest.fixture
def member(client: Client) -> User:
    """Somebody without a firm, signed in."""
    user = UserFactory()
    sign_in(client, user)
    return user


def send(client: Client, address: str = NEW, **answers: str) -> Any:
    """The form, sent."""
    return client.post(address, {**ANSWERS, **answers})


def the_firm() -> Organisation:
    """The one there is."""
    return Organisation.objects.select_related("vault_key").get()


# --- Registering --------------------------------------------------------------------------------


def test_a_firm_is_registered_by_its_first_owner(client: Client, member: User) -> None:
    """With what was typed, in the width that is kept."""
    answer = send(client)
    assert answer["Location"] == OWN
    firm = the_firm()
    assert (firm.name, firm.kana) == ("作例精密工業株式会社", "サクレイ")
    assert (firm.corporate_number, firm.phone) == (FITS, "0261234567")
    assert (firm.prefecture, firm.industry, firm.size) == ("20", "E", "21-50")
    membership = Membership.objects.get()
    assert (membership.user, membership.is_owner) == (member, True)
    assert AuditEvent.objects.filter(verb="accounts.organisation_registered").count() == 1
    page = client.get(OWN).content.decode()
    for shown in ("作例精密工業株式会社", "サクレイ", FITS, "長野県", "製造業", "21〜50人"):
        assert shown in page


@pytest.mark.parametrize(
    "name",
    ["髙﨑製作所", "𠮷野家", "葛󠄀城工業", "(株)作例 ＡＢＣ", "作例　商店", "Nguyễn & Söhne <b>"],
)
def test_a_firms_name_is_never_rewritten(client: Client, member: User, name: str) -> None:
    """As it stands in the register; shown as text."""
    send(client, name=name)
    assert the_firm().name == name
    page = client.get(OWN).content.decode()
    assert name.replace("&", "&amp;").replace("<b>", "&lt;b&gt;") in page


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("corporate_number", "７０００－０１２０－５０００２", FITS), ("corporate_number", f" {FITS} ", FITS),
        ("corporate_number", "7-0000-1205-0002", FITS), ("corporate_number", "", ""),
        ("kana", "ｻｸﾚｲｾｲﾐﾂ", "サクレイセイミツ"), ("kana", "さくれい ABC", "サクレイ ABC"),
        ("kana", "ゔぁいおりん", "ヴァイオリン"),
        ("phone", "０３ー１２３４ー５６７８", "0312345678"), ("phone", "+81 3 1234 5678", "+81312345678"),
        ("phone", "", ""),
    ],
)  # fmt: skip
def test_numbers_and_readings_may_be_typed_in_any_width(
    client: Client, member: User, field: str, typed: str, kept: str
) -> None:
    """Dashes and spaces do not matter."""
    send(client, **{field: typed})
    assert getattr(the_firm(), field) == kept


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "企業名を入力してください"), ("name", "あ" * 201, "200文字以内"),
        ("name", "改行\nあり", "1行で"), ("kana", "漢字", "カタカナかひらがな"),
        ("corporate_number", "123", "今は3桁"), ("corporate_number", "12345678901234", "今は14桁"),
        ("corporate_number", "123456789012x", "数字だけ"), ("corporate_number", "T7000012050002", "数字だけ"),
        ("corporate_number", "٣" * 13, "数字だけ"),
        ("prefecture", "", "都道府県を選んで"), ("prefecture", "48", "一覧から選んで"),
        ("industry", "Z", "業種を一覧から"), ("size", "1000", "一覧から選んで"), ("phone", "電話", "数字で"),
        ("phone", "12345", "市外局番から"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words_and_nothing_is_lost(
    client: Client, member: User, field: str, typed: str, said: str
) -> None:
    """At its field, in the summary, with everything still typed in."""
    page = send(client, **{field: typed}).content.decode()
    assert said in page
    assert f'href="#id_{field}"' in page
    assert not Organisation.objects.exists()
    for name in ("name", "kana", "phone"):
        kept = typed if name == field else ANSWERS[name]
        if kept and "\n" not in kept:
            assert f'value="{kept}"' in page


def test_all_that_is_wrong_is_said_at_once(client: Client, member: User) -> None:
    """Of the firm and of its bases."""
    page = send(
        client, name="", prefecture="", corporate_number="1", **{"bases-0-city": "ハノイ"}
    ).content.decode()
    assert len(re.findall(r'<a href="#id_[^"]+"', page)) == 4


def test_the_lists_are_whole() -> None:
    """47 prefectures, the 20 divisions of the classification, countries with one for the rest."""
    assert [value for value, _label in Prefecture.choices] == [f"{n:02}" for n in range(1, 48)]
    assert "".join(Industry.values) == "ABCDEFGHIJKLMNOPQRST"
    assert len(SizeBand.values) == 6
    assert {"CN", "TH", "VN", "ZZ"} <= set(Country.values)
    form = OrganisationForm()
    for name, count in (("prefecture", 48), ("industry", 21), ("size", 7)):
        assert len(form.fields[name].choices) == count  # type: ignore[attr-defined]


# --- The corporate number -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [FITS, "5835678256246", "8000012010038", "4000012090001"])
def test_check_digits_of_real_numbers_fit(number: str) -> None:
    """Of ministries and offices, as published, and of the tax office's own example."""
    assert corporate_number_fits(number)


def test_a_slip_of_one_digit_is_seen() -> None:
    """In any place; but for 0 and 9, which the rule does not tell apart."""
    for place in range(13):
        for digit in "0123456789":
            changed = FITS[:place] + digit + FITS[place + 1 :]
            same = digit == FITS[place] or {digit, FITS[place]} == {"0", "9"}
            assert corporate_number_fits(changed) is (same if place else digit == FITS[0])


def test_a_number_that_does_not_fit_is_a_warning_with_the_name_shown_back(
    client: Client, member: User
) -> None:
    """Nothing is saved yet; the way to save all the same stands beside it."""
    page = send(client, corporate_number=DOES_NOT).content.decode()
    assert not Organisation.objects.exists()
    assert "「作例精密工業株式会社」の法人番号として" in page
    assert DOES_NOT in page
    assert f'name="confirmed_number" value="{DOES_NOT}"' in page
    assert "error-summary" not in page[page.index("<main") :]


def test_the_second_submit_saves_the_number_as_it_is(client: Client, member: User) -> None:
    """The person has looked."""
    send(client, corporate_number=DOES_NOT, confirmed_number=DOES_NOT)
    assert the_firm().corporate_number == DOES_NOT


def test_another_wrong_number_is_asked_about_again(client: Client, member: User) -> None:
    """What was confirmed is one number, not all."""
    page = send(
        client, corporate_number="5234567890123", confirmed_number=DOES_NOT
    ).content.decode()
    assert "5234567890123" in page
    assert not Organisation.objects.exists()


def test_a_number_that_was_confirmed_is_not_asked_about_later(client: Client, member: User) -> None:
    """When something else is changed."""
    send(client, corporate_number=DOES_NOT, confirmed_number=DOES_NOT)
    answer = send(client, EDIT, corporate_number=DOES_NOT, name="新しい名前")
    assert answer["Location"] == OWN
    assert the_firm().name == "新しい名前"


# --- Bases abroad -------------------------------------------------------------------------------


def bases(*rows: tuple[str, str, str], ids: tuple[Any, ...] = ()) -> dict[str, str]:
    """Lines of the form."""
    answers = {"bases-TOTAL_FORMS": str(len(rows)), "bases-INITIAL_FORMS": str(len(ids))}
    for number, (country, city, name) in enumerate(rows):
        answers |= {
            f"bases-{number}-country": country, f"bases-{number}-city": city,
            f"bases-{number}-name": name,
            f"bases-{number}-id": str(ids[number]) if number < len(ids) else "",
        }  # fmt: skip
    return answers


def test_bases_abroad_are_kept_in_order(client: Client, member: User) -> None:
    """An empty line is none."""
    send(client, **bases(("VN", "ハノイ", "作例ベトナム"), ("", "", ""), ("TH", "バンコク", "")))
    kept = [(b.country, b.city, b.name) for b in OverseasBase.objects.all()]
    assert kept == [("VN", "ハノイ", "作例ベトナム"), ("TH", "バンコク", "")]
    page = client.get(OWN).content.decode()
    assert "ベトナム" in page
    assert "バンコク" in page


def test_a_base_without_a_country_is_asked_about(client: Client, member: User) -> None:
    """A city alone cannot be counted."""
    page = send(client, **bases(("", "ハノイ", ""))).content.decode()
    assert "国・地域を選んでください" in page
    assert 'value="ハノイ"' in page
    assert not Organisation.objects.exists()


def test_one_more_line_is_given_without_saving(client: Client, member: User) -> None:
    """Nothing that is typed is checked or lost."""
    page = send(
        client, name="", add_base="1", **bases(("VN", "ハノイ", "作例ベトナム"))
    ).content.decode()
    assert page.count("-country") > page.count("bases-0-country")
    assert 'value="作例ベトナム"' in page
    assert "error-summary" not in page
    assert not Organisation.objects.exists()


def test_a_base_is_changed_and_taken_away(client: Client, member: User) -> None:
    """By its own line; the row of one that stays stays the same."""
    send(client, **bases(("VN", "ハノイ", ""), ("TH", "バンコク", "")))
    first, second = OverseasBase.objects.all()
    send(client, EDIT, **bases(("VN", "ホーチミン", ""), ("", "", ""), ids=(first.pk, second.pk)))
    (kept,) = OverseasBase.objects.all()
    assert (kept.pk, kept.city) == (first.pk, "ホーチミン")


def test_a_base_of_another_firm_is_not_touched(client: Client, member: User) -> None:
    """Its number in the form makes a new line of one's own."""
    other = OrganisationFactory()
    theirs = OverseasBase.objects.create(organisation=other, country="CN", city="上海")
    send(client, **bases(("VN", "ハノイ", ""), ids=(theirs.pk,)))
    theirs.refresh_from_db()
    assert (theirs.country, theirs.organisation_id) == ("CN", other.pk)
    assert OverseasBase.objects.count() == 2


def test_the_number_of_bases_is_bounded(client: Client, member: User) -> None:
    """Thirty on a page."""
    page = send(client, **bases(*[("VN", "", "")] * (MOST_BASES + 1))).content.decode()
    assert not Organisation.objects.exists()
    assert "30" in page


@pytest.mark.parametrize(
    "broken",
    [{"bases-TOTAL_FORMS": "x"}, {"bases-TOTAL_FORMS": "-1"}, {"bases-TOTAL_FORMS": "999999999"},
     {"bases-INITIAL_FORMS": "9"}, {"bases-0-id": "x"}, {"bases-0-country": "??"}, {"bases-0-id": "\u202e"}],
)  # fmt: skip
def test_a_form_that_was_tampered_with_is_no_error_of_ours(
    client: Client, member: User, broken: dict[str, str]
) -> None:
    """Whatever its hidden fields say."""
    assert send(client, **broken).status_code in (200, 302)


def test_a_form_without_its_hidden_fields_is_no_error_of_ours(client: Client, member: User) -> None:
    """A program that sends half of it."""
    answers = {name: value for name, value in ANSWERS.items() if not name.startswith("bases")}
    assert client.post(NEW, answers).status_code == 200
    assert not Organisation.objects.exists()


# --- Who and what -------------------------------------------------------------------------------


def test_what_identifies_a_firm_is_sealed(client: Client, member: User) -> None:
    """What statistics count stays clear: a look into the tables."""
    send(client, **bases(("VN", "ハノイ", "作例ベトナム")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(row_to_json(o)::text, '') FROM accounts_organisation o"
            " UNION ALL SELECT string_agg(row_to_json(b)::text, '') FROM accounts_overseasbase b"
        )
        text = "".join(row[0] for row in cursor.fetchall())
    for secret in ("作例", "サクレイ", FITS, "0261234567", "ハノイ"):
        assert secret not in text
        assert secret.encode().hex() not in text
    assert '"prefecture":"20"' in text
    assert '"country":"VN"' in text


def test_nobody_registers_a_second_firm(client: Client, member: User) -> None:
    """Neither by the page nor by two clicks at once."""
    send(client)
    assert send(client, name="もう一つ")["Location"] == OWN
    assert client.get(NEW)["Location"] == OWN
    assert Organisation.objects.count() == 1
    details = services.OrganisationDetails(name="x", prefecture="01", industry="A", size="1-5")
    with pytest.raises(AlreadyInOrganisation):
        services.register_organisation(details, actor=member)
    assert Organisation.objects.count() == 1


def test_what_the_form_does_not_ask_for_is_not_taken(client: Client, member: User) -> None:
    """Neither owner nor number nor date."""
    other = OrganisationFactory()
    send(
        client,
        id=str(other.pk),
        vault_key="1",
        created_at="2001-01-01",
        is_owner="0",
        user="1",
        role="staff",
    )
    assert Organisation.objects.count() == 2
    member.refresh_from_db()
    assert member.membership is not None
    assert member.membership.is_owner
    assert member.role == "member"


def test_only_an_owner_changes_the_firm(client: Client) -> None:
    """A member reads; another firm and the portal's people do neither on this page."""
    firm = OrganisationFactory(name="作例製作所")
    owner = MembershipFactory(organisation=firm, is_owner=True).user
    clerk = MembershipFactory(organisation=firm).user
    stranger = MembershipFactory(is_owner=True).user
    for user, read, change in ((owner, True, 200), (clerk, True, 403), (stranger, False, 200)):
        sign_in(client, user)
        assert ("作例製作所" in client.get(OWN).content.decode()) is read
        assert client.get(EDIT).status_code == change
    sign_in(client, clerk)
    assert send(client, EDIT, name="乗っ取り").status_code == 403
    assert the_named(firm) == "作例製作所"
    sign_in(client, stranger)
    send(client, EDIT, name="自社だけ")
    assert the_named(firm) == "作例製作所"


def the_named(firm: Organisation) -> str:
    """The firm's name as it stands."""
    return str(Organisation.objects.select_related("vault_key").get(pk=firm.pk).name)


@pytest.mark.parametrize("role", ["expert", "staff", "editor", "partner", "auditor"])
def test_professionals_have_no_firm(client: Client, role: str) -> None:
    """The secretariat reads firms elsewhere."""
    sign_in(client, UserFactory(**{role: True}))
    for address in (NEW, OWN):
        assert client.get(address).status_code == 403
    assert send(client).status_code == 403
    assert reverse("accounts:edit_organisation") == EDIT
