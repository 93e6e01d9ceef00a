"""Passkeys: registered and used with an authenticator made of software; what is not right is refused."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from common.audit.models import AuditEvent
from tests.accounts.browsing import is_signed_in, log_in, mails
from tests.accounts.device import (
    Device,
    add_passkey,
    log_in_with_passkey,
    options_of,
    passkey_options,
)
from tests.accounts.factories import UserFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(client: Client) -> Device:
    """A telephone with the passkey of a professional, who signs in with nothing else."""
    user = UserFactory(email="expert@example.com", expert=True, second_factor=False)
    log_in(client, user.email)
    made = Device()
    answer = add_passkey(client, made, passwordless="on")
    assert answer.status_code == 302
    return made


def test_a_passkey_is_the_second_factor_of_a_professional(client: Client, device: Device) -> None:
    """Set up, the portal opens; told by mail, noted, and kept under a fixed word."""
    assert client.get("/expert/").status_code == 200
    assert ("accounts.second_factor_changed", "expert@example.com") in mails()
    event = AuditEvent.objects.get(verb="accounts.second_factor_added")
    assert event.related == {"type": "webauthn"}
    assert Authenticator.objects.get(type="webauthn").data["name"] == "phone"


def test_a_passkey_signs_in_without_a_password(device: Device) -> None:
    """And is a second factor at once."""
    fresh = Client()
    answer = log_in_with_passkey(fresh, device)
    assert answer["Location"] == reverse("portal:start")
    assert fresh.get("/expert/").status_code == 200
    event = AuditEvent.objects.filter(verb="accounts.signed_in").latest("seq")
    assert event.related == {"by": "webauthn"}


def test_a_lock_out_does_not_lock_out_a_passkey(device: Device) -> None:
    """Whoever tries wrong passwords keeps nobody from their work."""
    for _ in range(7):
        log_in(Client(), "expert@example.com", "wrong-password")
    fresh = Client()
    log_in(fresh, "expert@example.com")
    assert not is_signed_in(fresh)
    log_in_with_passkey(fresh, device)
    assert is_signed_in(fresh)


def test_a_passkey_is_the_second_step_after_a_password(device: Device) -> None:
    """On the page of the second step."""
    fresh = Client()
    log_in(fresh, "expert@example.com")
    page = fresh.get(reverse("mfa_authenticate")).content.decode()
    credential = device.sign(options_of(page))
    fresh.post(reverse("mfa_authenticate"), {"credential": credential})
    assert is_signed_in(fresh)


def test_a_passkey_proves_once_more_who_is_there(client: Client, device: Device) -> None:
    """Before what is delicate."""
    user = Authenticator.objects.get(type="webauthn").user
    sign_in(client, user, recently=False)
    asked = client.get(reverse("mfa_generate_recovery_codes"))
    assert asked.status_code == 302
    page = client.get(reverse("mfa_reauthenticate_webauthn")).content.decode()
    credential = device.sign(options_of(page))
    client.post(
        reverse("mfa_reauthenticate_webauthn"),
        {"credential": credential, "next": reverse("mfa_generate_recovery_codes")},
    )
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200


def test_an_answer_is_good_once(device: Device) -> None:
    """Overheard, it opens nothing: each page asks another question."""
    fresh = Client()
    credential = device.sign(passkey_options(fresh))
    fresh.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert is_signed_in(fresh)
    thief = Client()
    thief.post(reverse("mfa_login_webauthn"), {"credential": credential})
    passkey_options(thief)
    thief.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert not is_signed_in(thief)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://portal.example", "https://portal.example.evil.example",
     "https://evilportal.example", "null"],
)  # fmt: skip
def test_an_answer_to_another_site_is_refused(
    client: Client, device: Device, settings: Any, origin: str
) -> None:
    """As production is set: a false page cannot pass on what it got."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    settings.ALLOWED_HOSTS = ["portal.example"]
    device.rp_id = "portal.example"
    fresh = Client(SERVER_NAME="portal.example")
    answer = log_in_with_passkey(fresh, device, origin=origin)
    assert answer["Location"] == reverse("account_login")
    assert not is_signed_in(fresh)


def test_an_answer_for_another_site_is_refused(device: Device) -> None:
    """By the site's name that the device has signed."""
    fresh = Client()
    options = passkey_options(fresh)
    device.rp_id = "evil.example"
    options["publicKey"]["rpId"] = "evil.example"
    fresh.post(reverse("mfa_login_webauthn"), {"credential": device.sign(options)})
    assert not is_signed_in(fresh)


def test_another_devices_answer_is_refused(device: Device) -> None:
    """With a key of its own, for the same person."""
    other = Device()
    other.rp_id, other.user_handle = device.rp_id, device.user_handle
    other.credential_id = device.credential_id
    fresh = Client()
    log_in_with_passkey(fresh, other)
    assert not is_signed_in(fresh)


def test_signing_in_without_a_password_needs_a_person_at_the_device(device: Device) -> None:
    """A key that anybody may press is not enough."""
    device.verifies = False
    fresh = Client()
    log_in_with_passkey(fresh, device)
    assert not is_signed_in(fresh)


def test_a_key_without_a_fingerprint_is_no_way_in_by_itself(client: Client) -> None:
    """It can be a second factor, but not be registered to sign in without a password."""
    log_in(client, UserFactory(expert=True, second_factor=False).email)
    answer = add_passkey(client, Device(verifies=False), passwordless="on")
    assert answer.status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()
    add_passkey(client, Device(verifies=False))
    assert Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize(
    "credential",
    ["", "x", "{}", "[]", "null", "1", '"text"', '{"id": "x"}', '{"response": {}}', "{" * 500,
     '{"response": {"userHandle": "!!!"}}', '{"response": {"userHandle": null}}', '{"response": []}',
     json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
         "clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}),
     '{"response": {"userHandle": "' + "A" * 10_000 + '"}}', "\x00"],
    ids=lambda c: ascii(c[:30]),
)  # fmt: skip
@pytest.mark.parametrize("known", [False, True])
def test_nonsense_is_refused_plainly(credential: str, known: bool) -> None:
    """Never an error of ours, whether or not the page was opened before."""
    fresh = Client()
    if known:
        passkey_options(fresh)
    answer = fresh.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code in (302, 400)
    assert not is_signed_in(fresh)


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", "[]", "null", '{"response": {}}', '{"id": "x"}']
)
@pytest.mark.parametrize(
    "name", ["mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn"]
)
def test_nonsense_is_refused_on_the_other_pages_too(
    client: Client, credential: str, name: str
) -> None:
    """And registers nothing."""
    user = UserFactory(expert=True)
    if name == "mfa_authenticate":
        log_in(client, user.email)
    else:
        sign_in(client, user)
    client.get(reverse(name))
    before = Authenticator.objects.count()
    answer = client.post(reverse(name), {"credential": credential, "name": "phone"})
    assert answer.status_code in (200, 302, 400)
    assert Authenticator.objects.count() == before


def test_a_closed_account_has_no_way_in_by_passkey(device: Device) -> None:
    """However good the answer."""
    user = Authenticator.objects.get(type="webauthn").user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    fresh = Client()
    log_in_with_passkey(fresh, device)
    assert not is_signed_in(fresh)


def test_a_device_is_named_by_a_fixed_word(client: Client, device: Device) -> None:
    """What people type of their devices stands in clear, so nothing is typed."""
    row = Authenticator.objects.get(type="webauthn")
    sign_in(client, row.user)
    address = reverse("mfa_edit_webauthn", args=[row.pk])
    client.post(address, {"name": "営業秘密のパソコン"})
    row.refresh_from_db()
    assert row.data["name"] == "phone"
    client.post(address, {"name": "key"})
    row.refresh_from_db()
    assert row.data["name"] == "key"


def test_the_last_passkey_of_a_professional_stays(client: Client, device: Device) -> None:
    """Until there is another second factor; a removed one opens nothing."""
    row = Authenticator.objects.get(type="webauthn")
    sign_in(client, row.user)
    address = reverse("mfa_remove_webauthn", args=[row.pk])
    answer = client.post(address, follow=True)
    assert Authenticator.objects.filter(pk=row.pk).exists()
    assert "先に別の手段を加えてください" in answer.content.decode()
    second = Device()
    add_passkey(client, second, passwordless="on")
    client.post(address)
    assert not Authenticator.objects.filter(pk=row.pk).exists()
    fresh = Client()
    log_in_with_passkey(fresh, device)
    assert not is_signed_in(fresh)
    log_in_with_passkey(fresh, second)
    assert is_signed_in(fresh)


def test_somebody_elses_passkey_is_not_found(client: Client, device: Device) -> None:
    """Neither to rename nor to remove."""
    row = Authenticator.objects.get(type="webauthn")
    sign_in(client, UserFactory(expert=True))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, args=[row.pk]), {"name": "key"}).status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()
