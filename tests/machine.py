"""What all workers of a test run share: a folder, and servers that start at first need and stop with the run.

The controlling process makes the folder and ends the servers; any worker may start one, under a file lock.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FOLDER = "VIVAIO_TEST_FOLDER"
PREFIX = "vivaio-tests-"
MEMORY = Path("/dev/shm")
ROOM_NEEDED = 3 * 1024**3


def shared_folder() -> Path:
    """The folder of this run; anybody may enter it, because PostgreSQL does not run as root."""
    return Path(os.environ[FOLDER])


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """One worker at a time."""
    with (shared_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(name: str, start: Callable[[Path], dict[str, str]]) -> dict[str, str]:
    """What `start(folder)` answered to the first worker that asked; a "pid" in it ends with the run."""
    with locked(name):
        answer = shared_folder() / f"{name}.json"
        if not answer.exists():
            folder = shared_folder() / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o755)
            answer.write_text(json.dumps(start(folder)))
        found: dict[str, str] = json.loads(answer.read_text())
        return found


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Poll until ready; an AssertionError names what did not come up."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"{what} did not start within {seconds:.0f} s"
        time.sleep(0.05)


def place_of_runs() -> Path:
    """Memory where it has room and runs programs, because a new database waits ten times as long for a disk."""
    with contextlib.suppress(OSError):
        found = os.statvfs(MEMORY)
        if found.f_bavail * found.f_frsize >= ROOM_NEEDED and not found.f_flag & os.ST_NOEXEC:
            return MEMORY
    return Path(tempfile.gettempdir())


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    _sweep()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # workers and servers: each would compile the whole portal anew
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place_of_runs()))
    folder.chmod(0o755)
    (folder / "controller.pid").write_text(str(os.getpid()))
    os.environ[FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(FOLDER, None)):
        _end(Path(folder))


def _sweep() -> None:
    """End what a killed run left behind."""
    places = {Path(tempfile.gettempdir()), MEMORY}
    for folder in (each for place in places for each in place.glob(f"{PREFIX}*")):
        with contextlib.suppress(OSError, ValueError):
            if not _is_alive(int((folder / "controller.pid").read_text())):
                _end(folder)


def _end(folder: Path) -> None:
    for answer in folder.glob("*.json"):
        if pid := json.loads(answer.read_text()).get("pid"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGQUIT)
            with contextlib.suppress(AssertionError):
                wait_until(lambda pid=int(pid): not _is_alive(pid), "the end of a server", seconds=5)  # type: ignore[misc]
    shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or " Z " not in Path(f"/proc/{pid}/stat").read_text()
