# Needs Python 3.11 or newer and make; everything else is installed by the command itself.
PYTHON ?= python3
export PORT DATA ARGS CANARY JSON

.PHONY: run test demo check bench setup lock
run test demo check bench setup:
	@$(PYTHON) tools/door.py $@

# Pins every package with its hashes, for all platforms.
lock:
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt
