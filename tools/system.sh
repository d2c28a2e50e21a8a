#!/bin/sh
# Put in place what Debian has to give, or say in one line what is missing.
#   tools/system.sh venv PYTHON | pdf | browser | scanner
# As root (or with a sudo that asks nothing) it installs by apt-get; else it prints the command.
set -eu

install() { # packages...
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Missing: $*. Install what your system calls these packages, then try again." >&2
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        echo "Missing: run  sudo apt-get install --no-install-recommends $*  and try again." >&2
        return 1
    fi
    echo "Installing $* by apt-get"
    log=$(mktemp)
    if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

case "$1" in
venv)
    command -v "$2" >/dev/null 2>&1 || { echo "Missing: $2, Python 3.11 or later." >&2; exit 1; }
    "$2" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        { echo "$2 is older than 3.11: name another with  make PYTHON=python3.11" >&2; exit 1; }
    "$2" -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
    ;;
pdf)
    # WeasyPrint loads these by name; fonts are for the PDFs, on a machine without any.
    .venv/bin/python - <<'PY' || install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
import ctypes, pathlib, sys
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    try:
        ctypes.CDLL(name)
    except OSError:
        sys.exit(1)
folders = (pathlib.Path("/usr/share/fonts"), pathlib.Path("/usr/local/share/fonts"), pathlib.Path.home() / ".fonts")
sys.exit(not any(True for folder in folders if folder.is_dir() for _ in folder.rglob("*.[to]tf")))
PY
    ;;
browser)
    # The one without a screen is the same browser for a fifth of the work; any other does where it cannot be had.
    command -v "${CHROMIUM:-chromium-headless-shell}" >/dev/null 2>&1 && exit 0
    if install chromium-headless-shell; then exit 0; fi
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && exit 0
    done
    exit 1
    ;;
scanner)
    # Tests start their own clamd with a signature of theirs; the system's service and its updates stay as they are.
    { command -v clamd || command -v /usr/sbin/clamd; } >/dev/null 2>&1 || install clamav-daemon
    ;;
*)
    echo "usage: tools/system.sh venv PYTHON | pdf | browser | scanner" >&2
    exit 2
    ;;
esac
