"""Every route × every role × own, foreign and random objects, as a page and as a fragment: no unexpected allow."""

import sys
from functools import cache

import pytest
import yaml
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.access.queries import actor_of
from portal.core.actor import ANONYMOUS
from portal.core.db import database
from tests.house.matrix import FIXED, INSIDE, ROLES, Cell, Matrix, meant
from tests.house.sources import ROOT
from tests.markup import faults

GROUPS = {
    "team": {"owner", "editor", "viewer"},
    "writers": {"owner", "editor"},
    "finance": {"finance_maker", "finance_approver"},
    "everybody": set(ROLES),
    "signed-in": set(ROLES) - {"visitor"},
}
ELSEWHERE = {"foreign_applicant": "owner", "foreign_officer": "officer"}
"""Who somebody of the other authority is at home."""
SECRET = {
    "text_id", "statute_id", "application_id", "grant_id", "milestone_id", "tranche_id", "engagement_id",
    "session_id", "assignment_id", "order_id", "subject_id", "person_id", "role_grant_id", "role_proposal_id",
    "staff_invitation_id", "privacy_request_id", "copy_id", "provider_id", "identity_id", "passkey_id",
    "sign_in_id", "fact_id", "offer_id", "first_id", "second_id", "subscription_id", "rehearsal_id", "meeting_id",
    "mark_id", "clarification_id", "assessment_id", "warning_id", "follow_up_id", "amendment_id", "link_id",
    "appointment_id", "time_id", "next_step_id", "statement_id", "commission_id", "sitting_id", "minutes_id",
    "observation_id", "letter_id", "disclosure_id", "notice_id", "bank_file_id",
    "bank_message_id", "report_id", "cost_id", "cost_version_id", "control_proposal_id",
    "guarantee_id", "batch_id", "recovery_id", "money_back_id", "final_account_id", "irregularity_id",
}  # fmt: skip
"""Parameters of objects whose very existence is told to nobody else."""
REFUSED = {("applications.decide", "own"), ("applications.withdraw", "own"), ("accounts.change_email", "random")}
"""Forms that are not everybody's, and one whose link is: whoever comes is refused one or the other."""
HEAD_AS = ("owner", "officer", "finance_approver", "auditor")


@cache
def table() -> dict[str, str]:
    """The reviewed table."""
    rows: dict[str, str] = yaml.safe_load((ROOT / "tests" / "house" / "permissions.yaml").read_text(encoding="utf-8"))
    return rows


def roles_of(endpoint: str) -> set[str]:
    """The roles of a row, groups written out."""
    words = set(table()[endpoint].split()) - {"anywhere"}
    assert words <= GROUPS.keys() | set(ROLES), f"{endpoint}: {words}"
    return {role for word in words for role in GROUPS.get(word, {word})}


def expected(cell: Cell, *, names_object: bool) -> str:
    """What the table says of a cell."""
    roles, words = roles_of(cell.endpoint), set(table()[cell.endpoint].split())
    is_open = not names_object or bool(words & {"anywhere", "everybody", "signed-in"})
    if cell.whose == "random":
        may = False
    elif is_open:
        may = ELSEWHERE.get(cell.role, cell.role) in roles
    else:
        may = (cell.role if cell.whose == "own" else ELSEWHERE.get(cell.role)) in roles
    if may:
        return "allow"
    return "sign-in" if cell.role == "visitor" and "everybody" not in words else "deny"


def objects(matrix: Matrix) -> dict[str, set[str]]:
    """The objects that each route names."""
    return {rule.endpoint: set(rule.arguments) - FIXED.keys() - INSIDE for rule, _ in matrix.rules()}


NOTES_READ = {
    "coach": {"shared", "office", "author", "session"}, "officer": {"shared", "office", "session"},
    "owner": {"shared", "session"}, "editor": {"shared", "session"}, "viewer": {"shared", "session"},
    "auditor": {"session"},
}  # fmt: skip
"""What coaches write, and on whose pages it stands: never on those of finance or of evaluators."""


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("roles", [ROLES[::2], ROLES[1::2]], ids=["even", "odd"])
def test_every_door_opens_to_whom_the_table_says(matrix: Matrix, method, roles):
    named, before = objects(matrix), matrix.contents()
    wrong: list[str] = []
    told: dict[tuple[str, str], dict[str, int]] = {}
    number = 0
    for cell in matrix.cells(method, roles):
        found, status = matrix.ask(cell)
        number += 1
        if found != (wanted := expected(cell, names_object=bool(named[cell.endpoint]))):
            wrong.append(f"{cell.endpoint} {cell.whose} as {cell.role}: {found} ({status}), not {wanted}")
        if not cell.htmx and found == "deny" and named[cell.endpoint] & SECRET:
            told.setdefault((cell.endpoint, cell.role), {})[cell.whose] = status
    sys.stdout.write(f"{number} cells of {method}\n")
    assert wrong == []
    unlike = {key: each for key, each in told.items() if each.get("foreign", each["random"]) != each["random"]}
    assert unlike == {}, "a foreign object answers otherwise than one that does not exist"
    if method == "GET":
        assert matrix.contents() == before, "a GET has written"
        heard = {role: matrix.heard.get(role, set()) for role in roles}
        assert heard == {role: NOTES_READ.get(role, set()) for role in roles}, "a note reaches who is no reader of it"


@pytest.mark.parametrize("role", ROLES)
def test_a_refusal_is_a_whole_page_for_every_role(matrix: Matrix, role):
    """The other tests of the matrix are refused in few words."""
    matrix.refuse(at_length=True)
    shown = set()
    for cell in matrix.cells("POST", (role,)):
        if (cell.endpoint, cell.whose) in REFUSED and matrix.ask(cell)[0] == "deny":
            with matrix.answer(cell) as answer:
                html, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
            assert faults(html, policy) == []
            assert ("<h1>" in html, f'data-code="{answer.status_code}"' in html) == (not cell.htmx, cell.htmx)
            shown.add((answer.status_code, cell.htmx))
    assert shown >= ({(404, False)} if role == "visitor" else {(403, False), (403, True), (404, False)})


def test_a_head_request_changes_nothing(matrix: Matrix):
    before = matrix.contents()
    for cell in matrix.cells("GET", HEAD_AS):
        if cell.whose == "own" and not cell.htmx:
            matrix.ask(Cell(cell.endpoint, "HEAD", cell.path, cell.whose, cell.role, False))
    assert matrix.contents() == before


def test_every_route_has_a_reviewed_row_and_every_row_a_route(matrix: Matrix):
    mend = "write its row into tests/house/permissions.yaml: who may open it on an object of their own?"
    assert {rule.endpoint for rule, _ in matrix.rules()} == table().keys(), mend


def test_no_row_allows_more_than_the_policy(matrix: Matrix):
    with matrix.app.app_context(), Session(database.engine) as session:
        actors = {role: actor_of(session, person, matrix.now) for role, person in matrix.people.items()}
    actors["visitor"] = ANONYMOUS
    more = [
        (rule.endpoint, role)
        for rule, _ in matrix.rules()
        for role in roles_of(rule.endpoint)
        if not allowed(actors[role], action_of(matrix, rule.endpoint))
    ]
    assert more == []


def action_of(matrix: Matrix, endpoint: str) -> Action:
    """The action that a route declares."""
    action = getattr(matrix.app.view_functions[endpoint], "declared_action", None)
    assert isinstance(action, Action)
    return action


def test_a_parameter_that_nobody_registered_is_told_with_its_mend(matrix: Matrix):
    with pytest.raises(AssertionError, match=r"say in tests/factories/house.py which object 'room_id' names"):
        matrix.value("rooms.show", "room_id", "own")
    assert meant("grants.show", "grant_id") == "grant_id"
