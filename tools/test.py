"""`make test`: every test, against servers of their own. `ARGS=` is handed to pytest."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from tools import launch, places, setup


def main() -> int:
    """Prepare, start throw-away servers, run pytest; its summary is printed last."""
    setup.make_ready(development=True)
    with tempfile.TemporaryDirectory(prefix="portal-test-") as name:
        folder = Path(name)
        environment = launch.environment_for(folder)
        environment |= {"PORTAL_ENV": "test", "PORTAL_DEMO": "0"}
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            if os.environ.get("PORTAL_TEST_SERVERS") != "given":
                environment.pop(variable, None)
        launch.manage(environment, "python manage.py compile_translations")
        launch.manage(environment, "python manage.py make_seal")
        with launch.servers(folder, environment, durable=False):
            asked = shlex.split(os.environ.get("ARGS", ""))
            command = [
                str(places.PYTHON),
                "-m",
                "pytest",
                *(asked or ["-q", "-n", "2", "--dist", "loadgroup"]),
            ]
            return subprocess.run(command, cwd=places.ROOT, env=environment).returncode
