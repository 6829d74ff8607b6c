#!/usr/bin/env bash
# Sets up an environment of its own and runs formatting, lint, types and tests.
#
# Arguments go to pytest: `scripts/test.sh -m "not slow"` leaves out what takes long. Tests run two
# at a time, one file after the other in each process; WORKERS names another number, 0 for none.
# Those marked `alone`, such as the browser's, wait until nothing else runs. VENV names another
# folder for the environment. Tests that need the photos of ../shared, a Chromium, coturn or
# a GPU are skipped, saying so, where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${VENV:-.venv-test}
scripts/set_up.sh "$venv" requirements-dev.txt
"$venv/bin/ruff" format --check .
"$venv/bin/ruff" check .
"$venv/bin/mypy"
"$venv/bin/python" -m pytest -n "${WORKERS:-2}" --dist loadfile "$@"
