#!/bin/sh
# Rebuild portal/static from the pinned packages. Run by `make assets`; nothing else needs node.
# Packages are unpacked outside the repository; set VIVAIO_ASSETS_WORK to keep them between runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${VIVAIO_ASSETS_WORK:-}" ]; then
    work=$VIVAIO_ASSETS_WORK
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
[ -d "$work/node_modules/htmx.org" ] || (cd "$work" && npm ci --ignore-scripts --no-progress)
rm -rf "$work/src"
cp -R "$here/src" "$work/src"
cp "$here"/build.mjs "$here"/packages.mjs "$work/"
cd "$work"
node build.mjs "$here/../../portal/static"
