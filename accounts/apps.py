"""The app of accounts and organisations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Its policy, audit kinds, notices and receivers are found by the kernel."""

    name = "accounts"
    verbose_name = _("利用者と企業")
    default_auto_field = "django.db.models.BigAutoField"
