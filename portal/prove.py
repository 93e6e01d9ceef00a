"""`python -m portal.prove`: ends with a sentence where environment or keyring is wrong."""

import os
import sys

from portal.environment import WrongEnvironment


def main() -> None:
    """Read the settings, and open what the database holds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    try:
        django.setup()
    except WrongEnvironment as error:
        sys.exit(str(error))
    from common.vault import verify_at_start

    verify_at_start()


if __name__ == "__main__":
    main()
