#!/usr/bin/env bash
# Sets up .venv on the first call and opens the dashboard; arguments go to `streamlit run`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/set_up.sh .venv
exec .venv/bin/streamlit run app.py "$@"
