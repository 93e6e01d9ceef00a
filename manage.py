#!/usr/bin/env python
"""Runs a management command, as the database role that the command needs."""

import os
import sys

#: Commands that change tables; the application's role may not, so that the audit log stays append-only.
OWNER_COMMANDS = frozenset({"migrate", "flush", "sqlflush", "dbshell", "makemigrations"})


def main() -> None:
    """Run the command; a wrong environment is named in plain sentences, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    from portal.environment import WrongEnvironment

    try:
        execute_from_command_line(sys.argv)
    except WrongEnvironment as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
