"""Booking and giving back seats: one short transaction each, behind the seminar's row lock."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models.users import plain_address
from common import audit, mail, search
from common.vault import DataKey
from seminars import notifications
from seminars.enums import AuditKind, RegistrationState
from seminars.errors import AlreadyBooked, Closed, Full
from seminars.models import Registration, Seminar

_SALT = "seminars.registration"


def register(seminar: Seminar, *, name: str, email: str, firm: str = "") -> Registration:
    """Book a seat. Raises Closed, AlreadyBooked, Full; seats are never sold twice."""
    address = plain_address(email)
    with transaction.atomic():
        stands = (
            Seminar.objects.select_for_update(of=("self",))
            .select_related("vault_key")
            .get(pk=seminar.pk)
        )
        if not stands.is_open:
            raise Closed(_("申し込みの受け付けは終わりました。"))
        digest = Registration.digest(stands, address)
        booked = Registration.objects.filter(seminar=stands, state=RegistrationState.BOOKED)
        if booked.filter(address_digest=digest).exists():
            raise AlreadyBooked(_("このメールアドレスは、すでに申し込み済みです。"))
        if stands.seats_left < 1:
            raise Full(_("満席になりました。ほかの日程をご覧ください。"))
        registration: Registration = Registration.objects.create(
            seminar=stands, name=name, email=address, firm=firm, address_digest=digest
        )
        Seminar.objects.filter(pk=stands.pk).update(taken=F("taken") + 1)
        mail.send(
            notifications.BOOKED.name, recipient=address,
            key=f"booked:{registration.pk}", url=own_url(registration),
        )  # fmt: skip
        audit.record(AuditKind.BOOKED, actor=None, obj=stands, registration=registration.pk)
    return registration


def cancel(registration: Registration) -> None:
    """Give the seat back; a second call changes nothing."""
    with transaction.atomic():
        seminar = Seminar.objects.select_for_update().get(pk=registration.seminar_id)
        freed = Registration.objects.filter(
            pk=registration.pk, state=RegistrationState.BOOKED
        ).update(state=RegistrationState.CANCELLED, cancelled_at=Now())
        if freed:
            Seminar.objects.filter(pk=seminar.pk).update(taken=F("taken") - 1)
            audit.record(AuditKind.CANCELLED, actor=None, obj=seminar, registration=registration.pk)


def own_url(registration: Registration) -> str:
    """The page that only the holder of the mailed link opens."""
    token = signing.dumps(str(registration.pk), salt=_SALT)
    return reverse("seminars:registration", args=[registration.seminar_id, token])


def registration_of(token: str) -> Registration | None:
    """The registration that a mailed link names; None for a link that is not ours."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    found: Registration | None = (
        Registration.objects.select_related("seminar__vault_key").filter(pk=pk).first()
    )
    return found


_DEMO = (
    (
        "demo-basics", 14, 40,
        {"title": "【作例】営業秘密の守り方 入門", "place": "オンライン",
         "summary": "何を秘密とし、どう示し、誰に見せるか。初めての方のための90分です。"},
        {"title": "[Sample] Protecting trade secrets: an introduction", "place": "Online",
         "summary": "What to keep secret, how to show it, and to whom. Ninety minutes for beginners."},
    ),
    (
        "demo-overseas", 28, 25,
        {"title": "【作例】海外拠点での情報管理", "place": "オンライン",
         "summary": "現地の従業員・合弁相手と働くときの、契約と日々の管理を取り上げます。"},
        {"title": "[Sample] Managing information at bases abroad", "place": "Online",
         "summary": "Contracts and daily practice when working with local staff and joint-venture partners."},
    ),
)  # fmt: skip


def load_demo() -> None:
    """Two fictional seminars in the coming weeks; what is there stays as it is."""
    for slug, days, capacity, ja, en in _DEMO:
        if Seminar.objects.filter(slug=slug, ends_at__gte=Now()).exists():
            continue
        day = timezone.localtime() + timedelta(days=days)
        starts = day.replace(hour=14, minute=0, second=0, microsecond=0)
        with transaction.atomic():
            Seminar.objects.create(
                slug=slug, fictional=True, texts={"ja": ja, "en": en}, capacity=capacity,
                starts_at=starts, ends_at=starts + timedelta(minutes=90),
                closes_at=starts - timedelta(days=1), vault_key=DataKey.objects.create_key(),
            )  # fmt: skip
            search.changed("seminars")
