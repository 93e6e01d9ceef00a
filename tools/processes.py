"""The portal's processes, with the very commands that docker-compose.yml uses (a test compares)."""

COMMANDS = {
    "web": "gunicorn --config python:portal.server portal.wsgi",
    "worker": "celery --app portal.celery worker --queues default,mail,pdf,tick"
    " --without-gossip --without-mingle",
    "scheduler": "celery --app portal.celery beat --pidfile=",
}
#: Run once, in this order, before the processes start.
MIGRATE = "python manage.py migrate --no-input"
CONTENT = "python manage.py load_content"
