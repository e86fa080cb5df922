#!/bin/sh
# Put a trained model where the gateway loads it from, with the manifest that it checks.
set -eu
from=$1
to=$(dirname "$0")/../../gateway/detect/model
for name in word part trait; do
	cp "$from/$name.npy" "$from/${name}_scale.npy" "$to"
done
cp "$from/layers.npz" "$from/words.txt" "$to"
cd "$to"
sha256sum layers.npz part.npy part_scale.npy trait.npy trait_scale.npy word.npy word_scale.npy words.txt >SHA256SUMS
