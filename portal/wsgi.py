"""The web server's entry point; refuses to start with a wrong environment or a wrong keyring."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from portal.environment import WrongEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    application = get_wsgi_application()
except WrongEnvironment as error:
    sys.exit(str(error))

from common.vault import verify_at_start

verify_at_start()
