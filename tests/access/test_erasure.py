"""Erasing anybody of a populated house leaves totals, ledger and trail whole, and nothing of them to others (P17)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person, RoleGrant, TieRow, WebSession
from portal.access.operations.erasing import StillHeld, erase_person
from portal.access.operations.signing_in import sign_in as open_session
from portal.access.policy import Role, Tie
from portal.access.queries.own_data import identity_of
from portal.core.actor import SYSTEM
from portal.core.audit import AuditEvent, record, verify
from portal.core.db import Base
from portal.core.mail import send_mail
from portal.core.privacy.nature import tables, tag_of
from portal.core.privacy.tags import ERASED
from portal.ledger.models import Account, LedgerEntry
from portal.reporting.invariants import broken_invariants
from tests.factories.base import join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.house import House, make_house
from tests.house.matrix import FIXED, meant

REASON = "art. 17"
STAYS = ("submission.content",)
"""Registered documents name who sent them."""


def leave(session: Session, person: Person, heir: Person, now) -> None:
    """What has to be handed over first: roles end, somebody else represents the organisations."""
    theirs = or_(RoleGrant.person_id == person.id, RoleGrant.stands_in_for == person.id)
    session.execute(update(RoleGrant).where(theirs).values(until=now))
    owned = select(TieRow.object_id).where(
        TieRow.person_id == person.id, TieRow.tie == Tie.OWNER, TieRow.until.is_(None)
    )
    for organisation in session.scalars(select(Organisation).where(Organisation.id.in_(owned))).all():
        join(session, heir, organisation, Tie.OWNER, now=now)
    session.flush()


def erase(session: Session, person: Person, heir: Person, now) -> None:
    leave(session, person, heir, now)
    erase_person(session, person_id=person.id, actor=SYSTEM, now=now, reason=REASON)


def where_it_stands(session: Session, *canaries: str) -> set[str]:
    """Every column, of any table, in which one of these texts still stands."""
    sought = [each.casefold() for each in canaries]
    return {
        f"{table.name}.{column}"
        for table in tables(Base.metadata)
        for row in session.execute(select(table)).mappings()
        for column, value in row.items()
        if isinstance(value, str | dict | list | bytes)
        for text in [str(value).casefold()]
        if any(each in text for each in sought)
    }


def totals(session: Session) -> tuple[object, ...]:
    balances = select(Account.kind, func.count(), func.sum(Account.balance_cents)).group_by(Account.kind)
    entries = select(func.count(), func.sum(LedgerEntry.amount_cents))
    return (*session.execute(balances.order_by(Account.kind)).all(), *session.execute(entries).all())


def rows_kept(session: Session) -> dict[str, int]:
    """Rows of every table that belongs to more than one person."""
    names = ("application", "submission", "grant_award", "tranche", "ledger_entry", "tie", "person", "ranking_row")
    return {name: session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0 for name in names}


@pytest.fixture
def house(session, now) -> House:
    """Everybody, each named by others in a message too."""
    built = make_house(session, now=now, code="bari")
    for person in list(built.people.values()):
        named: dict[str, Any] = {"person": person, "account": None, "path": "/"}
        send_mail(session, to="altra@prova.example", template="access/account_closed", locale="it", now=now, **named)
    return built


def test_erasing_each_person_leaves_everything_whole(session, house, now):
    heir = make_person(session, now=now, name="Erede Nuovo")
    faults, sums, rows = set(broken_invariants(session)), totals(session), rows_kept(session)
    for person in list(house.people.values()):
        with session.begin_nested() as undone:
            canaries = (person.name, person.email)
            erase(session, person, heir, now)
            assert list(verify(session)) == []
            assert set(broken_invariants(session)) - faults == set()
            assert totals(session) == sums
            assert rows_kept(session).items() - {"tie": 0}.items() >= (rows.items() - {("tie", rows["tie"])})
            assert where_it_stands(session, *canaries) <= set(STAYS), canaries
            undone.rollback()
        session.expire_all()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=2, phases=[Phase.generate])
@given(data=st.data())
def test_erasing_several_in_any_order_leaves_everything_whole(data, session, house, now):
    heir = make_person(session, now=now, name="Erede Nuovo")
    faults, sums = set(broken_invariants(session)), totals(session)
    chosen = data.draw(st.permutations(sorted(house.people)))[:4]
    canaries = [text for key in chosen for text in (house.people[key].name, house.people[key].email)]
    with session.begin_nested() as undone:
        for key in chosen:
            erase(session, house.people[key], heir, now)
        assert list(verify(session)) == []
        assert (totals(session), set(broken_invariants(session)) - faults) == (sums, set())
        assert where_it_stands(session, *canaries) <= set(STAYS)
        undone.rollback()
    session.expire_all()


def test_what_stays_is_tagged_as_kept():
    for name in STAYS:
        table, _, column = name.partition(".")
        tag = tag_of(Base.metadata.tables[table].columns[column])
        assert tag is not None
        assert tag.erasure.stays


@pytest.fixture
def small(session, now) -> tuple[Person, Person, Organisation]:
    """Two people of one organisation; the first one represents it."""
    owner, editor = (make_person(session, now=now, name=name) for name in ("Ada Neri", "Bea Rossi"))
    organisation = make_organisation(session, now=now, owner=owner, name="Il Ponte")
    join(session, editor, organisation, Tie.EDITOR, now=now)
    return owner, editor, organisation


def test_an_erased_account_is_closed_for_good(session, small, now):
    _owner, person, _organisation = small
    open_session(session, person=person, user_agent="Firefox", now=now)
    erase_person(session, person_id=person.id, actor=SYSTEM, now=now, reason=REASON)
    session.refresh(person)
    assert (person.name, person.email) == (ERASED, f"erased-{person.id}@erased.invalid")
    assert (person.password_hash, person.erased_at, person.closed_at) == ("!", now, now)
    assert session.scalars(select(WebSession).where(WebSession.person_id == person.id)).all() == []
    live = select(TieRow).where(TieRow.person_id == person.id, TieRow.until.is_(None))
    assert session.scalars(live).all() == []
    last = select(AuditEvent).where(AuditEvent.subject_id == person.id, AuditEvent.event == "person.erased")
    event = session.scalars(last).one()
    assert (event.actor_name, event.reason) == ("Vivaio", REASON)


def test_erasing_somebody_twice_does_nothing_more(session, small, now):
    _owner, person, _organisation = small
    erase_person(session, person_id=person.id, actor=SYSTEM, now=now, reason=REASON)
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    done = erase_person(session, person_id=person.id, actor=SYSTEM, now=now, reason=REASON)
    assert not done.deleted
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_whom_others_depend_on_hands_over_first(session, small, now):
    owner, editor, organisation = small
    officer = make_staff(session, make_authority(session), Role.OFFICER, now=now, name="Rosa Sala")
    for person, mend in ((owner, "Il Ponte"), (officer, "")):
        with pytest.raises(StillHeld) as refused:
            erase_person(session, person_id=person.id, actor=SYSTEM, now=now, reason=REASON)
        assert mend in str(refused.value)
        assert (person.erased_at, person.closed_at) == (None, None)
    join(session, editor, organisation, Tie.OWNER, now=now)
    erase_person(session, person_id=owner.id, actor=SYSTEM, now=now, reason=REASON)
    assert owner.erased_at == now


def test_a_former_address_is_looked_for_unless_somebody_else_has_it_now(session, now):
    person, other = (make_person(session, now=now, email=f"{name}@prova.example") for name in ("nuovo", "preso"))
    for at, (before, after) in enumerate([("primo@prova.example", "preso@prova.example"),
                                          ("preso@prova.example", "nuovo@prova.example")]):  # fmt: skip
        record(
            session, at=now + timedelta(hours=at), actor=SYSTEM, event="person.email_changed", subject=person,
            before={"email": before}, after={"email": after},
        )  # fmt: skip
    renamed = {"name": "Ada Neri", "locale": "it"}, {"name": person.name, "locale": "it"}
    record(session, at=now, actor=SYSTEM, event="person.renamed", subject=person, before=renamed[0], after=renamed[1])
    assert identity_of(session, person).said == ("nuovo@prova.example", person.name)
    found = identity_of(session, person, former=True)
    assert found.addresses == {"nuovo@prova.example", "primo@prova.example"}
    assert found.former_names == {"Ada Neri"}
    assert other.email not in found.said


GONE = ("owner", "coach", "officer", "finance_maker", "evaluator", "viewer")
ALL_ROLES = (
    Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE_APPROVER, Role.CHAIR, Role.DATA_PROTECTION_OFFICER,
)  # fmt: skip


def addresses(app: Flask, named: dict[str, Any]) -> list[str]:
    """Every page that objects of this house have."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: named.get(meant(rule.endpoint, name), FIXED.get(name)) for name in rule.arguments}
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and None not in values.values():
            found.append(app.url_map.bind("localhost").build(rule.endpoint, values))
    return sorted(found)


def test_no_page_shows_anything_of_the_erased_to_anybody(page, app, store, now):
    with store() as session:
        house = make_house(session, now=now, code="bari")
        authority = session.scalars(select(Authority).where(Authority.code == "bari")).one()
        heir = make_person(session, now=now, name="Erede Nuovo")
        officer = make_person(session, now=now, name="Nuova Responsabile", authority=authority, roles=ALL_ROLES)
        canaries = [text for key in GONE for text in (house.people[key].name, house.people[key].email)]
        for key in GONE:
            erase(session, house.people[key], heir, now)
        readers = (heir.email, officer.email)
    shown = 0
    for reader in readers:
        sign_in(page, reader)
        for address in addresses(app, house.named):
            answer = page.client.get(address)
            if answer.status_code == 200 and answer.mimetype in ("text/html", "application/json", "text/csv"):
                shown += 1
                text = answer.get_data(as_text=True)
                assert [each for each in canaries if each in text] == [], address
    assert shown > 60
