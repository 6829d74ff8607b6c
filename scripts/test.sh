#!/usr/bin/env bash
# Sets up an environment of its own and runs formatting, lint, types and tests.
#
# Arguments go to pytest: `scripts/test.sh -m "not slow"` leaves out what takes long. VENV names
# another folder for the environment. Tests that need the photos of ../shared, a Chromium, coturn or
# a GPU are skipped, saying so, where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${VENV:-.venv-test}
scripts/set_up.sh "$venv" requirements-dev.txt
"$venv/bin/ruff" format --check .
"$venv/bin/ruff" check .
"$venv/bin/mypy"
"$venv/bin/python" -m pytest "$@"
