"""A real clamd, started once a run, that knows one virus: the test string of EICAR, by a signature written by hand."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import current_app, has_app_context

from portal.documents.scanning import Clamd
from tests.machine import once, wait_until

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Vivaio.Test.EICAR.UNOFFICIAL"
SETTINGS = """Foreground yes
DatabaseDirectory {folder}/signatures
LocalSocket {socket}
PidFile {folder}/clamd.pid
StreamMaxLength 2M
MaxThreads 2
"""


@dataclass(frozen=True)
class Running:
    """A clamd that answers."""

    address: str


@pytest.fixture(scope="session")
def clamd() -> Running:
    """Debian's clamd, with the least of signatures: the real ones are not to be had on a closed network."""
    return Running(once("clamd", _start_clamd)["address"])


@pytest.fixture
def scanner(clamd: Running, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Clamd:
    """The application of this test has a scanner."""
    app = current_app if has_app_context() else request.getfixturevalue("app")
    found = Clamd(clamd.address)
    monkeypatch.setitem(app.extensions, "scanner", found)
    return found


def _start_clamd(folder: Path) -> dict[str, str]:
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program, "no clamd: apt-get install --no-install-recommends clamav-daemon"
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Vivaio.Test.EICAR:0:*:{EICAR.hex()}\n")
    socket = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder, socket=socket))
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [program, "-c", str(folder / "clamd.conf")], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    address = f"unix:{socket}"
    wait_until(lambda: socket.exists() and Clamd(address).ready() is None, "clamd")
    server.returncode = 0  # it outlives this worker: the run ends it
    return {"address": address, "pid": str(server.pid)}
