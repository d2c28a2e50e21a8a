"""A sealed call: no page of the portal gives anybody of the office a byte of what was sent, before the term."""

import io
from types import SimpleNamespace
from uuid import uuid4

import openpyxl
import pytest

from portal.access.policy import Role
from tests.factories.base import make_person, sign_in
from tests.factories.sealed import (
    CANARIES,
    FILE,
    OFFICE,
    READERS,
    TEAM,
    TITLE,
    make_sealed,
)
from tests.house.test_routes import WITHOUT_ACTION


@pytest.fixture
def shown(store, now):
    with store() as session:
        made = make_sealed(session, now=now)
        application, sent = made.application, made.application.submissions[0]
        file = next(each for each in sent.content["files"] if FILE in each["name"])
        return SimpleNamespace(
            id=application.id, staff={role: each.email for role, each in made.staff.items()},
            everybody=make_person(session, now=now, roles=OFFICE, authority=made.world.authority).email,
            protocol=sent.protocol_entry.label,
            known={
                "application_id": application.id, "slug": "buste-chiuse", "phase_id": application.phase_id,
                "call_id": application.call_id, "file_id": file["file_id"], "key": file["document"],
                "document_key": file["document"], "section_key": "idea", "subject_type": "application",
                "subject_id": application.id, "authority_code": made.world.authority.code,
                "day": now.date().isoformat(), "phase": application.phase.key, "filename": "app.css",
            },
        )  # fmt: skip


def addresses(app, known):
    """Every GET address of the portal about this application; what it does not know is a random key."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.endpoint.startswith(WITHOUT_ACTION):
            yield adapter.build(rule.endpoint, {name: known.get(name, uuid4()) for name in rule.arguments})
    yield "/manage/applications?q=canarino"
    yield f"/manage/calls/{known['slug']}/applications?q=canarino&status=submitted"
    yield "/manage/applications/map?q=canarino"
    yield f"/manage/applications/chosen?chosen={known['application_id']}&act=take"
    yield f"/manage/applications/export?chosen={known['application_id']}"
    yield "/manage/trail?about=canarino"


def heard(app, page, shown, within=""):
    """The canaries in every answer to whoever is signed in, by address; `within`: a word of the address."""
    found = {}
    for path in (each for each in addresses(app, shown.known) if within in each):
        answer = page.client.get(path, follow_redirects=False)
        assert answer.status_code < 500, path
        body = answer.get_data() + str(answer.headers).encode()
        if any(each.encode() in body for each in CANARIES):
            found[path] = {each for each in CANARIES if each.encode() in body}
    return found


def exported(page, form):
    page.get("/manage/applications/export")
    answer = page.client.post(
        "/manage/applications/export", headers={"Sec-Fetch-Site": "same-origin"},
        data={"csrf_token": page.csrf_token, "idempotency_key": uuid4().hex, "format": form},
    )  # fmt: skip
    assert answer.status_code == 200
    if form == "csv":
        return answer.get_data(as_text=True)
    rows = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def test_no_address_gives_anybody_of_the_office_a_byte_before_the_term(app, page, shown):
    """Every address, as somebody who holds every role of the office at once; then each role by itself at a few."""
    sign_in(page, shown.everybody)
    assert heard(app, page, shown) == {}
    for role in OFFICE:
        sign_in(page, shown.staff[role])
        for path in ("", "/content", "/messages", "/admissibility"):
            status = page.client.get(f"/applications/{shown.id}{path}").status_code
            assert status == 423 if role is Role.OFFICER else status in (403, 404, 423), (role, path)


@pytest.mark.parametrize("role", READERS)
def test_files_to_take_away_hold_nothing_and_the_list_tells_numbers(page, shown, role):
    sign_in(page, shown.staff[role])
    for form in ("csv", "xlsx"):
        assert not any(each in exported(page, form) for each in (*CANARIES, "23579"))
    page.get("/manage/calls/buste-chiuse/applications")
    assert page.shows(shown.protocol)
    assert page.shows("12 marzo 2026, 10:02")
    page.get(f"/applications/{shown.id}", 423)
    assert page.shows("Sigillato fino alla scadenza")
    assert page.shows("12 marzo 2026, 10:02")


def test_after_the_term_they_find_it_where_they_always_do(app, page, shown, clock):
    clock.advance(days=10, seconds=121)
    sign_in(page, shown.staff[Role.OFFICER])
    found = heard(app, page, shown, within="applications")
    assert set().union(*found.values()) == set(CANARIES)
    assert {f"/applications/{shown.id}", f"/applications/{shown.id}/content", "/manage/applications"} <= found.keys()
    assert all(each in exported(page, "csv") for each in (TITLE, TEAM, "23579,00"))


@pytest.mark.parametrize("path", ["/manage/applications", "/manage/calls/buste-chiuse/applications"])
def test_what_arrived_under_seal_asks_no_more_than_a_list_may(page, shown, statements, path):
    sign_in(page, shown.staff[Role.OFFICER]).get(path)
    with statements() as seen:
        page.get(path)
    assert len([each for each in seen if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]) <= 9
