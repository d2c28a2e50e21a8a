"""Building the demonstration, deterministically: the same city each time, at dates relative to today."""

import secrets
from datetime import datetime
from pathlib import Path

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.second_factor import APP_SEAL
from portal.access.operations.signing_in import HASHER
from portal.access.queries import person_by_email
from portal.access.queries.second_factor import app_of
from portal.access.rules.second_factor import STEP_SECONDS, step_of, usable_steps
from portal.core.errors import Conflict, NotFound
from portal.core.secrets import unseal
from portal.demo.accompanying import accompany
from portal.demo.applying import apply_to
from portal.demo.around import ask_and_answer, extend, tell_of_the_extension
from portal.demo.booking import close_first_months
from portal.demo.calls import open_calls, write_calls
from portal.demo.changing import change
from portal.demo.documents import hand_in_documents
from portal.demo.granting import award, settle_entities
from portal.demo.growing import grow
from portal.demo.judging import appoint, check_admissibility, rank, score
from portal.demo.library import fill_library
from portal.demo.paying import play
from portal.demo.people import DOMAIN, bring_organisations, bring_staff
from portal.demo.sitting import convene_the_next
from portal.demo.spending import spend
from portal.demo.stage import Stage

ACCOUNTS = (
    "applicant", "applicant-2", "group", "officer", "officer-2", "chair", "evaluator", "evaluator-2", "evaluator-3",
    "coach", "finance_maker", "finance_approver", "auditor", "administrator", "administrator-2",
    "data_protection_officer",
)  # fmt: skip


def is_empty(session: Session) -> bool:
    """Whether nobody has an account here yet."""
    return session.scalars(select(Person.id).limit(1)).first() is None


def password_in(var: Path) -> str:
    """The password of every demonstration account: made once, kept beside the embedded database."""
    kept = var / "demo-password"
    if not kept.exists():
        var.mkdir(parents=True, exist_ok=True)
        kept.write_text("-".join(secrets.token_hex(2) for _ in range(4)), encoding="utf-8")
        kept.chmod(0o600)
    return kept.read_text(encoding="utf-8").strip()


def load_demonstration(session: Session, *, password: str, now: datetime) -> None:
    """Three calls: one with grants under way, one under evaluation, one open; sixty applications."""
    stage = Stage(session, now, HASHER.hash(password), password)
    calls = write_calls(stage)
    bring_staff(stage)
    fill_library(stage, "bari")
    open_calls(stage, calls)
    bring_organisations(stage)
    extend(stage, calls["torino-prossimita-2026"])
    applications = {slug: apply_to(stage, call) for slug, call in calls.items()}
    ask_and_answer(stage, calls["torino-prossimita-2026"])
    tell_of_the_extension(stage, calls["torino-prossimita-2026"])
    bari, venezia = calls["bari-urbis"], calls["venezia-welfare-comunita"]
    check_admissibility(stage, bari, applications[bari.slug])
    appoint(stage, bari, chair="chair", members=["evaluator", "evaluator-2", "evaluator-3", "evaluator-4"],
            act="DD 2019/210/00214")  # fmt: skip
    score(stage, bari, applications[bari.slug])
    final = rank(stage, bari, provisional_act="DD 2019/210/00538", final_act="DD 2019/210/00802")
    teams = award(stage, final)
    settle_entities(stage, teams)
    play(stage, teams)
    change(stage, teams)
    spend(stage, teams)
    accompany(stage)
    grow(stage, teams)
    hand_in_documents(stage)
    check_admissibility(stage, venezia, applications[venezia.slug], leave=2)
    commission = appoint(
        stage, venezia, chair="chair-venezia", members=["evaluator", "evaluator-4", "evaluator-5", "evaluator-6"],
        act="DD 2020/118",
    )  # fmt: skip
    score(stage, venezia, applications[venezia.slug], share=60)
    convene_the_next(stage, commission)
    close_first_months(stage, bari)


def sign_ins(password: str) -> list[str]:
    """What `make run` prints."""
    return [
        f"password of every account: {password}",
        *(f"  {name}@{DOMAIN}" for name in ACCOUNTS),
        "all but applicant and group are also asked for a code of six digits: it is printed by",
        "  .venv/bin/portal demo code ROLE     for example: .venv/bin/portal demo code officer",
    ]


def code_of(session: Session, account: str, now: datetime) -> str:
    """The code that the app of a demonstration account shows: the first one from now on that was not used yet.

    Raises NotFound for an account that the demonstration does not have, or that has no app; Conflict when the codes
    of this minute are used up.
    """
    person = person_by_email(session, f"{account}@{DOMAIN}")
    app = app_of(session, person.id) if person else None
    if app is None:
        raise NotFound(f"{account}: the demonstration has no such account with a second factor")
    steps = [step for step in usable_steps(now, app.last_step) if step >= step_of(now)]
    if not steps:
        raise Conflict("the codes of this minute were all used: ask again in half a minute")
    return pyotp.TOTP(unseal(app.sealed_secret, purpose=APP_SEAL)).at(steps[0] * STEP_SECONDS)
