"""Every change has its row in the trail, and every row its words.

`tests/trail_watch.py` watches the rows that forms change; here stands what it cannot see: forms that no test sends.
"""

import ast
import inspect
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.models import Authority
from portal.access.policy import Action
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.unit_of_work import unit_of_work
from portal.reporting.trail.labels import EVENTS
from portal.reporting.trail.rules import REFUSED
from tests import trail_watch
from tests.factories.base import make_authority
from tests.house.calls import Function, called, reaches
from tests.house.sources import Source, sources
from tests.house.test_routes import WITHOUT_ACTION

RECORD = ("portal.core.audit.chain", "record")
CHANGES_NOTHING = {
    "applications.save": "a draft: each version of an answer is kept",
    "evaluation.save": "a draft of the evaluator alone; what counts is recorded when it is final",
    "maturity.save": "a draft of one side alone; what counts is recorded when it is final",
    "sessions.extend": "the end of one's own session moves, as with every page that is opened",
}
"""Forms without a row in the trail, and why."""


def forms(app: Flask) -> Iterator[tuple[str, Function]]:
    """Every POST route with the function behind it."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith(WITHOUT_ACTION):
            view = inspect.unwrap(app.view_functions[rule.endpoint])
            yield rule.endpoint, (view.__module__, view.__name__)


def test_every_form_ends_in_a_row_of_the_trail(app: Flask):
    found = {endpoint: reaches(view, RECORD) for endpoint, view in forms(app)}
    assert len(found) > 40
    assert [endpoint for endpoint, is_told in found.items() if not is_told and endpoint not in CHANGES_NOTHING] == []


def test_the_map_of_calls_follows_names_through_packages():
    assert reaches(("portal.payments.views.tranche", "approve"), RECORD)
    assert ("portal.payments.operations.release", "approve_tranche") in called(
        ("portal.payments.views.tranche", "approve")
    )


def recorded() -> Iterator[tuple[Source, ast.expr]]:
    """Every `event=` of a call in the portal."""
    for source in sources("portal"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                yield from ((source, word.value) for word in node.keywords if word.arg == "event")


def has_words(value: ast.expr) -> bool:
    """Whether an event, as far as it is written out, has a label."""
    if isinstance(value, ast.Constant):
        return value.value in EVENTS
    if isinstance(value, ast.Attribute) and ast.unparse(value.value) == "Action":
        return Action[value.attr].value in EVENTS
    if isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        begins = str(value.values[0].value)
        return begins == REFUSED or any(event.startswith(begins) for event in EVENTS)
    return True


def test_every_event_has_words():
    mend = "write its label into portal/reporting/trail/labels.py"
    assert sorted({ast.unparse(value) for _, value in recorded() if not has_words(value)}) == [], mend


@pytest.fixture
def town(store):
    """An authority to change."""
    with store() as session:
        return make_authority(session).id


@pytest.mark.parametrize("is_recorded", [True, False])
def test_the_watch_sees_a_change_that_nobody_recorded(app: Flask, town, now, is_recorded):
    with app.test_request_context("/sign-out", method="POST"), unit_of_work(once=False) as session:
        authority = session.scalars(select(Authority).where(Authority.id == town)).one()
        authority.name = "Città nuova"
        if is_recorded:
            record(session, at=now, actor=SYSTEM, event="authority.updated", subject=authority)
    assert trail_watch.found == ([] if is_recorded else ["access.sign_out: authority"])
    trail_watch.found.clear()
