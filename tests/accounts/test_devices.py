"""Where one is signed in: a list of devices, and ending them."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.reports import family
from common.audit.models import AuditEvent
from tests.accounts.browsing import is_signed_in, log_in
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604"
)
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0"


def two_devices(client: Client) -> tuple[Client, Client]:
    """One person on a telephone and in the office."""
    user = UserFactory()
    phone, office = Client(HTTP_USER_AGENT=PHONE), Client(HTTP_USER_AGENT=OFFICE)
    for device in (phone, office):
        log_in(device, user.email)
        assert is_signed_in(device)
    return phone, office


def row_of(device: Client) -> UserSession:
    """The row of a device's session."""
    return UserSession.objects.get(session_key=device.session.session_key)


def test_each_device_is_named_as_its_owner_knows_it(client: Client) -> None:
    """With the present one marked, and no address of any network."""
    phone, _office = two_devices(client)
    page = phone.get(reverse("accounts:sessions")).content.decode()
    assert "iPhoneのSafari" in page
    assert "WindowsのEdge" in page
    assert page.count("この端末</span>") == 1
    assert "127.0.0.1" not in page
    assert "18_0" not in page


def test_a_device_is_ended_from_another(client: Client) -> None:
    """At once; the rest stay."""
    phone, office = two_devices(client)
    office.post(reverse("accounts:end_session", args=[row_of(phone).pk]))
    assert not is_signed_in(phone)
    assert is_signed_in(office)
    event = AuditEvent.objects.get(verb="accounts.session_ended")
    assert set(event.related) == {"session"}


def test_all_others_are_ended_together(client: Client) -> None:
    """But the one that asks."""
    phone, office = two_devices(client)
    office.post(reverse("accounts:end_other_sessions"))
    assert not is_signed_in(phone)
    assert is_signed_in(office)


def test_ending_the_present_device_signs_out(client: Client) -> None:
    """And leads to the home page."""
    phone, _office = two_devices(client)
    answer = phone.post(reverse("accounts:end_session", args=[row_of(phone).pk]))
    assert answer["Location"] == "/"
    assert not is_signed_in(phone)


@pytest.mark.parametrize("number", [None, 0, 2**31, 2**63 - 1, 2**63, 10**18])
def test_somebody_elses_device_is_not_found(client: Client, number: int | None) -> None:
    """As is one that there is not."""
    phone, _office = two_devices(client)
    log_in(client, UserFactory().email)
    address = reverse("accounts:end_session", args=[row_of(phone).pk if number is None else number])
    assert client.post(address).status_code == 404
    assert is_signed_in(phone)


def test_a_device_whose_session_ran_out_is_not_listed(client: Client) -> None:
    """Only those that are still good."""
    phone, office = two_devices(client)
    phone.session.flush()
    page = office.get(reverse("accounts:sessions")).content.decode()
    assert "iPhone" not in page


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [("", "不明な端末"), ("curl/8.0", "不明な端末"), ("x" * 3_000, "不明な端末"), ("Firefox/140", "Firefox"),
     ("(X11; CrOS x86_64) Chrome/1", "ChromeOSのChrome"), ("<script>", "不明な端末"),
     ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/27 Chrome/1", "AndroidのSamsung Internet")],
)  # fmt: skip
def test_whatever_a_device_calls_itself_has_a_name(user_agent: str, name: str) -> None:
    """Common ones by theirs."""
    assert family(user_agent) == name


def test_a_device_may_call_itself_anything(client: Client) -> None:
    """Too long, or with signs of markup: it is signed in all the same."""
    user = UserFactory()
    for user_agent in ("", "<script>alert(1)</script>" * 200, "\u202e端末"):
        device = Client(HTTP_USER_AGENT=user_agent)
        log_in(device, user.email)
        assert is_signed_in(device)
        assert "<script>alert" not in device.get(reverse("accounts:sessions")).content.decode()
