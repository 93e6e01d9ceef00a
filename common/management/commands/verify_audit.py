"""Checks the audit log for changed, missing, inserted and cut-off rows."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from common.audit.models import AuditEvent
from common.audit.verify import verify


class Command(BaseCommand):
    """`manage.py verify_audit`"""

    help = "Check the audit log's chain, its head and the anchors. Exit code 1 where it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per finding."""
        findings = verify()
        for finding in findings:
            print(f"event {finding.seq}: {finding.what}")
        if findings:
            sys.exit(1)
        print(f"{AuditEvent.objects.count()} events, chain intact.")
