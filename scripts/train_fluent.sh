#!/usr/bin/env bash
# Trains the shipped reader of natural spelling anew; a training that was cut off goes on. Then
# makes the table of what each part of the stream maker gives, and measures the reader.
#
# SHARED names the folder with photos/, landmarks/, motion/ and fluent/, PYTHON the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
run=runs/fluent-spelling
letters=$shared/landmarks/letters.npz sequences=$shared/motion/sequences.npz
spelling() { "${PYTHON:-python}" -m asl_core spelling "$@"; }
spelling train "$letters" "$sequences" --photos "$shared/photos" --out "$run"
spelling ablation "$letters" "$sequences" "$shared/fluent" --photos "$shared/photos"
cp runs/fluent-ablation/ablation.json "$run"  # the card, which --save writes, shows it
spelling made-up "$sequences" --photos "$shared/photos" --model "$run" --minutes 30 --save made-up
spelling made-up "$sequences" --photos "$shared/photos" --model "$run" --split test --each 0 \
    --held 1000 --minutes 0 --save held-test
for speed in 1 1.5 2; do
    spelling evaluate "$shared/fluent" --model "$run" --speed "$speed" --save "real-$speed"
done
