#!/bin/sh
# Draws verify.svg: changes one byte of a model of target/demo, which the README's first command creates, and repairs it.
set -eu
cd "$(dirname "$0")/../.."
model=$(find target/demo/.cache/models -name "langdetect*.bin")
printf x | dd of="$model" bs=1 seek=5000 conv=notrunc 2>/dev/null
python3 docs/images/screen.py target/demo 'mvn cache:verify' 'mvn cache:download cache:verify' >docs/images/verify.svg
