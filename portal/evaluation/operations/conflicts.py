"""Declaring: once for the whole call, then on a list of names, before anything of any proposal is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.access.rules.identifiers import valid_fiscal_code
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, InvalidForm, NotFound
from portal.core.i18n import in_language, lazy_
from portal.core.text import clean_line, clean_text
from portal.core.written import written
from portal.evaluation.models import Assignment, Commission, ConflictDeclaration, GeneralDeclaration
from portal.evaluation.operations.assigning import tell_officers
from portal.evaluation.operations.finding import bar, find_conflicts
from portal.evaluation.operations.leaving import (
    WHY,
    leave_commission,
    leaves_call,
    replace_for_application,
    settle_seats,
)
from portal.evaluation.operations.naming import open_what_is_free
from portal.evaluation.operations.settling import still_open
from portal.evaluation.operations.suggesting import ask_about, suggest
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.assignments import applications_under_evaluation, own_assignment
from portal.evaluation.queries.declaring import general_of, own_commission
from portal.evaluation.queries.naming import Named, names_to_declare
from portal.evaluation.wording import words_of

UNABLE = "Non ha potuto rendere la dichiarazione sull'assenza di cause di incompatibilità"
NO_REASON = lazy_("Say what the conflict is: a few words are enough.")


class DeclaredAlready(Conflict):
    """What was sworn stays."""

    default = lazy_("The declaration was given already. Reload the page.")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What somebody says of themselves, so that it can be compared; all of it may be left out."""

    fiscal_code: str = ""
    street: str = ""
    city: str = ""
    organisations: str = ""

    def checked(self) -> dict[str, str | None]:
        """As it is stored. Raises Invalid for a code that is none."""
        code = valid_fiscal_code(self.fiscal_code) if clean_line(self.fiscal_code) else None
        rest = {"street": clean_line(self.street), "city": clean_line(self.city)}
        lines = clean_text(self.organisations)
        said = {**rest, "organisations": lines}
        return {"fiscal_code": code, **{key: value or None for key, value in said.items()}}


def declare_in_general(
    session: Session, *, phase_id: UUID, holds: bool, reason: str = "", particulars: Particulars = Particulars(),
    language: str = "it", actor: Actor, now: datetime,
) -> GeneralDeclaration:  # fmt: skip
    """Swear that nothing forbids to sit on the commission, in the words of the call; or say why not, and leave it.

    After it the names of who applies are there to be declared on. Raises DeclaredAlready, Invalid.
    """
    commission = own_commission(session, actor, phase_id, for_update=True)
    authorise(actor, Action.CONFLICT_ANSWER, commission)
    if general_of(session, commission.id, actor.person_id) is not None:
        raise DeclaredAlready
    phase = session.get_one(Phase, commission.phase_id)
    why = clean_text(reason) if holds else written(reason, most=LONGEST_REASON, field="reason", empty=NO_REASON)
    row = GeneralDeclaration(
        commission_id=commission.id, person_id=actor.person_id, holds=holds, at=now, reason=why or None,
        text=in_language(words_of(phase.design), language), **particulars.checked(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"holds": holds}
    record(session, at=now, actor=actor, event="conflict.sworn", subject=row, after=after, reason=why or None)
    if holds:
        _prepare(session, commission, phase, row.person_id, now)
    else:
        leave_commission(session, commission=commission, person_id=row.person_id, reason=UNABLE, now=now)
    return row


def _prepare(session: Session, commission: Commission, phase: Phase, person_id: UUID, now: datetime) -> None:
    """The list of names as it stands now, without what the portal knows already."""
    applications = applications_under_evaluation(session, phase.id)
    ask_about(session, commission=commission, applications=applications, now=now)
    find_conflicts(session, commission=commission, applications=applications, call_id=phase.call_id, now=now)
    settle_seats(session, commission=commission, phase=phase, now=now)
    suggest(session, commission=commission, people=[person_id], applications=applications, now=now)


def answer_names(
    session: Session, *, phase_id: UUID, seen: Sequence[UUID], conflicts: Mapping[UUID, str], actor: Actor,
    now: datetime,
) -> list[ConflictDeclaration]:  # fmt: skip
    """Declare on the names that were seen (keys of `names_shown`): a conflict on each of `conflicts`, with its reason.

    On a name answered before, only a conflict that came up since is written. Names that were not seen stay unanswered.
    A conflict is never taken back. Raises InvalidForm naming each conflict without its reason.
    """
    commission = own_commission(session, actor, phase_id, for_update=True)
    authorise(actor, Action.CONFLICT_ANSWER, commission)
    general = general_of(session, commission.id, actor.person_id)
    if general is None or not general.holds:
        raise NotFound
    person_id, whys = general.person_id, {key: clean_text(why) for key, why in conflicts.items()}
    _check(whys)
    asked = [each for each in names_to_declare(session, phase_id, person_id) if each.names_id in {*seen, *whys}]
    later = [each for each in names_to_declare(session, phase_id, person_id, declared=True) if each.names_id in whys]
    rows = [_declare(session, each, person_id, whys.get(each.names_id), actor, now) for each in (*asked, *later)]
    held = [each.application_id for each in rows if each.has_conflict]
    open_what_is_free(session, commission=commission, actor=actor, now=now)
    _follow(session, commission, held, person_id, actor, now)
    return rows


def _check(whys: Mapping[UUID, str]) -> None:
    faults: dict[str, object] = {f"why-{key}": NO_REASON for key, why in whys.items() if not why}
    too_long = lazy_("Write at most %(count)d characters.", count=LONGEST_REASON)
    faults |= {f"why-{key}": too_long for key, why in whys.items() if len(why) > LONGEST_REASON}
    if faults:
        raise InvalidForm(faults)


def _declare(
    session: Session, named: Named, person_id: UUID, why: str | None, actor: Actor, now: datetime
) -> ConflictDeclaration:
    row = ConflictDeclaration(
        application_id=named.application_id, person_id=person_id, names_id=named.names_id, has_conflict=why is not None,
        reason=why, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if why is not None:
        bar(session, application_id=named.application_id, person_id=person_id, now=now)
    record(session, at=now, actor=actor, event=Action.CONFLICT_DECLARE, subject=row, reason=why,
           after={"application": named.application_id, "has_conflict": row.has_conflict})  # fmt: skip
    return row


def step_back(session: Session, *, assignment_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """A conflict found while reading: the application closes at once, no score of it counts any more.

    Raises Invalid without a reason, Closed once the evaluation is over.
    """
    assignment: Assignment = own_assignment(session, actor, assignment_id)
    authorise(actor, Action.CONFLICT_DECLARE, assignment)
    still_open(assignment=assignment)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=NO_REASON)
    commission = own_commission(session, actor, assignment.application.phase_id, for_update=True)
    row = ConflictDeclaration(
        application_id=assignment.application_id, person_id=assignment.person_id, has_conflict=True, reason=why, at=now
    )
    session.add(row)
    session.flush()
    bar(session, application_id=row.application_id, person_id=row.person_id, now=now)
    record(session, at=now, actor=actor, event=Action.CONFLICT_DECLARE, subject=row, reason=why,
           after={"application": row.application_id, "has_conflict": True})  # fmt: skip
    _follow(session, commission, [row.application_id], row.person_id, actor, now)


def _follow(
    session: Session, commission: Commission, held: Sequence[UUID], person_id: UUID, actor: Actor, now: datetime
) -> None:
    """What the call says of a conflict."""
    if not held:
        return
    phase = session.get_one(Phase, commission.phase_id)
    if leaves_call(phase=phase):
        leave_commission(session, commission=commission, person_id=person_id, reason=WHY, now=now)
        return
    for application_id in held:
        application = session.get_one(Application, application_id)
        taken = replace_for_application(session, application=application, person_id=person_id, actor=actor, now=now)
        tell_officers(session, application=application, text=_news(actor.name, application, taken),
                      path=f"/manage/calls/{phase.call.slug}/conflicts?phase={phase.key}", now=now)  # fmt: skip


def _news(who: str, application: Application, taken: bool) -> dict[str, str]:
    name = application.organisation.name
    it = "la sostituzione è già assegnata" if taken else "non c'è chi possa sostituire"
    en = "a substitute is assigned already" if taken else "nobody is free to take over"
    return {
        "it": f"{who} si astiene sulla domanda di {name}: {it}.",
        "en": f"{who} steps back from the application of {name}: {en}.",
    }
