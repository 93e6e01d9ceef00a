"""Gunicorn's settings, from the environment (`gunicorn --config python:portal.server`)."""

import os
import subprocess
import sys

from portal.environment import WrongEnvironment, read_environment

try:
    _values = read_environment(os.environ)
except WrongEnvironment as error:
    sys.exit(str(error))

bind = f"{_values['PORTAL_BIND']}:{_values['PORT']}"
workers = int(str(_values["WEB_WORKERS"]))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# No access log: it would hold addresses and queries. Errors go to the portal's own log format.
accesslog = None
loglevel = "warning"
_lines = {"level": "WARNING", "handlers": ["stderr"], "propagate": False}
logconfig_dict = {
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"gunicorn.error": _lines, "gunicorn.access": _lines},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
}
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn's heartbeat


def on_starting(_server: object) -> None:
    """Say in one sentence why the portal cannot start, before any process of it runs.

    In a process of its own: what this one imported, its children could never load anew.
    """
    proof = subprocess.run([sys.executable, "-m", "portal.prove"], check=False)
    if proof.returncode:
        sys.exit(proof.returncode)
