"""The page on which evaluators of an application meet: what lies apart, what is proposed, what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action
from portal.applications.models import Application
from portal.calls.rules import Criterion
from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.agreeing import spread_of
from portal.evaluation.models import AgreedMark, Assignment, DiscussionNote
from portal.evaluation.queries.matters import Matter, matter_for
from portal.evaluation.queries.opinions import Opinions, opinions_of
from portal.evaluation.queries.others import may_see_others
from portal.evaluation.queries.rounds import is_kept_from, label_of, round_of


@dataclass(frozen=True, slots=True)
class ToAgree:
    """A criterion that needs one mark: what each gave, if the reader may see it, and the mark proposed or agreed."""

    criterion: Criterion
    given: Sequence[tuple[str, int]]
    spread: int | None
    mark: AgreedMark | None
    is_agreed: bool
    assented: Sequence[str]
    missing: Sequence[str]
    is_mine_missing: bool


@dataclass(frozen=True, slots=True)
class DiscussionPage:
    """An application as those who judge it meet over it. `own`: the reader's own assignment, if they score it."""

    application: Application
    label: str
    applicant: str | None
    own: Assignment | None
    to_agree: Sequence[ToAgree]
    notes: Sequence[DiscussionNote]
    waits_for: int
    """How many evaluators are not done: until then there is nothing to agree on."""


def discussion_page(session: Session, actor: Actor, application_id: UUID) -> DiscussionPage:
    """The discussion as the actor may read it: evaluators once everybody is done, chair and secretary always."""
    matter = matter_for(session, application_id, actor, Action.DISCUSSION_READ)
    application = matter.application
    seen = round_of(session, application.phase)
    found = opinions_of(session, application)
    own = next((each for each in found.live if each.person_id == actor.person_id), None)
    must_be_open(own, found)
    hides = is_kept_from(actor, matter.commission_id, seen) or (own is not None and seen.blind)
    shows = own is None or may_see_others(own, seen)
    return DiscussionPage(
        application=application,
        label=label_of(application, seen) if hides else application.reference,
        applicant=None if hides else application.organisation.name,
        own=own,
        to_agree=_lines(found, actor, shows),
        notes=_notes(session, matter),
        waits_for=sum(not each.is_final for each in found.live),
    )


def must_be_open(own: Assignment | None, found: Opinions) -> None:
    """Refuse an evaluator of the application until everybody is done: nobody is to be swayed (P12)."""
    if own is not None and not found.are_all_final:
        raise Conflict(lazy_("The discussion opens once every evaluator of the application has made theirs final."))


def _lines(found: Opinions, actor: Actor, shows: bool) -> list[ToAgree]:
    names = {each.person_id: each.person.name for each in found.live}
    gave = {assignment.person_id: sheet.given for assignment, sheet in found.sheets}
    return [_line(each, found, names, gave if shows else {}, actor) for each in found.to_agree]


def _line(
    criterion: Criterion, found: Opinions, names: Mapping[UUID, str], gave: Mapping[UUID, Mapping[str, int]],
    actor: Actor,
) -> ToAgree:  # fmt: skip
    mark = found.marks.get(criterion.key)
    assented = {each.person_id for each in mark.assents} if mark else set()
    given = [(names[person], points[criterion.key]) for person, points in gave.items() if criterion.key in points]
    is_evaluator = actor.person_id in names
    return ToAgree(
        criterion=criterion,
        given=sorted(given),
        spread=spread_of([points for _name, points in given]) if given else None,
        mark=mark,
        is_agreed=found.is_agreed(criterion.key),
        assented=sorted(names[each] for each in assented if each in names),
        missing=sorted(names[each] for each in found.evaluators - assented) if mark else [],
        is_mine_missing=mark is not None and is_evaluator and actor.person_id not in assented,
    )


def _notes(session: Session, matter: Matter) -> Sequence[DiscussionNote]:
    query = select(DiscussionNote).where(DiscussionNote.application_id == matter.application.id)
    return session.scalars(query.options(joinedload(DiscussionNote.person)).order_by(DiscussionNote.id)).all()
