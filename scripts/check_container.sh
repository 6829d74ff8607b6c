#!/usr/bin/env bash
# Does what the Dockerfile does where no Docker is: in a fresh Debian root made by debootstrap.
#
#   sudo scripts/check_container.sh [FOLDER]
#
# Installs the same packages, copies the same files, and runs as the same user with a read-only root
# file system and a tmpfs at /tmp: a drawn photo is read, the dashboard becomes ready, and SIGTERM
# ends it. The Python is Debian's own (3.11) in place of the image's. Needs root, debootstrap, 2 GB
# and some minutes; pip's settings and CA certificates of this machine are used inside.
set -euo pipefail
cd "$(dirname "$0")/.."
root=${1:-$(mktemp -d)/root}
leave() { for place in tmp proc sys dev .; do while umount --recursive --lazy "$root/$place" 2>/dev/null; do :; done; done; }
trap leave EXIT

step() { printf '\n== %s\n' "$*"; }
inside() { chroot "$root" env -i PATH=/venv/bin:/usr/bin:/bin HOME=/tmp MPLCONFIGDIR=/tmp \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 "$@"; }

step "A fresh root"
[ -e "$root/bin/sh" ] || debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >/dev/null
cp /etc/resolv.conf "$root/etc/"
for file in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -f "$file" ] || cp "$file" "$root$file"
done
[ ! -d /etc/apt/sources.list.d ] || cp -r /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/" 2>/dev/null || true
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /sys "$root/sys"  # MediaPipe counts the processors there

step "RUN apt-get install"
inside sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends \
    libegl1 libgles2 python3-minimal python3-venv >/dev/null'
inside id asl >/dev/null 2>&1 || inside /usr/sbin/useradd --uid 10001 --no-create-home --home-dir /tmp asl

step "RUN pip install"
mkdir -p "$root/asl"
cp -r requirements.txt requirements-light.txt wheels app.py pyproject.toml .streamlit pages asl_core models "$root/asl/"
inside sh -c 'cd /asl && python3 -m venv /venv && /venv/bin/pip install --quiet --no-cache-dir --no-compile --no-deps \
    --requirement requirements-light.txt && /venv/bin/pip uninstall --quiet --yes setuptools pip'
inside sh -c "$(grep -o 'find /venv.* +$' Dockerfile)"
du --summarize --one-file-system --apparent-size --block-size=MB "$root/venv"

step "RUN python"
inside env --unset PYTHONDONTWRITEBYTECODE sh -c "cd /asl && $(grep -o '/venv/bin/python -c .*' Dockerfile)"
du --summarize --one-file-system --apparent-size --block-size=MB "$root/venv" "$root"

step "Read-only from here on"
mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t tmpfs tmpfs "$root/tmp"
# The bind mount above covers the earlier ones.
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /sys "$root/sys"  # MediaPipe counts the processors there
# Words and not a function: SIGTERM must reach the dashboard, not a shell around it.
as_user=(chroot --userspec=10001:10001 "$root" env -i PATH=/venv/bin:/usr/bin:/bin HOME=/tmp \
    MPLCONFIGDIR=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/asl)

step "asl predict"
"${as_user[@]}" sh -c 'cd /asl && python -c "
from PIL import Image
from asl_core.drawing.drawn_letters import drawn_letter
Image.fromarray(drawn_letter(\"L\", 480)).save(\"/tmp/letter.png\")
" && python -m asl_core predict /tmp/letter.png'

step "asl app, /readyz, SIGTERM"
port=18501
"${as_user[@]}" sh -c "cd /asl && exec python -m asl_core app --server.address 127.0.0.1 --server.port $port \
    --server.headless true" &
app=$!
ready=
for _ in $(seq 120); do
    if curl --silent --fail "http://127.0.0.1:$port/readyz" >/dev/null; then ready=yes && break; fi
    sleep 1
done
[ -n "$ready" ] || { echo "The dashboard did not become ready."; kill "$app"; exit 1; }
curl --silent --fail "http://127.0.0.1:$port/" >/dev/null
started=$(date +%s)
kill -TERM "$app"
wait "$app" || true
took=$(($(date +%s) - started))
echo "Ready, and ended $took s after SIGTERM."
[ "$took" -le 10 ]
step "All steps passed"
