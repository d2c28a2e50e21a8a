"""The `portal` command as operators meet it: exit codes, one line of mend, servers that start and stop."""

import hashlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.forks import run_forked
from tests.engines import Databases
from tests.house.sources import ROOT
from tests.machine import wait_until
from tests.servers import free_port

PORTAL = str(Path(sys.executable).parent / "portal")
KEPT = ("PATH", "HOME", "LANG", "LC_ALL")


def environment(**given: str) -> dict[str, str]:
    """A clean environment."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | given


def run(*arguments: str, **given: str) -> tuple[int, str, list[str]]:
    """Exit code, standard output, lines of standard error."""
    code, said, warned = run_forked(arguments, environment(**given))
    return code, said, warned.strip().splitlines()


@pytest.fixture
def here(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """The environment of a portal over a fresh SQLite file."""
    return {"DATABASE_URL": databases.fresh("sqlite", "cli"), "VIVAIO_VAR": str(tmp_path)}


def test_an_empty_database_is_told_with_its_mend_then_migrated(tmp_path: Path):
    given = {"VIVAIO_VAR": str(tmp_path)}
    code, _, said = run("migrate", "--check", **given)
    assert (code, said) == (1, ["the database is not at the last migration: run `portal migrate`"])
    code, _, said = run("check", **given)
    assert (code, len(said)) == (1, 1)
    assert "portal migrate" in said[0]
    assert run("migrate", **given)[0] == 0
    assert run("migrate", "--check", **given)[0] == 0


def test_a_sound_database_checks_and_verifies(here):
    assert run("check", **here)[:2] == (0, "every invariant holds\n")
    code, said, warned = run("audit", "verify", **here)
    assert (code, said) == (0, "the audit trail verifies: 0 rows, 0 objects, 0 anchors\n")
    assert warned[-1].startswith("no anchor was taken yet")


def test_an_anchor_taken_by_hand_is_kept_and_compared(here, tmp_path):
    given = ("--name", "Ada", "--password", "tre gatti sul tetto")
    assert run("user", "create", "ada@prova.example", *given, **here)[0] == 0
    code, said, _ = run("audit", "anchor", **here)
    day, digest = said.split()[:2]
    kept = tmp_path / "files" / "audit" / f"{day}.json"
    assert (code, hashlib.sha256(kept.read_bytes()).hexdigest()) == (0, digest)
    other = tmp_path / "other.json"
    other.write_bytes(kept.read_bytes().replace(b'"person"', b'"persona"'))
    code, _, faults = run("audit", "verify", "--anchor", str(other), **here)
    assert code == 1
    assert "has the digest" in " ".join(faults)
    assert any(line.startswith("persona ") and "is missing: the anchor of" in line for line in faults)


def test_an_account_is_made_once_and_with_a_password_that_is_not_tried_first(here):
    create = ("user", "create", "Ada@prova.example", "--name", "Ada", "--password")
    code, _, said = run(*create, "password-password", **here)
    assert (code, len(said)) == (1, 1)
    assert run(*create, "una-frase-lunga", **here)[:2] == (0, "created Ada@prova.example\n")
    code, _, said = run(*create, "una-frase-lunga", **here)
    assert (code, len(said)) == (1, 1)
    assert run(*create, "una-frase-lunga", "--role", "officer", **here)[0] == 1
    assert run("user", "create", "eva@prova.example", "--name", "Eva", "--password", "una-frase-lunga",
               "--role", "officer", **here)[0] == 2  # fmt: skip


def test_whatever_is_wrong_is_one_line_each(here):
    installed = subprocess.run(
        [PORTAL, "nonsense"], env=environment(**here), capture_output=True, text=True, check=False
    )
    assert (installed.returncode, installed.stdout) == (2, "")
    assert installed.stderr == "No such command 'nonsense'.\n"
    assert run("nonsense", **here) == (2, "", ["No such command 'nonsense'."])
    code, _, said = run("check", VIVAIO_ENV="production", VIVAIO_DEMO="1")
    assert (code, [line.split(":")[0] for line in said]) == (1, ["SECRET_KEY", "VIVAIO_DEMO", "VIVAIO_ORIGIN"])
    code, _, said = run("audit", "verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")
    assert (code, len(said)) == (1, 1)
    assert "DATABASE_URL" in said[0]


def test_sqlite_in_production_serves_one_process_whatever_the_command_line_says(here):
    sound = {"VIVAIO_ENV": "production", "SECRET_KEY": "k" * 40, "VIVAIO_ORIGIN": "https://bandi.example"}
    code, _, said = run("serve", "--processes", "2", **here, **sound)
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith("DATABASE_URL: SQLite serves one web process")


@contextmanager
def started(*arguments: str, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the command line, ended with the block."""
    process = subprocess.Popen(
        [PORTAL, *arguments], env=environment(**given), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def status(url: str) -> int:
    """What a server answers; 0 for nothing yet."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return 0


@pytest.mark.parametrize(("engine", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_the_server_starts_answers_and_stops_when_told(databases: Databases, tmp_path: Path, engine, processes):
    port = free_port()
    given = {"DATABASE_URL": databases.fresh(engine, "serve"), "VIVAIO_VAR": str(tmp_path), "PORT": str(port)}
    with started("serve", "--processes", str(processes), **given) as server:
        wait_until(lambda: status(f"http://localhost:{port}/readyz") == 200, "the portal", seconds=60)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) == processes
        assert status(f"http://localhost:{port}/sign-in") == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    assert status(f"http://localhost:{port}/healthz") == 0


def test_the_worker_stops_when_told(here):
    with started("worker", **here) as worker:
        wait_until(lambda: _catches_term(worker.pid), "the worker", 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0


def _catches_term(pid: int) -> bool:
    """Whether the process has installed its own answer to SIGTERM."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
