"""How long the portfolio of a call takes: `make bench`, or `python -m benchmarks.portfolio [GRANTS] [TIMES]`.

500 grants, each with its coach, a dozen sessions, the milestones and accounts of its plan, ratings of three moments and
two open warnings. Shown through the test client: wall and processor time of the whole request, database included; the
first page, the last one, and the spreadsheet of all. A fresh SQLite file; `BENCH_DATABASE_URL` names an empty
PostgreSQL database instead. Figures are printed, never asserted.
"""

import logging
import os
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.form import database_name, measured, tell
from portal.access.models import Organisation, Person
from portal.access.operations.signing_in import sign_in
from portal.app import create_app
from portal.applications.models import Application
from portal.calls.rules.design import MaturityMoment
from portal.coaching.maturity.signals import WarningKind
from portal.coaching.models import Assessment, CoachingSession, EarlyWarning, Engagement, Rating
from portal.coaching.rules import SessionMode, SessionStatus
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import Base, database, new_id
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.milestones.models import Milestone
from portal.questionnaires.models import AnswerSheet
from tests.factories.growing import assessment, make_growing, rate

GRANTS, TIMES, SESSIONS, BUDGET_MS = 500, 60, 12, 200
UNIQUE = dict.fromkeys(("fiscal_code", "vat_number", "runts_number"))
OF_A_GRANT: tuple[type[Base], ...] = (Milestone, EarlyWarning)


def rows_of(session: Session, model: type[Base], **having: Any) -> list[dict[str, Any]]:
    """The rows of a table with these values, as they are."""
    found = session.execute(select(model.__table__)).mappings()
    return [dict(row) for row in found if all(row[key] == value for key, value in having.items())]


def one(session: Session) -> tuple[str, UUID, Grant]:
    """The address, the officer and the pattern of all teams."""
    at = now()
    world, grant = make_growing(session, now=at)
    for level, moment in enumerate((MaturityMoment.ENTRY, MaturityMoment.MIDDLE, MaturityMoment.END), 2):
        assessment(session, grant, moment).opens_on = at.date()
        for person in (world.owner, world.coach):
            rate(world, grant, by=person, level=level, now=at, moment=moment)
    for mark, since in (("a", "2026-01-10"), ("b", "2026-02-10")):
        session.add(EarlyWarning(authority_id=world.authority.id, grant_id=grant.id, kind=WarningKind.SILENT, mark=mark,
                                 figures={"since": since}, raised_at=at))  # fmt: skip
    (engagement,) = rows_of(session, Engagement)
    for number in range(1, SESSIONS + 1):
        starts = at - timedelta(days=number, hours=3)
        session.add(CoachingSession(
            authority_id=world.authority.id, engagement_id=engagement["id"], coach_id=world.coach.id, starts_at=starts,
            ends_at=starts + timedelta(hours=1), minutes=60, mode=SessionMode.REMOTE, summary="Il piano economico.",
            logged_at=at, status=SessionStatus.HELD, status_at=at,
        ))  # fmt: skip
    session.flush()
    return f"/manage/calls/{world.call.slug}/portfolio", world.officer.id, grant


class Copies:
    """More teams like the first one, each with all that it has."""

    def __init__(self, session: Session, grant: Grant) -> None:
        (self.grant,) = rows_of(session, Grant)
        (self.team,) = rows_of(session, Organisation, id=grant.organisation_id)
        (self.application,) = rows_of(session, Application, id=grant.application_id)
        (self.sheet,) = rows_of(session, AnswerSheet, id=self.application["sheet_id"])
        (self.engagement,), self.sessions = rows_of(session, Engagement), rows_of(session, CoachingSession)
        self.plan = [(model, row) for model in OF_A_GRANT for row in rows_of(session, model, grant_id=grant.id)]
        self.accounts = rows_of(session, Account, owner_id=grant.id)
        self.rated, self.ratings = rows_of(session, Assessment, grant_id=grant.id), rows_of(session, Rating)
        self.made: dict[type[Base], list[dict[str, Any]]] = {}

    def add(self, model: type[Base], row: dict[str, Any], **changed: Any) -> Any:
        """A copy of a row under a key of its own; its key."""
        copy = {**row, "id": new_id(), **changed}
        self.made.setdefault(model, []).append(copy)
        return copy["id"]

    def one_more(self, number: int) -> None:
        """A team of its own name."""
        code = f"BENCH-{number:06}"
        name = self.add(Organisation, self.team, name=f"Rete {number}", **UNIQUE)
        sheet = self.add(AnswerSheet, self.sheet)
        application = self.add(Application, self.application, organisation_id=name, sheet_id=sheet, reference=code)
        grant = self.add(Grant, self.grant, application_id=application, organisation_id=name, reference=code)
        self.coached(number, self.add(Engagement, self.engagement, application_id=application, organisation_id=name))
        for model, row in self.plan:
            self.add(model, row, grant_id=grant)
        for row in self.accounts:
            self.add(Account, row, owner_id=grant)
        moments = {row["id"]: self.add(Assessment, row, grant_id=grant) for row in self.rated}
        for row in self.ratings:
            self.add(Rating, row, assessment_id=moments[row["assessment_id"]])

    def coached(self, number: int, engagement: UUID) -> None:
        """Its sessions: the coach meets one team at a time."""
        back = timedelta(days=SESSIONS * number)
        for row in self.sessions:
            times = {key: row[key] - back for key in ("starts_at", "ends_at")}
            self.add(CoachingSession, row, engagement_id=engagement, **times)


def multiply(session: Session, grant: Grant, size: int) -> None:
    """As many teams as are asked for."""
    copies = Copies(session, grant)
    for number in range(1, size):
        copies.one_more(number)
    for model, rows in copies.made.items():
        session.execute(insert(model), rows)


def prepared(client: FlaskClient, size: int) -> str:
    """The officer is signed in; the address of the portfolio."""
    with client.application.app_context(), Session(database.engine) as session:
        address, officer, grant = one(session)
        multiply(session, grant, size)
        token, _ = sign_in(session, person=session.get_one(Person, officer), user_agent="", now=now(), strong=True)
        session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["whose"] = token, str(officer)
    return address


def main(size: int, times: int) -> None:
    """Fill the database, open the portfolio many times, tell the figures."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        client = app.test_client()
        address = prepared(client, size)
        settle()  # as the server does

        def show(asked: str) -> None:
            assert client.get(f"{address}{asked}").status_code == 200

        show("")
        print(f"{size} grants of {SESSIONS} sessions, {database_name(url)}, load {os.getloadavg()[0]:.1f}")
        tell("first page", measured(lambda _number: show(""), times), BUDGET_MS)
        tell("last page, by next milestone", measured(lambda _number: show(f"?order=next&page={size // 50}"), times),
             BUDGET_MS)  # fmt: skip
        tell("all of them as XLSX", measured(lambda _number: show("/table?format=xlsx"), times // 4), BUDGET_MS)


if __name__ == "__main__":
    asked_for = [int(each) for each in sys.argv[1:]]
    main(asked_for[0] if asked_for else GRANTS, asked_for[1] if len(asked_for) > 1 else TIMES)
