#!/usr/bin/env bash
# Trains the shipped recognizer anew, in its two courses; a course that was cut off goes on.
#
# SHARED names the folder with photos/, backgrounds/, landmarks/ and weights/, PYTHON the
# interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
train() { "${PYTHON:-python}" -m asl_core train --photos "$shared/photos" "$@"; }
train --name stranger-first --preset stranger \
    --start-from "$shared/weights/resnet18_imagenet_to_layer3_fp16.pth"
train --name stranger-second --preset stranger-second \
    --start-from runs/stranger-first --scenes "$shared/backgrounds" \
    --landmarks "$shared/landmarks/letters.npz"
