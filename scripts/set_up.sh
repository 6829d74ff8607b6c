#!/usr/bin/env bash
# Makes a virtual environment with the pinned packages.
#
#   scripts/set_up.sh FOLDER [REQUIREMENTS ...]
#
# Nothing is installed again while the requirements have not changed. PYTHON names another
# interpreter than python3; 3.11 or newer is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
shift
lists=(requirements.txt "$@")
python=${PYTHON:-python3}
uv_version=0.13.9

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1). Set PYTHON=..." >&2
    exit 1
}

# MediaPipe's library is linked against EGL and OpenGL ES, even where it runs on the CPU.
if [ "$(uname)" = Linux ] && ! ldconfig -p | grep -q libGLESv2.so.2; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq libegl1 libgles2 >/dev/null
    else
        echo "MediaPipe needs libEGL and libGLESv2; on Debian: sudo apt-get install libegl1 libgles2" >&2
        exit 1
    fi
fi

stamp=$(cat "${lists[@]}" | cksum)
if [ "$(cat "$folder/.requirements" 2>/dev/null)" != "$stamp" ]; then
    "$python" -m venv --clear "$folder"
    # --no-deps: the lists name everything, and leave out the OpenCV build that needs a screen.
    # uv fetches and unpacks in parallel, many times as fast; pip does where uv cannot be had.
    for list in "${lists[@]}"; do
        pip=("$folder/bin/python" -m pip --disable-pip-version-check --quiet install)
        { "${pip[@]}" "uv==$uv_version" &&
            "$folder/bin/uv" pip install --quiet --compile-bytecode --python "$folder/bin/python" --no-deps -r "$list"; } ||
            "${pip[@]}" --no-deps -r "$list"
    done
    echo "$stamp" >"$folder/.requirements"
fi
