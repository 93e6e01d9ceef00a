"""The app of consultations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """Its policy, cards, notices and jobs are found by the kernel."""

    name = "consultations"
    verbose_name = _("相談")
    default_auto_field = "django.db.models.BigAutoField"
