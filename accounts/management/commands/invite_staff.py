"""Invites the first person of the secretariat, whom nobody in the portal can invite yet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import services
from accounts.forms import AddressField
from common.errors import Refused
from common.policy import Role


class Command(BaseCommand):
    """`manage.py invite_staff name@example.jp`"""

    help = "Send an invitation into the secretariat's role to the given address."

    def add_arguments(self, parser: CommandParser) -> None:
        """One address."""
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the invitation and its mail."""
        try:
            address = AddressField().clean(options["address"])
            invitation = services.invite_professional(email=address, role=Role.STAFF, actor=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Refused as error:
            raise CommandError(str(error.message)) from None
        print(f"Invitation {invitation.pk} is on its way; it can be used for 7 days.")
