"""The cast of the journey through the main job, the call they play in, and what they write."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from playwright.sync_api import FilePayload
from sqlalchemy.orm import Session

from portal.access.operations.accounts import create_person
from portal.access.operations.roles import grant_role
from portal.access.policy import Role
from portal.access.queries import authority_by_code
from portal.calls.operations import import_call
from portal.calls.rules import Act, CallDesign, Deadline, PhaseDesign
from portal.calls.rules.times import instant_of
from portal.core.actor import SYSTEM
from portal.rehearsal.papers import Upload
from tests.factories.base import PASSWORD, bari_design
from tests.factories.second_factor import give_app

AUTHORITY_IBAN = "IT60X0542811101000000123456"
GROUP_IBAN = "IT24D0542811101000000654321"
SLUG = "bari-urbis"

Cast = Mapping[str, tuple[str, Role | None]]

CAST: Cast = {
    "officer": ("Marta Lorusso", Role.OFFICER),
    "chair": ("Nicola De Santis", Role.CHAIR),
    "evaluator-1": ("Rosa Carbonara", Role.EVALUATOR),
    "evaluator-2": ("Vito Capriati", Role.EVALUATOR),
    "evaluator-3": ("Ilaria Sforza", Role.EVALUATOR),
    "evaluator-4": ("Pasquale Milella", Role.EVALUATOR),
    "coach": ("Teresa Amoruso", Role.COACH),
    "maker": ("Renato Sala", Role.FINANCE_MAKER),
    "approver": ("Giulia Netti", Role.FINANCE_APPROVER),
    "association": ("Anna Ferrante", None),
    "group": ("Luca Palmisano", None),
    "latecomer": ("Sergio Tritto", None),
}
"""Who plays: the key, the name, and the role for those who work for the city."""

COMMISSION = ("chair", "evaluator-1", "evaluator-2", "evaluator-3", "evaluator-4")


@dataclass(frozen=True)
class Proposal:
    """One applicant and what they write; `answers` by section, in the order of the form."""

    person: str
    organisation: str
    legal_form: str | None
    fiscal_code: str
    documents: tuple[str, ...]
    title: str
    requested: str
    costs: tuple[str, ...]
    story: dict[str, str] = field(default_factory=dict)
    call: str = SLUG
    seat: tuple[str, str, str] = ("via Crisanzio 12", "Bari", "Libertà")

    @property
    def is_group(self) -> bool:
        """A group of people that is no legal entity yet."""
        return self.legal_form is None


ASSOCIATION = Proposal(
    person="association",
    organisation="Associazione Il Ponte di Japigia",
    legal_form="social_promotion_association",
    fiscal_code="93012340720",
    documents=("Statuto o atto costitutivo", "Piano dei costi e cronoprogramma"),
    title="La bottega del riuso di Japigia",
    requested="24.650,37",
    costs=("14.000,00", "6.000,44", "5.000,00", "4.000,00"),
)
GROUP = Proposal(
    person="group",
    organisation="Gruppo Cortile Aperto",
    legal_form=None,
    fiscal_code="",
    documents=("Dichiarazione d'impegno a costituirsi", "Piano dei costi e cronoprogramma"),
    title="Cortile Aperto: doposcuola e merenda a Libertà",
    requested="18.333,33",
    costs=("11.000,00", "4.600,00", "3.000,00", "3.000,00"),
)


@dataclass(frozen=True)
class Entity:
    """What the group becomes."""

    name: str
    legal_form: str
    fiscal_code: str


ENTITY = Entity("Cortile Aperto APS", "social_promotion_association", "93067890728")

POINTS = {
    GROUP.organisation: ("22", "17", "16", "12,5", "9", "8"),
    ASSOCIATION.organisation: ("19", "14", "15,5", "11", "7", "6"),
}
"""Points by criterion, in the order of the call."""

REASON = "Il bisogno è provato da dati del Municipio e il calendario delle attività è credibile."


def pdf(title: str) -> FilePayload:
    """A small true PDF, as a browser attaches it."""
    made = Upload.pdf(title, [f"{title}. Documento di prova del percorso completo."])
    return FilePayload(name=made.filename, mimeType="application/pdf", buffer=made.stream.read())


def address_of(key: str) -> str:
    """The address with which one of the cast signs in."""
    return f"{key}@percorso.example"


@cache
def design() -> CallDesign:
    """The call of Bari, opening on Monday 9 March 2026; the city pays from an account of its own."""
    shipped = bari_design()
    shift = date(2026, 3, 9) - shipped.phases[0].opens.date()
    return replace(
        shipped,
        authority=replace(shipped.authority, iban=AUTHORITY_IBAN, bic="BPBAIT3B"),
        acts=[_act(act, shift) for act in shipped.acts],
        phases=[_phase(phase, shift) for phase in shipped.phases],
    )


def opens_at() -> datetime:
    """The opening of the call."""
    phase = design().phases[0]
    return instant_of(phase.opens, phase.zone)


def closes_at() -> datetime:
    """The deadline in force, without grace."""
    phase = design().phases[0]
    return instant_of(phase.deadlines[-1].closes, phase.zone)


def _phase(phase: PhaseDesign, shift: timedelta) -> PhaseDesign:
    return replace(phase, opens=phase.opens + shift, deadlines=[_deadline(each, shift) for each in phase.deadlines])


def _deadline(deadline: Deadline, shift: timedelta) -> Deadline:
    act = _act(deadline.act, shift) if deadline.act else None
    return replace(deadline, closes=deadline.closes + shift, act=act)


def _act(act: Act, shift: timedelta) -> Act:
    return replace(act, date=act.date + shift)


def set_the_stage(session: Session, *, now: datetime) -> None:
    """The imported call, still a draft, and an account for everybody: as the two commands of the office leave it."""
    import_call(session, design=design(), actor=SYSTEM, now=now)
    bring(session, CAST, "bari", now=now)


def bring(session: Session, cast: Cast, office: str, *, now: datetime, with_app: Collection[str] = ()) -> None:
    """An account for everybody; an app for those who work for this office and for those named."""
    session.flush()
    authority = authority_by_code(session, office)
    assert authority is not None
    for key, (name, role) in cast.items():
        given: dict[str, Any] = {"actor": SYSTEM, "now": now}
        person = create_person(session, email=address_of(key), name=name, password=PASSWORD, **given)
        session.flush()
        if role is not None or key in with_app:
            give_app(session, person, now=now)
        if role is not None:
            grant_role(session, person_id=person.id, role=role, authority_id=authority.id, **given)
