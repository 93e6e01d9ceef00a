"""Loads what each app gives to the kernel's registries."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import AppConfig, apps

OURS = ("common", "accounts", "guidelines", "seminars", "casebook", "consultations", "portal")
#: In this order: tasks last, since their handlers name what the others declare.
GIVING = (
    "policy",
    "enums",
    "notifications",
    "sources",
    "statistics",
    "cards",
    "receivers",
    "tasks",
)


class CommonConfig(AppConfig):
    """The kernel."""

    name = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read every app's offerings, once the models are there."""
        from common.uploads.handlers import keep_spaces_in_file_names

        keep_spaces_in_file_names()
        for app in OURS:
            if apps.is_installed(app) or any(c.name == app for c in apps.get_app_configs()):
                load(app)


def load(app: str) -> None:
    """Import an app's giving modules and declare what they hold."""
    for name in GIVING:
        if app == "common" and name == "policy":
            continue
        if find_spec(f"{app}.{name}") is None:
            continue
        declare(import_module(f"{app}.{name}"))


def declare(module: ModuleType) -> None:
    """Hand rules, audit kinds and job kinds of a module to the kernel."""
    from common import audit, jobs, policy

    if hasattr(module, "RULES"):
        policy.declare(module.RULES)
    if hasattr(module, "EXTERNAL"):
        policy.external(module.EXTERNAL)
    if hasattr(module, "AuditKind"):
        audit.register_kinds(module.AuditKind)
    if hasattr(module, "JobKind"):
        jobs.register_kinds(module.JobKind)
