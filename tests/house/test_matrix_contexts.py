"""The permission matrix in other circumstances: conflicted, no longer in office, another phase, another method."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from portal.access.models import RoleGrant, TieRow
from portal.access.policy import Tie
from portal.access.ties import tie
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import PhaseStatus
from portal.core.db import database
from tests.house.matrix import FIXED, INSIDE, OWN_PEOPLE, Cell, Matrix
from tests.house.test_matrix import expected, table

OF_THE_OFFICE = {
    "evaluator_id", "text_id",
    "slug", "phase_id", "ranking_id", "draw_id", "order_id", "line_id", "authority_code", "person_id", "reference",
    "role_grant_id", "role_proposal_id", "staff_invitation_id",
    "privacy_request_id", "provider_id", "first_id", "second_id", "day", "question_id", "place",
    "rehearsal_id", "meeting_id", "statement_id", "bank_file_id", "bank_message_id", "batch_id",
}  # fmt: skip
"""Parameters of what belongs to the office itself: a conflict with one applicant does not close them."""
FOR_ANYBODY = {"everybody", "signed-in"}
OF_ONESELF = {"subscription_id", "copy_id", "passkey_id", "sign_in_id", "identity_id"}
"""Parameters of what belongs to the person: it stays theirs, whatever they leave and whatever conflict they have."""
METHODS = ("POST", "PUT", "PATCH", "DELETE")
ASKING = ("visitor", "owner", "officer", "administrator")


def change(matrix: Matrix, *statements: object) -> None:
    """Alter the database for the whole test."""
    with matrix.app.app_context(), Session(database.engine) as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[call-overload]
        session.commit()
    matrix.keep()


def plain(matrix: Matrix, method: str) -> Iterator[Cell]:
    """The cells of own objects, as pages."""
    for cell in matrix.cells(method, OWN_PEOPLE):
        if cell.whose == "own" and not cell.htmx:
            yield cell


def objects_of(matrix: Matrix) -> dict[str, set[str]]:
    """The objects that each route names."""
    return {rule.endpoint: set(rule.arguments) - FIXED.keys() - INSIDE for rule, _ in matrix.rules()}


def test_a_conflict_closes_every_object_it_is_with(matrix: Matrix):
    with matrix.app.app_context(), Session(database.engine) as session:
        for person in {matrix.people[role].id for role in OWN_PEOPLE}:
            for object_id in {value for value in matrix.objects["own"].values() if isinstance(value, UUID)}:
                tie(session, person_id=person, tie=Tie.CONFLICTED, object_type="any", object_id=object_id,
                    now=matrix.now)  # fmt: skip
        session.commit()
    matrix.keep()
    named, number, wrong = objects_of(matrix), 0, []
    for cell in plain(matrix, "GET"):
        found, status = matrix.ask(cell)
        number += 1
        is_closed = (
            named[cell.endpoint] - OF_THE_OFFICE - OF_ONESELF and not set(table()[cell.endpoint].split()) & FOR_ANYBODY
        )
        if found == "allow" and is_closed:
            wrong.append(f"{cell.endpoint} as {cell.role}: {status}")
    sys.stdout.write(f"{number} cells of people in conflict\n")
    assert wrong == []


def test_whoever_left_office_or_organisation_finds_every_door_closed(matrix: Matrix):
    change(
        matrix,
        update(RoleGrant).values(until=matrix.now - timedelta(seconds=1)),
        text("DROP TRIGGER tie_keeps_an_owner"),  # here nobody at all is left, which the database refuses
        update(TieRow).values(until=matrix.now - timedelta(seconds=1)),
    )
    named, number, wrong = objects_of(matrix), 0, []
    for method in ("GET", "POST"):
        for cell in plain(matrix, method):
            if set(table()[cell.endpoint].split()) & FOR_ANYBODY or named[cell.endpoint] & OF_ONESELF:
                continue
            found, status = matrix.ask(cell)
            number += 1
            if found == "allow":
                wrong.append(f"{cell.method} {cell.endpoint} as former {cell.role}: {status}")
    sys.stdout.write(f"{number} cells of people who left\n")
    assert wrong == []


def test_another_phase_opens_no_door_that_the_table_keeps_closed(matrix: Matrix):
    """Drafts where sent applications stand and the reverse, one withdrawn, the phase of the call over."""
    own = matrix.objects["own"]
    own["draft_id"], own["sent_id"] = own["sent_id"], own["draft_id"]
    change(
        matrix,
        update(Application).where(Application.id == own["application_id"]).values(status=ApplicationStatus.WITHDRAWN),
        update(Phase).values(status=PhaseStatus.CONCLUDED),
    )
    named, number, wrong = objects_of(matrix), 0, []
    for method in ("GET", "POST"):
        for cell in plain(matrix, method):
            if not named[cell.endpoint] or set(table()[cell.endpoint].split()) & FOR_ANYBODY:
                continue
            found, status = matrix.ask(cell)
            number += 1
            if found == "allow" and expected(cell, names_object=True) != "allow":
                wrong.append(f"{method} {cell.endpoint} as {cell.role}: {status}")
    sys.stdout.write(f"{number} cells of another phase\n")
    assert wrong == []


def test_no_other_method_is_a_way_round(matrix: Matrix):
    answered = {(rule.rule, method) for rule, method in matrix.rules()}
    number, wrong = 0, []
    for rule, asked in matrix.rules():
        path = matrix.path(rule, "own", asked)
        swapped = [m for m in METHODS if (rule.rule, m) not in answered]
        swapped += ["GET"] if (rule.rule, "GET") not in answered else []
        for role in ASKING:
            for method in swapped:
                number += 1
                found, status = matrix.ask(Cell(rule.endpoint, method, path, "own", role, False))
                if status not in (404, 405, 403) and found != "sign-in":
                    wrong.append(f"{method} instead of {asked} on {rule.rule} as {role}: {status}")
    sys.stdout.write(f"{number} cells of another method\n")
    assert wrong == []


def test_a_header_does_not_change_the_method(matrix: Matrix):
    override = dict.fromkeys(("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"), "POST")
    before = matrix.contents()
    for cell in plain(matrix, "GET"):
        if cell.role == "officer":
            headers = {**matrix.cookies["officer"], **override}
            with matrix.client.open(f"{cell.path}?_method=POST", headers=headers) as answer:
                assert answer.status_code < 500
    assert matrix.contents() == before
