"""How the officers' list grows: `make bench`, or `python -m benchmarks.inbox [ROWS] [TIMES]`.

The list of a call, of an authority, filters and searches are shown through the test client: wall and processor time
of the whole request, database included. Twice in one run: with 1 000 applications and with ROWS (100 000), written
straight into the tables. What counts is the ratio. A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL
database instead. Figures are printed, never asserted: they belong to the machine.
"""

import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.operations.signing_in import sign_in
from portal.access.policy import Role
from portal.access.rules import OrganisationKind
from portal.app import create_app
from portal.applications.inbox.rules import first_place
from portal.applications.inbox.scope import scope_word
from portal.applications.models import Application, InboxEntry
from portal.applications.rules import ApplicationStatus
from portal.applications.search import words_of
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import database, new_id
from portal.questionnaires.models import AnswerSheet
from tests.factories.applications import World
from tests.factories.base import make_organisation, make_staff

FEW, ROWS, TIMES, BATCH = 1_000, 100_000, 60, 5_000
RATIO = 1.2
ORGANISATIONS = 200
SHOWN = [status for status in ApplicationStatus if status is not ApplicationStatus.DRAFT]
NOUNS = ("orto", "cortile", "bottega", "teatro", "cucina", "palestra", "biblioteca", "officina", "mercato", "scuola")
KINDS = ("comune", "sociale", "popolare", "aperto", "diffuso", "solidale", "artigiano", "sportivo", "musicale")


def addresses(world: World, start: int) -> dict[str, str]:
    """What is asked, by name; `start` is a place in the middle of the list."""
    call = f"/manage/calls/{world.call.slug}/applications"
    return {
        "call": call,
        "call, middle": f"{call}?after={start}",
        "authority": "/manage/applications",
        "newest": "/manage/applications?order=newest",
        "one status": f"{call}?status=submitted",
        "waiting": "/manage/applications?waiting=7",
        "unread": "/manage/applications?unread=1",
        "common word": f"{call}?q=cortile",
        "two words": f"{call}?q=orto+sociale",
        "rare word": f"{call}?q=unicorno",
    }


def rows(world: World, first: int, last: int) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """A sheet, an application and its line, from one number to another."""
    chance, scope = random.Random(first), [scope_word(world.call.id), scope_word(world.authority.id)]
    keys, begun = organisations(world), world.now - timedelta(days=200)
    for number in range(first, last):
        sheet, key, at = new_id(), new_id(), begun + timedelta(minutes=number * 2)
        title = f"{chance.choice(NOUNS)} {chance.choice(KINDS)} {number}" + (" unicorno" if number % 997 == 0 else "")
        status = chance.choice(SHOWN)
        shared = {"authority_id": world.authority.id, "call_id": world.call.id, "phase_id": world.phase.id,
                  "organisation_id": chance.choice(keys), "status": status, "status_at": at, "title": title,
                  "reference": f"B-{number}", "requested_cents": 4_000_000, "total_cents": 5_000_000,
                  "area": None}  # fmt: skip
        application = {**shared, "id": key, "sheet_id": sheet, "created_at": at, "status": ApplicationStatus.WITHDRAWN}
        line = {**shared, "id": new_id(), "application_id": key, "number": first_place(at), "received_at": at,
                "protocol": f"{number:07}/2026", "kind": OrganisationKind.LEGAL_ENTITY, "municipality": "Bari",
                "words": " ".join([*scope, *words_of([title, "Bari Associazione"])]), "unread_by_team": 0,
                "unread_by_office": int(number % 500 == 0)}  # fmt: skip
        yield {"id": sheet, "form_revision_id": world.form}, application, line


def organisations(world: World) -> list[Any]:
    """Who applied."""
    known = world.session.query(Organisation.id).order_by(Organisation.id).limit(ORGANISATIONS)
    return [key for (key,) in known]


def fill(world: World, first: int, last: int) -> None:
    """Write the applications straight into the tables."""
    waiting = rows(world, first, last)
    while batch := list(islice(waiting, BATCH)):
        for model, given in zip((AnswerSheet, Application, InboxEntry), zip(*batch, strict=True), strict=True):
            world.session.execute(insert(model.__table__), list(given))
        world.session.commit()
    database_told(world.session)


def database_told(session: Session) -> None:
    """PostgreSQL learns by itself, in time, how its tables are filled; SQLite is never told."""
    if session.get_bind().dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def measured(client: FlaskClient, address: str, times: int) -> tuple[float, float]:
    """Median wall and processor milliseconds."""
    wall, busy = [], []
    for number in range(times + 3):
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status)
        if number >= 3:
            wall.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - worked) * 1000)
    return statistics.median(wall), statistics.median(busy)


def main(many: int, times: int) -> None:
    """Fill, measure, fill up, measure again, tell."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        client, figures = app.test_client(), {}
        with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
            world = World(session, now(), slug="bench")
            officer = make_staff(session, world.authority, Role.OFFICER, now=now())
            for _ in range(ORGANISATIONS):
                make_organisation(session, now=now())
            world.form = world.draft(whole=False).sheet.form_revision_id  # type: ignore[attr-defined]
            token, _ = sign_in(session, person=officer, user_agent="", now=now(), strong=True)
            session.commit()
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["whose"] = token, str(officer.id)
            settle()  # as the server does
            for size, first in ((FEW, 0), (many, FEW)):
                fill(world, first, size)
                middle = first_place(world.now - timedelta(days=200) + timedelta(minutes=size))
                for name, address in addresses(world, middle).items():
                    figures[name, size] = measured(client, address, times)
        print(f"{many} applications beside {FEW}, {database_name(url)}, load {os.getloadavg()[0]:.1f}")
        for name in addresses(world, 0):
            tell(name, figures[name, FEW], figures[name, many])


def database_name(url: str) -> str:
    """Which engine."""
    return url.partition(":")[0].partition("+")[0]


def tell(name: str, few: tuple[float, float], many: tuple[float, float]) -> None:
    """One line."""
    print(
        f"{name:13} p50 {few[0]:6.1f} → {many[0]:6.1f} ms   × {many[0] / few[0]:4.2f}   processor {few[1]:6.1f} →"
        f" {many[1]:6.1f} ms   × {many[1] / few[1]:4.2f}   budget × {RATIO}"
    )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(given[0] if given else ROWS, given[1] if len(given) > 1 else TIMES)
