"""The migrations over a database in use: the rows of before the people come through, there and back, and the trail
verifies.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core.audit import Count
from portal.core.config import Settings
from portal.core.db import JsonDocument, UtcDateTime, database, new_id
from portal.evaluation.checks import broken
from portal.evaluation.models import ScoreSheet
from portal.reporting.trail.operations import faults_of
from tests.conftest import NOW
from tests.engines import ENGINES, Databases, dispose
from tests.factories.evaluation import assign, make_evaluation, score_everything
from tests.house.test_schema import shape, triggers

BEFORE_PEOPLE = "0002"
CHAINS = ("previous_hash", "hash", "values_hash")
"""What the migration writes anew: the trail is chained again, with its names apart."""
TYPES: dict[type, sa.types.TypeEngine[Any]] = {
    UUID: sa.Uuid(),
    type(NOW): UtcDateTime(),
    dict: JsonDocument,
    date: sa.Date(),
}
Rows = dict[str, list[dict[str, Any]]]


def in_use() -> Rows:
    """A portal before people came: two accounts, a role, two applicants, an account of a bank, a call, a trail."""
    ada, eva, bari, odv, group, call = (new_id() for _ in range(6))
    address = {"email": "posta@ente.example", "created_at": NOW}
    return {
        "person": [
            {"id": key, "email": email, "name": name, "password_hash": "x", "locale": "it", "created_at": NOW}
            for key, email, name in ((ada, "ada@prova.example", "Ada"), (eva, "eva@prova.example", "Eva"))
        ],
        "authority": [{"id": bari, "code": "bari", "name": "Città metropolitana di Bari"}],
        "organisation": [
            {"id": odv, "kind": "legal_entity", "legal_form": "volunteer_organisation", "name": "Il Cortile",
             "fiscal_code": "93045670721", **address},
            {"id": group, "kind": "informal_group", "legal_form": "informal_group", "name": "Le Terrazze",
             "fiscal_code": None, **address},
        ],
        "role_grant": [{"id": new_id(), "person_id": ada, "authority_id": bari, "role": "finance_maker", "since": NOW}],
        "tie": [
            {"id": new_id(), "person_id": eva, "tie": "owner", "object_type": "organisation", "object_id": each,
             "since": NOW}
            for each in (odv, group)
        ],
        "bank_details": [
            {"id": new_id(), "organisation_id": odv, "iban": "IT60X0542811101000000123456", "holder": "Il Cortile",
             "status": "verified", "status_at": NOW, "proposed_by": eva, "proposed_at": NOW, "verified_by": ada},
        ],
        "verified_fact": [
            {"id": new_id(), "organisation_id": odv, "kind": "durc", "source": "INPS", "issued_on": date(2026, 2, 1),
             "valid_until": date(2026, 6, 1), "recorded_by": ada, "recorded_at": NOW},
        ],
        "call": [
            {"id": call, "authority_id": bari, "slug": "avviso", "status": "draft", "status_at": NOW,
             "title": {"it": "Avviso"}, "definition": {"criteria": []}, "revision": 1, "budget_cents": 1_000_00},
        ],
        **trail({"call": call, "person": eva}, actor=ada),
    }  # fmt: skip


def trail(subjects: dict[str, UUID], *, actor: UUID) -> Rows:
    """Three events for each subject; their hashes are of a form that nobody computes any more."""
    events = [
        {"id": new_id(), "subject_type": table, "subject_id": key, "sequence": sequence,
         "at": NOW + timedelta(minutes=sequence), "actor_id": actor, "actor_name": "Ada", "actor_roles": "officer",
         "event": f"{table}.change", "before": {"value": sequence - 1}, "after": {"value": "è così"},
         "reason": "Perché sì", "request_id": "", "salt": "s" * 32, "values_hash": "0" * 64,
         "previous_hash": str(sequence) * 64, "hash": str(sequence + 1) * 64}
        for table, key in subjects.items() for sequence in (1, 2, 3)
    ]  # fmt: skip
    heads = [
        {"id": new_id(), "subject_type": table, "subject_id": key, "sequence": 3, "hash": "4" * 64}
        for table, key in subjects.items()
    ]
    return {"audit_event": events, "audit_head": heads}


def _table(name: str, rows: list[dict[str, Any]]) -> sa.TableClause:
    return sa.table(
        name, *(sa.column(key, TYPES.get(type(value), sa.types.NULLTYPE)) for key, value in rows[0].items())
    )


def fill(rows: Rows) -> None:
    with database.engine.begin() as connection:
        for name, given in rows.items():
            connection.execute(sa.insert(_table(name, given)), given)


def kept(rows: Rows) -> Rows:
    """The same rows as the database has them now, but for the chains."""
    found = {}
    with database.engine.connect() as connection:
        for name, given in rows.items():
            found[name] = without_chains(connection.execute(sa.select(_table(name, given))).mappings())
    return found


def without_chains(rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    kept = [{name: value for name, value in row.items() if name not in CHAINS} for row in rows]
    return sorted(kept, key=itemgetter("id"))


@pytest.fixture(params=ENGINES)
def migrated(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path):
    """The application over a database of its own at the last migration, in its context."""
    app = create_app(Settings.for_tests(database_url=databases.fresh(request.param, "migrations"), var=tmp_path))
    with app.app_context():
        yield app
    dispose(app)


def test_a_database_in_use_comes_to_the_last_migration_and_back_whole(migrated: Flask):
    before = shape(database.engine), triggers(database.engine)
    downgrade(revision=BEFORE_PEOPLE)
    rows = in_use()
    fill(rows)
    expected = {name: without_chains(given) for name, given in rows.items()}
    for _ in range(2):
        upgrade()
        assert kept(rows) == expected
        with Session(database.engine) as session:
            count = Count()
            assert list(faults_of(session, now=NOW, count=count)) == []
        assert (count.events, count.chains) == (6, 2)
        assert (shape(database.engine), triggers(database.engine)) == before
        downgrade(revision=BEFORE_PEOPLE)
        assert kept(rows) == expected


BEFORE_SHEETS_SAID_WHAT_THEY_GIVE = "0014"


def test_sheets_of_before_say_what_they_give(migrated: Flask):
    with Session(database.engine, expire_on_commit=False) as session:
        world = make_evaluation(session, now=NOW, applications=1)
        assign(session, world, now=NOW)
        score_everything(session, world, now=NOW)
        said = {each.id: each.given for each in session.scalars(sa.select(ScoreSheet))}
        session.commit()
    assert said
    assert all(said.values())
    downgrade(revision=BEFORE_SHEETS_SAID_WHAT_THEY_GIVE)
    upgrade()
    with Session(database.engine) as session:
        assert {each.id: each.given for each in session.scalars(sa.select(ScoreSheet))} == said
        assert list(broken(session)) == []
        with pytest.raises(sa.exc.IntegrityError):
            session.execute(sa.text("UPDATE score_sheet SET given = '{}'"))
