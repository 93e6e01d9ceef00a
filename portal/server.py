"""Gunicorn's settings, from the environment (`gunicorn --config python:portal.server`)."""

import os
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
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn's heartbeat
