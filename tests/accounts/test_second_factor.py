"""The second factor: no professional gets past without, codes are taken once, seeds lie sealed."""

import base64
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.middleware import ALWAYS, PROOF, SETUP
from common.audit.models import AuditEvent
from common.policy import PROFESSIONALS
from tests.accounts.browsing import is_signed_in, log_in, log_in_with_code, mails
from tests.accounts.factories import SEED, UserFactory, add_totp, code_now, sign_in
from tests.accounts.paths import paths

pytestmark = pytest.mark.django_db
ROLES = sorted(role.value for role in PROFESSIONALS)


# --- Nobody gets past ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_professional_without_a_second_factor_is_led_to_set_one_up(
    client: Client, role: str
) -> None:
    """Every address of the portal, but those that it takes to do so."""
    client.force_login(UserFactory(**{role: True}, second_factor=False))
    open_ones = set()
    for name, path in paths().items():
        answer = client.get(path)
        if answer.status_code == 302 and answer["Location"] == reverse("mfa_index"):
            continue
        open_ones.add(name)
    assert open_ones <= ALWAYS | SETUP | {"healthz"} | {"mfa_index"}


def test_with_one_set_up_a_password_alone_is_led_to_prove_it(client: Client) -> None:
    """A session from before the second factor was there, say."""
    client.force_login(UserFactory(expert=True))
    page = reverse("mfa_reauthenticate")
    for name, path in paths().items():
        answer = client.get(path)
        if name in ALWAYS | PROOF | {"healthz"}:
            continue
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(f"{page}?next="), name
    answer = client.get("/expert/?a=1")
    code = client.post(answer["Location"], {"code": code_now()})
    assert code["Location"] == "/expert/?a=1"
    assert client.get("/expert/").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "head"])
def test_no_other_method_gets_past(client: Client, method: str) -> None:
    """Whatever is sent, it is not done."""
    client.force_login(UserFactory(staff=True, second_factor=False))
    address = reverse("accounts:invite_professional")
    answer = getattr(client, method)(address, {"email": "a@example.com", "role": "staff"})
    assert answer["Location"] == reverse("mfa_index")
    assert mails() == []


def test_a_member_may_do_without(client: Client) -> None:
    """Firms are asked, not forced."""
    user = UserFactory()
    log_in(client, user.email)
    assert is_signed_in(client)


def test_a_member_who_has_one_needs_it(client: Client) -> None:
    """At every sign-in."""
    user = UserFactory(second_factor=True)
    answer = log_in(client, user.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


# --- Codes --------------------------------------------------------------------------------------


def test_a_password_alone_is_half_a_sign_in(client: Client) -> None:
    """The code makes it whole; a wrong one does not."""
    user = UserFactory(expert=True)
    answer = log_in(client, user.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    for wrong in ("000000", "", "12345", "abcdef", "９９９９９９９"):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
        assert not is_signed_in(client)
    assert AuditEvent.objects.filter(verb="accounts.second_factor_failed").exists()


@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda c: f"{c[:3]} {c[3:]}",
        lambda c: f"{c[:3]}-{c[3:]}",
        lambda c: c.translate({48 + n: 0xFF10 + n for n in range(10)}),
    ],
)
def test_a_code_may_be_typed_as_keyboards_leave_it(client: Client, form: Any) -> None:
    """With a space, a dash, in full width."""
    user = UserFactory(expert=True)
    log_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": form(code_now())})
    assert is_signed_in(client)


def test_clocks_may_differ_by_half_a_minute(client: Client) -> None:
    """No more."""
    user = UserFactory(expert=True)
    for steps, works in ((2, False), (-2, False), (1, True)):
        log_in_with_code(client, user.email, steps)
        assert is_signed_in(client) is works


@pytest.mark.parametrize("later", [1, 20, 31, 45, 59])
def test_a_code_is_taken_once(later: int) -> None:
    """For as long as it would be taken at all: whoever saw it typed cannot use it."""
    user = UserFactory(expert=True)
    start = (int(time.time()) // 30) * 30
    with time_machine.travel(start, tick=False) as clock:
        code = code_now()
        first, second = Client(), Client()
        log_in(first, user.email)
        first.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(first)
        clock.shift(later)
        log_in(second, user.email)
        second.post(reverse("mfa_authenticate"), {"code": code})
        assert not is_signed_in(second)


def test_guessing_codes_is_stopped(client: Client) -> None:
    """After five, the right one is not tried either."""
    user = UserFactory(expert=True)
    log_in(client, user.email)
    for number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert not is_signed_in(client)
    assert answer.status_code in (200, 429)


def test_the_second_step_belongs_to_the_first(client: Client) -> None:
    """Nobody gets to it by its address."""
    answer = client.get(reverse("mfa_authenticate"))
    assert answer["Location"] == reverse("account_login")
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert answer["Location"] == reverse("account_login")


# --- Setting up ---------------------------------------------------------------------------------


def secret_on(page: str) -> str:
    """The seed that a page shows once, to be typed into an application."""
    found = re.search(r'<span class="secret">([A-Z2-7]{32})</span>', page)
    assert found
    return found.group(1)


def set_up(client: Client) -> str:
    """Set up an application on its page; gives the seed."""
    address = reverse("mfa_activate_totp")
    seed = secret_on(client.get(address).content.decode())
    answer = client.post(address, {"code": code_now(seed)})
    assert answer.status_code == 302
    return seed


def rows(table: str) -> str:
    """Everything that a table of the database holds, as a thief would read it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
        return str(cursor.fetchone()[0] or "")


@pytest.mark.django_db(transaction=True)
def test_an_application_is_set_up_with_its_first_code(client: Client) -> None:
    """Then the portal opens; the person is told by mail."""
    user = UserFactory(expert=True, second_factor=False)
    log_in(client, user.email)
    set_up(client)
    assert client.get("/expert/").status_code == 200
    assert ("accounts.second_factor_changed", user.email) in mails()
    event = AuditEvent.objects.get(verb="accounts.second_factor_added")
    assert event.related == {"type": "totp"}


def test_a_wrong_first_code_sets_up_nothing(client: Client) -> None:
    """The same seed stays on the page, so that the application need not be set up again."""
    log_in(client, UserFactory(expert=True, second_factor=False).email)
    address = reverse("mfa_activate_totp")
    seed = secret_on(client.get(address).content.decode())
    page = client.post(address, {"code": "000000"}).content.decode()
    assert secret_on(page) == seed
    assert not Authenticator.objects.exists()
    assert client.post(address, {"code": code_now(seed)}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_no_seed_is_readable_in_the_database(client: Client) -> None:
    """Neither while it is set up, nor after, nor that of the recovery codes, nor those codes."""
    log_in(client, UserFactory(expert=True, second_factor=False).email)
    address = reverse("mfa_activate_totp")
    seed = secret_on(client.get(address).content.decode())

    def nowhere(*secrets: str) -> None:
        sessions = rows("django_session")
        unpacked = "".join(str(s) for s in _sessions())
        for secret in secrets:
            for text in (sessions, unpacked, rows("mfa_authenticator"), rows("common_cache")):
                assert secret not in text
                assert base64.b64encode(secret.encode()).decode() not in text

    nowhere(seed)
    client.post(address, {"code": code_now(seed)})
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<li>([0-9]{8})</li>", page)
    assert len(codes) == 10
    nowhere(seed, *codes)
    kinds = {row.type: row.data for row in Authenticator.objects.all()}
    assert set(kinds) == {"totp", "recovery_codes"}
    assert len(base64.b64decode(kinds["totp"]["secret"])) > 40
    assert not re.fullmatch("[0-9a-f]{80}", kinds["recovery_codes"]["seed"])


def _sessions() -> Iterator[dict[str, Any]]:
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        yield session.get_decoded()


def test_a_seed_that_was_tampered_with_in_the_session_is_made_anew(client: Client) -> None:
    """Nobody's own seed can be slipped in."""
    user = UserFactory(expert=True, second_factor=False)
    log_in(client, user.email)
    client.get(reverse("mfa_activate_totp"))
    session = client.session
    session["mfa.totp.secret"] = SEED
    session.save()
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_now(SEED)})
    assert answer.status_code == 200
    assert secret_on(answer.content.decode()) != SEED
    assert not Authenticator.objects.exists()


def test_a_seed_moved_to_another_account_opens_nothing(client: Client) -> None:
    """A sealed seed is bound to its owner: swapping rows in the database helps nobody."""
    thief, victim = UserFactory(expert=True), UserFactory(expert=True, second_factor=False)
    add_totp(victim, "KRSXG5CTMVRXEZLUKN2XAZLSKRSXG5CT")
    stolen = Authenticator.objects.get(user=thief).data
    Authenticator.objects.filter(user=victim).update(data=stolen)
    log_in_with_code(client, victim.email)
    assert not is_signed_in(client)


@pytest.mark.parametrize("secret", ["", "not base64!", "AAAA", SEED])
def test_a_seed_that_was_altered_opens_nothing_and_breaks_nothing(
    client: Client, secret: str
) -> None:
    """One in clear neither."""
    user = UserFactory(expert=True)
    Authenticator.objects.filter(user=user).update(data={"secret": secret})
    answer = log_in_with_code(client, user.email)
    assert answer.status_code == 200
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_ends_sessions_elsewhere(client: Client) -> None:
    """They have not proved it."""
    user = UserFactory()
    other = Client()
    log_in(other, user.email)
    log_in(client, user.email)
    set_up(client)
    assert is_signed_in(client)
    assert not is_signed_in(other)


# --- Recovery codes -----------------------------------------------------------------------------


def recovery_codes(client: Client) -> list[str]:
    """Made and shown."""
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"<li>([0-9]{8})</li>", page)


def test_a_recovery_code_opens_once(client: Client) -> None:
    """When the telephone is lost."""
    user = UserFactory(expert=True)
    sign_in(client, user)
    code, *_rest = recovery_codes(client)
    for device, works in ((Client(), True), (Client(), False)):
        log_in(device, user.email)
        device.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(device) is works


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_shown_once(client: Client) -> None:
    """Then only their number; new ones make the old ones void, and the person is told."""
    user = UserFactory(expert=True)
    sign_in(client, user)
    old = recovery_codes(client)
    assert len(set(old)) == 10
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in page for code in old)
    new = recovery_codes(client)
    assert not set(old) & set(new)
    device = Client()
    log_in(device, user.email)
    device.post(reverse("mfa_authenticate"), {"code": old[0]})
    assert not is_signed_in(device)
    assert ("accounts.second_factor_changed", user.email) in mails()
    assert AuditEvent.objects.filter(verb="accounts.recovery_codes_renewed").exists()


# --- Taking away --------------------------------------------------------------------------------


def test_a_professional_keeps_the_last_second_factor(client: Client) -> None:
    """Recovery codes are none."""
    user = UserFactory(expert=True)
    sign_in(client, user)
    recovery_codes(client)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert "二段階認証が必要" in answer.content.decode()


def test_a_member_may_take_it_away_again(client: Client) -> None:
    """With a fresh proof, and told by mail."""
    user = UserFactory(second_factor=True)
    sign_in(client, user)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()
    assert ("accounts.second_factor_changed", user.email) in mails()
    assert AuditEvent.objects.filter(verb="accounts.second_factor_removed").exists()


@pytest.mark.parametrize(
    "name",
    ["mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"],
)
def test_a_session_left_open_changes_no_second_factor(client: Client, name: str) -> None:
    """The password or a code is asked for once more."""
    user = UserFactory(second_factor=name != "mfa_activate_totp")
    if name == "mfa_activate_totp":
        client.force_login(user)
    else:
        sign_in(client, user, recently=False)
    answer = client.post(reverse(name), {"code": "000000"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
