"""A rehearsal is part of nothing that counts: every page, export and feed is the same before and after it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person, RoleGrant, TieRow
from portal.access.policy import Role
from portal.calls.models import Call, CallDelivery
from portal.calls.operations import follow
from portal.core.db import database
from portal.core.jobs import Job, run_one
from portal.core.jobs.models import JobState
from portal.core.mail import OutgoingMail
from portal.evaluation.models import Ranking
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.notices.models import Notice
from portal.register.models import ProtocolEntry
from portal.reporting.invariants import broken_invariants
from portal.reporting.queries import home_totals
from tests.factories.base import as_actor, make_person, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design
from tests.factories.rehearsal import draft_of, rehearse, shipped
from tests.factories.reporting import make_funded

ONCE = re.compile(rb'(nonce|value|content)="[A-Za-z0-9_.\-]{16,}"')
"""Keys and tokens, new on every page."""
ROLES = (Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE_MAKER, Role.CHAIR, Role.DATA_PROTECTION_OFFICER)
OF_THE_MOMENT = ("/metrics", "/healthz", "/readyz", "/account", "/sign-in", "/manage/trail", "/manage/privacy")
"""Pages that tell of the machine, of the reader's own sign-ins, or of what was done and by whom."""


def addresses(page: Any, slug: str, reference: str) -> list[str]:
    """Every address without parameters, and those of the live call."""
    rules = page.client.application.url_map.iter_rules()
    plain = [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
    mine = [f"/calls/{slug}", f"/manage/calls/{slug}", f"/manage/calls/{slug}/applications",
            f"/manage/calls/{slug}/grants", f"/results?call={slug}", f"/funded/{reference}"]  # fmt: skip
    return [each for each in sorted({*plain, *mine}) if not each.startswith(OF_THE_MOMENT)]


def read(page: Any, paths: list[str]) -> Iterator[tuple[str, int, bytes]]:
    """Each address with its status and its bytes, but for what is new every time."""
    for path in paths:
        answer = page.client.get(path, headers={"Accept-Language": "it"})
        yield path, answer.status_code, ONCE.sub(b"", answer.get_data())


@pytest.fixture
def live(store: Any, now: datetime) -> dict[str, Any]:
    """A published call with a funded project, a draft of the same authority, its staff."""
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        grant = make_funded(session, call, now=now, awarded_cents=4_000_000, paid_cents=1_600_050)
        authority = session.get_one(Authority, call.authority_id)
        draft = draft_of(session, shipped("venezia-welfare-comunita"), now=now, authority=authority)
        people = [make_staff(session, authority, role, now=now) for role in ROLES]
        for each in (make_person(session, now=now), people[0]):
            follow(session, actor=as_actor(session, each, now=now), now=now, authority_id=authority.id)
        return {
            "slug": call.slug,
            "reference": grant.reference,
            "draft": draft.id,
            "staff": [each.email for each in people],
        }


@pytest.mark.timeout(300)
def test_a_rehearsal_is_on_no_page_in_no_figure_and_in_nobody_s_inbox(
    visitors: Any, app: Any, store: Any, clock: Any, live: dict[str, Any], now: datetime
) -> None:
    readers = [visitors() for _ in range(1 + len(live["staff"]))]
    for reader, email in zip(readers[1:], live["staff"], strict=True):
        sign_in(reader, email)
    paths = addresses(readers[0], live["slug"], live["reference"])
    work(app, clock)
    before = [list(read(reader, paths)) for reader in readers]
    with store() as session:
        counted = figures(session)
        rehearsal = rehearse(session, session.get_one(Call, live["draft"]), now=now)
        slug, code = rehearsal.call.slug if rehearsal.call else "", rehearsal.twin.code
    work(app, clock)
    after = [list(read(reader, paths)) for reader in readers]
    for one, other in zip(before, after, strict=True):
        for was, is_now in zip(one, other, strict=True):
            assert was == is_now, was[0]
    with store() as session:
        assert figures(session) == counted
        assert session.scalars(select(Job.kind).where(Job.state != JobState.DONE, Job.run_at <= now)).all() == []
        canaries = invented(session)
    assert len(canaries) > 30
    assert not [file.name for file in app.extensions["settings"].var.glob("mail/*") if b".invalid" in file.read_bytes()]
    asked = f"?q=prova&call={slug}&authority={code}&state=all&status=paid&among=applicants"
    for reader in readers[:2]:
        for path, _status, content in read(reader, [f"{each.partition('?')[0]}{asked}" for each in paths]):
            assert not [each for each in canaries if each.encode() in content], path
    pages_of_the_twin_are_found_by_its_office_alone(visitors, store, live["staff"][0], slug)


def work(app: Any, clock: Any) -> None:
    """Let the worker do whatever is due."""
    with app.app_context():
        while run_one(database.engine, clock=clock, owner="test"):
            pass


def figures(session: Session) -> dict[str, Any]:
    """What is counted, balanced, registered, and told to people who exist."""
    twins = select(Authority.id).where(Authority.twin_of_id.is_not(None))
    real = select(Person.id).where(Person.email.not_like("%.invalid"))
    live_accounts = select(Account.kind, func.sum(Account.balance_cents)).where(Account.authority_id.not_in(twins))
    rows: dict[str, Any] = {
        "trial balance": live_accounts.group_by(Account.kind).order_by(Account.kind),
        "register": select(ProtocolEntry.id).where(ProtocolEntry.authority_id.not_in(twins)),
        "notices": select(Notice.id).where(Notice.person_id.in_(real)),
        "mails": select(OutgoingMail.id).where(OutgoingMail.recipient.not_like("%.invalid")),
        "deliveries": select(CallDelivery.id).where(CallDelivery.person_id.in_(real)),
        "roles": select(RoleGrant.id).where(RoleGrant.person_id.in_(real)),
        "ties": select(TieRow.id).where(TieRow.person_id.in_(real)),
    }
    counted = {name: sorted(map(str, session.execute(query))) for name, query in rows.items()}
    return {"totals": home_totals(session), "faults": list(broken_invariants(session)), **counted}


def invented(session: Session) -> list[str]:
    """Names, addresses and titles of a rehearsal."""
    nowhere = "%.invalid"
    people = session.scalars(select(Person.name).where(Person.email.like(nowhere)))
    teams = session.scalars(select(Organisation.name).where(Organisation.email.like(nowhere)))
    addresses_of_nobody = session.scalars(select(Person.email).where(Person.email.like(nowhere)))
    return sorted({*people, *teams, *addresses_of_nobody})


def pages_of_the_twin_are_found_by_its_office_alone(visitors: Any, store: Any, office: str, slug: str) -> None:
    """Public addresses answer 404 to a visitor; the officer reads them, marked, and cannot follow them."""
    with store() as session:
        call = session.scalars(select(Call).where(Call.slug == slug)).one()
        grant = session.scalars(select(Grant).where(Grant.call_id == call.id)).first()
        ranking = session.scalars(select(Ranking).where(Ranking.call_id == call.id)).first()
        assert grant is not None
        assert ranking is not None
        mine = (f"/manage/calls/{slug}", f"/rankings/{ranking.id}", f"/grants/{grant.id}")
        public = [f"/calls/{slug}", f"/calls/{slug}/questions", f"/calls/{slug}/deadline.ics", f"/calls/{slug}/on",
                  f"/calls/{slug}/areas.geojson", f"/rankings/{ranking.id}", f"/funded/{grant.reference}"]  # fmt: skip
    visitor, officer = visitors(), sign_in(visitors(), office)
    for path in public:
        visitor.get(path, 404)
    for path in mine:
        assert officer.get(path).shows("PROVA"), path
    assert not officer.get(f"/calls/{slug}").tree.xpath("//script[@type='application/ld+json']")
    officer.post(f"/calls/{slug}/follow", 404)
