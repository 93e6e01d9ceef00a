"""Registering a firm and changing what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuditKind
from accounts.errors import AlreadyInOrganisation
from accounts.models import Membership, Organisation, OverseasBase, User
from common import audit


@dataclass(frozen=True)
class BaseDetails:
    """What is said of a base abroad; `id` of one that stands already."""

    country: str
    city: str = ""
    name: str = ""
    id: UUID | None = None


@dataclass(frozen=True)
class OrganisationDetails:
    """What is said of a firm."""

    name: str
    prefecture: str
    industry: str
    size: str
    kana: str = ""
    corporate_number: str = ""
    phone: str = ""
    bases: Sequence[BaseDetails] = field(default_factory=tuple)


def register_organisation(details: OrganisationDetails, *, actor: User) -> Organisation:
    """Register a firm; who does so becomes its first owner. Raises AlreadyInOrganisation."""
    try:
        with transaction.atomic():
            organisation = Organisation()
            _write(organisation, details)
            Membership.objects.create(user=actor, organisation=organisation, is_owner=True)
            audit.record(AuditKind.ORGANISATION_REGISTERED, actor=actor, obj=organisation)
    except IntegrityError as error:
        if "membership_one_active" not in str(error):
            raise
        message = _("すでに企業に登録されています。登録できる企業は一つです。")
        raise AlreadyInOrganisation(message) from None
    actor.__dict__.pop("membership", None)
    return organisation


def change_organisation(
    organisation: Organisation, details: OrganisationDetails, *, actor: User
) -> None:
    """Change what is known of a firm."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        _write(organisation, details)
        audit.record(AuditKind.ORGANISATION_CHANGED, actor=actor, obj=organisation)


def _write(organisation: Organisation, details: OrganisationDetails) -> None:
    """Save the firm, and its bases as they now are."""
    for name in ("name", "kana", "corporate_number", "phone", "prefecture", "industry", "size"):
        setattr(organisation, name, getattr(details, name))
    organisation.save()
    standing = {base.pk: base for base in organisation.bases.all()}
    for said in details.bases:
        base = (standing.pop(said.id, None) if said.id else None) or OverseasBase(
            organisation=organisation
        )
        base.organisation = organisation
        base.country, base.city, base.name = said.country, said.city, said.name
        base.save()
    for base in standing.values():
        base.delete()
