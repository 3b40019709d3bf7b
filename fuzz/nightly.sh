#!/usr/bin/env bash
# Fuzzes for hours, an hour at a time, then makes the corpus anew:
# nightly.sh [HOURS]. Commit what changed in corpus/. Status 1 if anything was found.
set -uo pipefail
cd "$(dirname "$0")/.."
found=0
for ((hour = 0; hour < ${1:-8}; hour++)); do
  nice -n 15 npm run fuzz -- --seconds 3600 || found=1
done
nice -n 15 npm run fuzz -- --minimize || found=1
exit "$found"
