#!/usr/bin/env bash
# Build the embedded database and the demonstration where they are missing, then serve: one web server and one
# worker, both stopped by Ctrl-C (or by either of them ending).
set -euo pipefail
cd "$(dirname "$0")/.."

portal=.venv/bin/portal
export PORT="${PORT:-8000}"

if ! .venv/bin/python - "$PORT" <<'PY'; then
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PY
    echo "Port $PORT is taken: stop what uses it, or choose another with  make run PORT=8001" >&2
    exit 1
fi

mkdir -p var
.venv/bin/python - <<'PY'  # both commands in one process: what they import takes seconds
import gc, sys

gc.disable()
from portal.cli import main

gc.freeze()
gc.enable()
for command in (["migrate"], ["demo", "load", "--if-empty"]):
    sys.argv[1:] = command
    main()
PY

pids=()
stop() {
    trap - INT TERM EXIT
    ((${#pids[@]})) && kill -TERM "${pids[@]}" 2>/dev/null
    wait
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

"$portal" worker >> var/worker.log 2>&1 &
pids+=($!)
"$portal" serve >> var/web.log 2>&1 &
pids+=($!)

echo
echo "Vivaio: http://localhost:$PORT   (Ctrl-C stops it; what it does is in var/web.log and var/worker.log)"
if ! wait -n; then
    echo "It stopped by itself. The last lines of its logs:" >&2
    tail -n 5 var/web.log var/worker.log >&2
    exit 1
fi
