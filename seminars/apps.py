"""The app of seminars."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeminarsConfig(AppConfig):
    """Its policy, notices and search source are found by the kernel."""

    name = "seminars"
    verbose_name = _("セミナー")
    default_auto_field = "django.db.models.BigAutoField"
