#!/usr/bin/env bash
# Sets up .venv on the first call and opens the dashboard; arguments go to `streamlit run`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/set_up.sh .venv
# Each thread's own store of freed memory would stay with the process: after ten reconnects of one
# camera 96 MiB more with glibc's default than with two stores (docs/live.md).
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
exec .venv/bin/streamlit run app.py "$@"
