"""The smallest true world: an authority, people with roles, an organisation with members, a published call.

Everything is written through models (and the ledger's own operations), so that a room's test needs no other room.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import luhn

from portal.access.models import Authority, BankDetails, Organisation, Person, RoleGrant
from portal.access.operations.signing_in import HASHER
from portal.access.operations.signing_in import sign_in as open_session
from portal.access.policy import Role, Tie
from portal.access.queries import actor_of
from portal.access.rules import BankDetailsStatus, LegalForm, OrganisationKind
from portal.access.seals import seal
from portal.access.ties import tie
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.callfile import design_to_json, document_hash, euro_to_cents, read_call_file
from portal.calls.models import Call, CallBudgetLine, CallRevision, Phase, PhaseDeadline
from portal.calls.rules import CallDesign, CallStatus, PhaseStatus
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.db import database
from portal.ledger.operations import open_account, transfer
from portal.ledger.rules import AccountKind, PostingKind
from portal.questionnaires.definition import form_hash, form_to_json
from portal.questionnaires.models import AnswerSheet, FormRevision
from portal.questionnaires.rules import Form

PASSWORD = "una-frase-lunga-di-prova"
CALLS = Path(__file__).parent.parent.parent / "calls"
number = count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: argon2 is slow on purpose."""
    return HASHER.hash(PASSWORD)


@cache
def bari_design() -> CallDesign:
    """The real call of Bari, as shipped."""
    return read_call_file((CALLS / "bari-urbis.yaml").read_text(encoding="utf-8"))


_written: dict[int, tuple[CallDesign, dict[str, Any]]] = {}


def _as_json(design: CallDesign) -> dict[str, Any]:
    """A design as JSON, written once: it takes a fifth of a second."""
    if id(design) not in _written:
        _written[id(design)] = (design, design_to_json(design))
    return dict(_written[id(design)][1])


def make_authority(session: Session, *, code: str = "bari", name: str = "Comune di Bari") -> Authority:
    """An authority."""
    authority = Authority(
        code=code, name=name, istat_code="072006", fiscal_code="80015010723", office="Ufficio Innovazione sociale",
        email="innovazione@bari.example", iban="IT60X0542811101000000123456", bic="BPBAIT3B",
    )  # fmt: skip
    session.add(authority)
    session.flush()
    return authority


def make_person(
    session: Session, *, now: datetime, name: str = "", email: str = "", roles: tuple[Role, ...] = (),
    authority: Authority | None = None,
) -> Person:  # fmt: skip
    """Somebody who can sign in with PASSWORD; `roles` are held in `authority`."""
    n = next(number)
    person = Person(
        name=name or f"Persona {n}", email=(email or f"persona{n}@prova.example").casefold(),
        password_hash=password_hash(), created_at=now, locale="it",
    )  # fmt: skip
    session.add(person)
    session.flush()
    for role in roles:
        assert authority is not None
        session.add(RoleGrant(person_id=person.id, role=role, authority_id=authority.id, since=now))
    session.flush()
    return person


def make_staff(session: Session, authority: Authority, role: Role, *, now: datetime, name: str = "") -> Person:
    """A member of staff."""
    named = name or f"{role.value} {next(number)}"
    return make_person(session, now=now, roles=(role,), authority=authority, name=named)


def as_actor(session: Session, person: Person, *, now: datetime) -> Actor:
    """The person as an operation receives it: roles and ties of this moment, a second factor given just now."""
    session.flush()
    return actor_of(session, person, now, strong_at=now)


def make_organisation(
    session: Session, *, now: datetime, owner: Person | None = None, informal: bool = False, name: str = "",
    form: LegalForm = LegalForm.SOCIAL_PROMOTION_ASSOCIATION, fiscal_code: str | None = None,
) -> Organisation:  # fmt: skip
    """An organisation or an informal group, with its owner."""
    n = next(number)
    organisation = Organisation(
        kind=OrganisationKind.INFORMAL_GROUP if informal else OrganisationKind.LEGAL_ENTITY,
        legal_form=LegalForm.INFORMAL_GROUP if informal else form,
        name=name or (f"Gruppo {n}" if informal else f"Associazione {n}"),
        fiscal_code=None if informal else fiscal_code or checked(n),
        email=f"org{n}@prova.example", address="via Sparano 10", city="Bari", district="Libertà", created_at=now,
        representative_name=None if informal else f"Rappresentante {n}",
    )  # fmt: skip
    session.add(organisation)
    session.flush()
    if owner is not None:
        join(session, owner, organisation, Tie.OWNER, now=now)
    return organisation


def checked(number: int) -> str:
    """Eleven digits of the office of Bari, the last of which checks the others: a codice fiscale or partita IVA."""
    first = f"{number:07d}072"
    return first + luhn.calc_check_digit(first)


def join(session: Session, person: Person, organisation: Organisation, how: Tie, *, now: datetime) -> None:
    """Make somebody a member."""
    tie(session, person_id=person.id, tie=how, object_type="organisation", object_id=organisation.id, now=now)


def make_bank_details(
    session: Session, organisation: Organisation, *, by: Person, verifier: Person, now: datetime,
    iban: str = "IT60X0542811101000000123456",
) -> None:  # fmt: skip
    """A verified account."""
    session.add(
        BankDetails(
            organisation_id=organisation.id, iban=iban, holder=organisation.name,
            status=BankDetailsStatus.VERIFIED, status_at=now, proposed_by=by.id, proposed_at=now,
            verified_by=verifier.id,
        )
    )  # fmt: skip
    session.flush()


def make_call(
    session: Session, authority: Authority, *, now: datetime, slug: str = "", design: CallDesign | None = None,
    opens: timedelta = timedelta(days=-10), closes: timedelta = timedelta(days=10), published: bool = True,
    phase_status: PhaseStatus = PhaseStatus.RUNNING,
) -> Call:  # fmt: skip
    """A call with one phase, its form, its deadline and its budget in the ledger; open around `now` by default."""
    definition = _as_json(design or bari_design()) | {"slug": slug or f"avviso-{next(number)}"}
    design = replace(design or bari_design(), slug=definition["slug"])
    budget = sum(euro_to_cents(line.amount) for line in design.budget_lines)
    call = Call(
        authority_id=authority.id, slug=design.slug, title=design.title, definition=definition,
        status=CallStatus.PUBLISHED if published else CallStatus.DRAFT, status_at=now, budget_cents=budget,
        published_at=now + opens if published else None,
    )  # fmt: skip
    session.add(call)
    session.flush()
    session.add(
        CallRevision(call_id=call.id, number=1, at=now, definition=call.definition, sha256=document_hash(definition))
    )
    _phase(session, call, design, now=now, opens=opens, closes=closes, status=phase_status)
    _budget(session, call, design, now)
    session.flush()
    return call


def _form(session: Session, call: Call, design: CallDesign, now: datetime) -> FormRevision:
    definition = form_to_json(Form(design.sections))
    form = FormRevision(owner_id=call.id, number=1, definition=definition, sha256=form_hash(definition), created_at=now)
    session.add(form)
    session.flush()
    return form


def _phase(
    session: Session, call: Call, design: CallDesign, *, now: datetime, opens: timedelta, closes: timedelta,
    status: PhaseStatus,
) -> None:  # fmt: skip
    given = design.phases[0]
    phase = Phase(
        call_id=call.id, key=given.key, position=1, name=given.name, status=status, status_at=now,
        opens_at=now + opens, closes_at=now + closes, zone=given.zone,
        form_revision_id=_form(session, call, design, now).id,
    )  # fmt: skip
    session.add(phase)
    session.flush()
    grace = timedelta(seconds=given.grace_seconds)
    if design.admission.sealed:
        seal(session, object_id=phase.id, until=phase.closes_at + grace + timedelta(seconds=120), now=now)
    session.add(
        PhaseDeadline(
            phase_id=phase.id, sequence=1, closes_at=phase.closes_at, last_instant=phase.closes_at + grace,
            accepted_until=phase.closes_at + grace + timedelta(seconds=120), zone=phase.zone, decided_at=now,
        )
    )  # fmt: skip


def _budget(session: Session, call: Call, design: CallDesign, now: datetime) -> None:
    for line in design.budget_lines:
        row = CallBudgetLine(call_id=call.id, key=line.key, name=line.name, amount_cents=euro_to_cents(line.amount))
        session.add(row)
        session.flush()
        fund, budget = (
            open_account(
                session, kind=kind, owner_id=owner, name=f"{kind.value} {line.key}", authority_id=call.authority_id,
                now=now,
            )
            for kind, owner in ((AccountKind.FUND, call.id), (AccountKind.BUDGET, row.id))
        )  # fmt: skip
        transfer(
            session, debit=budget, credit=fund, amount_cents=row.amount_cents, posting=PostingKind.BUDGET_OPENED,
            subject=row, actor=SYSTEM, now=now,
        )  # fmt: skip


def make_application(
    session: Session, call: Call, organisation: Organisation, *, now: datetime,
    status: ApplicationStatus = ApplicationStatus.DRAFT, title: str = "", requested_cents: int = 2_000_000,
    total_cents: int = 2_500_000, by: UUID | None = None,
) -> Application:  # fmt: skip
    """An application in any state; without a submission row (the applications room's factory makes whole ones)."""
    n = next(number)
    phase = call.phases[0]
    assert phase.form_revision_id is not None
    sheet = AnswerSheet(form_revision_id=phase.form_revision_id)
    session.add(sheet)
    session.flush()
    application = Application(
        authority_id=call.authority_id, call_id=call.id, phase_id=phase.id, organisation_id=organisation.id,
        sheet_id=sheet.id, reference=f"VIV-{now.year}-{n:06d}", status=status, status_at=now, created_at=now,
        created_by=by, title=title or f"Progetto {n}", area=call.design.areas[0].key if call.design.areas else None,
        requested_cents=requested_cents, total_cents=total_cents,
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def sign_in(page: Any, person_email: str) -> Any:
    """Open a session as signing in with password and second factor does; the desk is shown to whoever looks.

    tests/access tries the forms of sign-in themselves.
    """
    with page.client.application.app_context(), Session(database.engine) as session:
        person = session.scalars(select(Person).where(Person.email == person_email.casefold())).one()
        token, _ = open_session(session, person=person, user_agent="", now=clock.now(), strong=True)
        whose = str(person.id)
        session.commit()
    with page.client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"], cookie["whose"] = token, whose
    return page.stand_at("/desk")
