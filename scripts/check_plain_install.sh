#!/usr/bin/env bash
# Shows that `pip install -r requirements.txt`, with no option, gives an app that works on a slim
# machine: a fresh environment, and libGL, libxcb, libX11 and Qt of the system hidden where the
# kernel allows it. Takes minutes and 7 GB of disk; CONTRIBUTING.md says when to run it.
#
#   scripts/check_plain_install.sh [FOLDER]
#
# FOLDER keeps the environment; by default it is a temporary one.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-$(mktemp -d)}
[ $# -gt 0 ] || trap 'rm -rf "$folder"' EXIT
if [ ! -x "$folder/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$folder"
    began=$SECONDS
    "$folder/bin/python" -m pip --disable-pip-version-check --quiet install -r requirements.txt
    echo "Installed in $((SECONDS - began)) s: $(du -sh "$folder" | cut -f1)."
fi

hidden=()
if unshare --map-root-user --mount true 2>/dev/null; then
    # An empty file over each library: the loader finds the name and cannot load it.
    hidden=(unshare --map-root-user --mount bash -c '
        ldconfig -p | sed -nE "s/^\s*lib(GL|GLX|GLU|(xcb|X11|Qt[0-9])[-0-9A-Za-z_]*)\.so.* => //p" | sort -u |
            while read -r library; do mount --bind /dev/null "$library"; done
        exec "$@"' hide-screen-libraries)
fi
"${hidden[@]}" "$folder/bin/python" scripts/slim_machine.py
