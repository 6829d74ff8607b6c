#!/usr/bin/env bash
# Trains the short courses of docs/ablation.md, three seeds each, from the weights of the first
# course (runs/stranger-first, see train_shipped.sh): the same number of photos, so that only what
# is shown and how large differs.
#
# SHARED names the folder with photos/ and backgrounds/, PYTHON the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
train() {
    "${PYTHON:-python}" -m asl_core train --photos "$shared/photos" --start-from runs/stranger-first \
        --epochs 2 --photos-per-epoch 4000 "$@"
}
for seed in 1 2 3; do
    train --name "short-first-$seed" --preset stranger --stages 1:96 --seed "$seed"
    train --name "short-second-$seed" --preset stranger-second --scenes "$shared/backgrounds" \
        --seed "$seed"
done
