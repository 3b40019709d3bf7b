#!/usr/bin/env bash
# Makes .work/node, which runs this Node: by itself where the C library is new enough for the fuzzer's addon (glibc
# 2.38), else with the C library of Debian trixie, which is unpacked beside it and not installed.
set -euo pipefail
cd "$(dirname "$0")"
BROKERS_HOME=$PWD/.work
NAME=fuzz
. ../interop/brokers/lib.sh

node=$(readlink -f "$(command -v node)")
root=$BROKERS_HOME/root
suits() { "$@" -e 'const { header } = process.report.getReport();
  const [major, minor] = (header.glibcVersionRuntime ?? "9.0").split(".").map(Number);
  process.exit(major > 2 || minor >= 38 ? 0 : 1)'; }

start=("$node")
if ! suits "${start[@]}"; then
  if [ "$(cat "$root.unpacked" 2>/dev/null)" != "$root" ]; then
    say 'the C library is older than glibc 2.38: unpacking that of trixie'
    unpack trixie "$root" 'libc6|libgcc-s1|libstdc\+\+6' libstdc++6
    printf '%s' "$root" >"$root.unpacked"
  fi
  loader=$(find "$root/usr/lib" -type f -name 'ld-linux*.so*' -print -quit)
  start=("$loader" --library-path "$(dirname "$loader")" "$node")
  suits "${start[@]}" || fail 'Node does not run with the unpacked C library'
fi
printf '#!/bin/sh\nexec %s "$@"\n' "$(printf '"%s" ' "${start[@]}")" >"$BROKERS_HOME/node"
chmod +x "$BROKERS_HOME/node"
