#!/usr/bin/env bash
# Shows that `pip install -r requirements.txt`, with no option, gives an app that works on a slim
# machine: in a fresh environment cv2 is imported where libGL and libxcb cannot be loaded, a drawn
# hand is read, and the app starts and answers.
#
#   scripts/check_plain_install.sh [FOLDER]
#
# FOLDER keeps the environment (several GB); by default it is a temporary one.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-$(mktemp -d)}
[ $# -gt 0 ] || trap 'rm -rf "$folder"' EXIT
[ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check --quiet install -r requirements.txt
"$folder/bin/python" scripts/slim_machine.py
