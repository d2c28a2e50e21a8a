"""The cast of two calls of two phases, Milano's Scuola dei Quartieri and Napoli's IQ: what they write and become."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.access.queries import authority_by_code, person_by_email
from portal.calls.operations import approve_call, import_call, publish_call
from portal.calls.rules import AwardRules, CallDesign, CheckKind, GrantCheck, IncorporationStep
from portal.calls.rules.design import AgreementDesign, ClausesOfForms, SignatureWay
from portal.core.actor import SYSTEM
from portal.grants.library.fields import TextKind
from tests.conftest import NOW
from tests.factories.base import as_actor
from tests.factories.journey import Cast, Entity, Proposal, address_of, bring
from tests.factories.library import make_text
from tests.factories.phases import moved

MILANO, NAPOLI = "milano-scuola-quartieri-3", "napoli-iq"
DAY = NOW + timedelta(days=75)
"""Around this day stand the phases: five days before it the project opens, seventy before it the call is published."""

OFFICE: Cast = {
    "officer": ("Marta Colombo", Role.OFFICER),
    "chair": ("Nicola Ferri", Role.CHAIR),
    "evaluator-1": ("Rosa Brambilla", Role.EVALUATOR),
    "evaluator-2": ("Vito Galli", Role.EVALUATOR),
    "coach": ("Teresa Riva", Role.COACH),
}
MILANO_CAST: Cast = {
    **OFFICE,
    "team": ("Giulia Conti", None),
    "mate": ("Omar Haddad", None),
    "absent": ("Sara Villa", None),
}
NAPOLI_CAST: Cast = {**OFFICE, "body": ("Carmela Esposito", None), "group": ("Ciro Russo", None)}
BY_FORM = ("team", "absent", "body", "group")
"""Who represents an applicant, and has an app: confirming and signing want a second factor."""

TEAM = Proposal(
    person="team", organisation="Le Terrazze di Gratosoglio", legal_form=None, fiscal_code="",
    documents=("Dichiarazione d'impegno a costituirsi",), title="Terrazze aperte: orti e laboratori sui tetti",
    requested="18.500,00", costs=(), call=MILANO, seat=("via Saponaro 30", "Milano", "Gratosoglio"),
)  # fmt: skip
ABSENT = replace(TEAM, person="absent", organisation="Ciclofficina Corvetto", title="", requested="")
TEAM_BECOMES = Entity("Le Terrazze di Gratosoglio APS", "social_promotion_association", "97812340152")
BODY = Proposal(
    person="body", organisation="Cooperativa Il Molo", legal_form="social_cooperative", fiscal_code="07512070637",
    documents=(), title="Il Molo delle arti", requested="126.000,00", costs=(), call=NAPOLI,
    seat=("via Marina 4", "Napoli", "Mercato"),
)  # fmt: skip
GROUP = Proposal(
    person="group", organisation="Cortili di Scampia", legal_form=None, fiscal_code="", documents=(),
    title="Cortili che suonano", requested="47.500,00", costs=(), call=NAPOLI,
    seat=("via Ghisleri 10", "Napoli", "Scampia"),
)  # fmt: skip
GROUP_BECOMES = Entity("Cortili di Scampia APS", "social_promotion_association", "95312070634")
BODY_STAYS = Entity(BODY.organisation, "social_cooperative", BODY.fiscal_code)
TOO_MUCH = "133.000,00"
"""Of costs of 140.000: a twentieth is the own share that suffices for a group, and not for a body."""
NAPOLI_CUPS = {"body": "B61B21000600001", "group": "B61B21000700001"}
MILANO_CUP = "B41B21000500001"

CHECKS = {
    "declarations": (CheckKind.DECLARATIONS, "Controllo delle dichiarazioni della domanda"),
    "exclusions": (CheckKind.OTHER, "Nessuna causa di esclusione"),
    "durc": (CheckKind.DURC, "Regolarità contributiva (DURC)"),
}
STATUTE_STEP = "Verbale dell'assemblea che approva lo statuto"
CLAUSES = {
    "oggetto": ("Oggetto", "Il contributo a {{ recipient }} per «{{ project }}» è di **{{ amount }}**.", ()),
    "associazioni": ("Vita associativa", "L'associazione comunica ogni cambiamento degli organi sociali.",
                     ("social_promotion_association", "association")),
    "cooperative": ("Soci lavoratori", "La cooperativa comunica i soci che lavorano al progetto.",
                    ("social_cooperative",)),
    "durata": ("Durata", "Si conta dalla firma.\n\n{{ milestones }}\n\n{{ tranches }}", ()),
}  # fmt: skip
STATUTE = (
    "Statuto di una APS",
    "È costituita l'associazione «{{ recipient }}», con sede in {{ recipient_seat }}.",
)


@cache
def design_of(slug: str) -> CallDesign:
    """A shipped call with dates of this spring, and what its office adds: an answer to the award, checks, clauses."""
    design = moved(slug, DAY)
    checks = [GrantCheck(key, kind, {"it": text, "en": text}) for key, (kind, text) in CHECKS.items()]
    steps = [IncorporationStep("statute", {"it": STATUTE_STEP, "en": STATUTE_STEP})]
    of_all, of_bodies = ["oggetto", "associazioni", "durata"], ["oggetto", "cooperative", "durata"]
    return replace(
        design,
        award=AwardRules(acceptance_days=20, checks=checks, incorporation_steps=steps if slug == MILANO else []),
        agreement=AgreementDesign(
            clauses=of_all, by_form=[ClausesOfForms(["social_cooperative"], of_bodies)],
            signed_by=[SignatureWay.PAPER, SignatureWay.DIGITAL, SignatureWay.PORTAL],
        ),
    )  # fmt: skip


def set_the_stage(session: Session, slug: str, cast: Cast, *, now: datetime) -> None:
    """The published call, an account for everybody, and the clauses and the draft of a statute of its office."""
    design = design_of(slug)
    call = import_call(session, design=design, actor=SYSTEM, now=now)
    bring(session, cast, design.authority.code, now=now, with_app=[key for key in BY_FORM if key in cast])
    approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
    publish_call(session, call_id=call.id, act_number="2026/1", act_date=now.date(), actor=SYSTEM, now=now)
    authority = authority_by_code(session, design.authority.code)
    officer = person_by_email(session, address_of("officer"))
    assert authority is not None
    assert officer is not None
    by = as_actor(session, officer, now=now)
    for key, (title, body, forms) in CLAUSES.items():
        make_text(session, authority, by=by, now=now, key=key, title=title, body=body, forms=forms)
    title, body = STATUTE
    make_text(session, authority, by=by, now=now, kind=TextKind.STATUTE, key="statuto-aps", title=title, body=body,
              forms=("social_promotion_association",))  # fmt: skip
