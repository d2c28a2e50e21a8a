#!/bin/sh
# Install a hashed list into .venv: by uv, which takes seconds; by pip, as slow as it is, where uv finds no registry.
set -e
bin=.venv/bin
[ -x "$bin/uv" ] || "$bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements-install.txt
"$bin/uv" pip install --quiet --python "$bin/python" --require-hashes --compile-bytecode -r "$1" ||
  "$bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$1"
