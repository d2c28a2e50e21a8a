"""A crowd of applicants with whole drafts, and the portal as a server of its own: for `submit` and `drill_submit`.

One application is filled in through the operations; the others are copies of its rows, so that a thousand take seconds.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, g, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.signing_in import sign_in
from portal.app import create_app
from portal.applications.models import Application, ApplicationFile
from portal.calls.models import Phase, PhaseDeadline
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import database, new_id
from portal.questionnaires.models import Answer, AnswerSheet
from tests.factories.applications import World
from tests.factories.base import make_organisation, make_person

LONG = "Il quartiere si incontra nella corte. "
GRACE = timedelta(seconds=120)


@dataclass(frozen=True)
class Sender:
    """Somebody with a draft: what their browser would send."""

    application_id: UUID
    cookie: str
    csrf: str
    key: str

    @property
    def path(self) -> str:
        """Where the draft is sent."""
        return f"/applications/{self.application_id}/send"


def make_crowd(folder: Path, url: str, port: int, size: int, text: int) -> tuple[Flask, list[Sender]]:
    """An empty database migrated and filled with one open call and `size` drafts of about `text` characters."""
    settings = replace(Settings(), var=folder, database_url=url, origin=f"http://localhost:{port}")
    app = create_app(settings)
    with app.app_context():
        upgrade()
    with app.app_context(), Session(database.engine, expire_on_commit=False) as opened:
        world = World(opened, now(), slug="folla")
        model = world.draft()
        _lengthen(opened, model, text)
        senders = [_copied(app, opened, world, model, number) for number in range(size)]
        opened.commit()
    return app, senders


def _lengthen(opened: Session, model: Application, text: int) -> None:
    """Spread so many characters over the free texts, within what each may hold."""
    long = [each for section in model.design.sections for each in section.questions if (each.max_chars or 0) >= 500]
    for question in long:
        words = (LONG * 2000)[: min(question.max_chars or 0, text // len(long))]
        row = select(Answer).where(Answer.sheet_id == model.sheet_id, Answer.key == question.key)
        for answer in opened.scalars(row):
            answer.value = {**answer.value, "value": words.strip()}
    opened.flush()


def _copied(app: Flask, opened: Session, world: World, model: Application, number: int) -> Sender:
    owner = make_person(opened, now=world.now)
    organisation = make_organisation(opened, now=world.now, owner=owner)
    sheet, key = new_id(), new_id()
    _copy(opened, AnswerSheet.__table__, AnswerSheet.id == model.sheet_id, id=sheet)
    _copy(opened, Answer.__table__, Answer.sheet_id == model.sheet_id, sheet_id=sheet)
    _copy(opened, Application.__table__, Application.id == model.id, id=key, sheet_id=sheet,
          organisation_id=organisation.id, reference=f"VIV-B-{number:06d}")  # fmt: skip
    _copy(opened, ApplicationFile.__table__, ApplicationFile.application_id == model.id, application_id=key)
    return _signed_in(app, opened, owner, key, world.now)


def _copy(opened: Session, table: Any, where: Any, **changed: Any) -> None:
    rows = opened.execute(select(table).where(where)).mappings().all()
    fresh = [{**row, **({"id": new_id()} | changed)} for row in rows]
    if fresh:
        opened.execute(insert(table), fresh)


def _signed_in(app: Flask, opened: Session, owner: Person, application_id: UUID, at: datetime) -> Sender:
    token, _row = sign_in(opened, person=owner, user_agent="", now=at, strong=True)
    with app.test_request_context():
        g.pop("csrf_token", None)  # kept in the context around, for somebody else's form
        session["_user_id"], session["whose"] = token, str(owner.id)
        csrf = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = signer.dumps(dict(session))
    return Sender(application_id, f"{app.config['SESSION_COOKIE_NAME']}={cookie}", csrf, os.urandom(16).hex())


def close_at(app: Flask, instant: datetime) -> None:
    """Let the call close at this instant, by one more deadline."""
    with app.app_context(), Session(database.engine) as opened:
        phase = opened.scalars(select(Phase)).one()
        sequence = len(phase.deadlines) + 1
        opened.add(
            PhaseDeadline(phase_id=phase.id, sequence=sequence, closes_at=instant, last_instant=instant,
                          accepted_until=instant + GRACE, zone=phase.zone, decided_at=now())
        )  # fmt: skip
        opened.execute(update(Phase).values(closes_at=instant))
        opened.commit()


# ---- the server ----


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(folder: Path, url: str, port: int, processes: int, threads: int) -> Iterator[subprocess.Popen[bytes]]:
    """`portal serve` over this database, until the end of the block."""
    environment = {**os.environ, "DATABASE_URL": "" if url.startswith("sqlite") else url, "VIVAIO_VAR": str(folder)}
    command = [str(Path(sys.executable).parent / "portal"), "serve", "--port", str(port)]
    command += ["--processes", str(processes), "--threads", str(threads)]
    with (folder / "server.log").open("wb") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(port)
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)


def workers_of(running: "subprocess.Popen[bytes]") -> list[int]:
    """The processes that answer requests: children of the server that was started here."""
    found = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    return [int(each) for each in found]


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            link.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            if link.getresponse().status < 500:
                return
        time.sleep(0.1)
    message = "the server did not start"
    raise RuntimeError(message)


def post(port: int, path: str, sender: Sender, fields: dict[str, str], timeout: float = 60) -> tuple[int, str]:
    """One form as a browser sends it, on a connection of its own: status and where it leads."""
    body = urlencode({"csrf_token": sender.csrf, "idempotency_key": sender.key, **fields})
    headers = {"Host": f"localhost:{port}", "Cookie": sender.cookie, "Sec-Fetch-Site": "same-origin",
               "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}  # fmt: skip
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        link.request("POST", path, body, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""
    finally:
        link.close()


def get(port: int, path: str, sender: Sender) -> str:
    """A page."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("GET", path, headers={"Host": f"localhost:{port}", "Cookie": sender.cookie})
        return link.getresponse().read().decode()
    finally:
        link.close()


def percentile(spent: list[float], share: float) -> float:
    """The value below which this share lies, in milliseconds."""
    return sorted(spent)[min(len(spent) - 1, int(len(spent) * share))] * 1000


def engine_name(url: str) -> str:
    """Which engine."""
    return url.partition(":")[0].partition("+")[0]
