#!/usr/bin/env bash
# Sets up .venv on the first call and opens the dashboard; arguments go to `streamlit run`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/set_up.sh .venv
# Each thread's own store of freed memory would stay with the process, and grow with every reconnect
# of a camera (measured in docs/live.md).
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
exec .venv/bin/streamlit run app.py "$@"
