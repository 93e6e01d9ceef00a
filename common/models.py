"""All tables of the kernel, gathered from its packages."""

from common.audit.models import AuditEvent, AuditHead
from common.jobs.models import Job, Pulse
from common.mail.models import Mail
from common.search.models import SearchEntry
from common.vault.models import DataKey, KekSentinel
from common.vault.system import SystemKey

__all__ = [
    "AuditEvent",
    "AuditHead",
    "DataKey",
    "Job",
    "KekSentinel",
    "Mail",
    "Pulse",
    "SearchEntry",
    "SystemKey",
]
