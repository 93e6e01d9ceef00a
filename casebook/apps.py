"""The app of the casebook."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasebookConfig(AppConfig):
    """Its policy and search source are found by the kernel."""

    name = "casebook"
    verbose_name = _("事例集")
    default_auto_field = "django.db.models.BigAutoField"
