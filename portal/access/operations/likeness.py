"""What officers say of organisations that look alike. Nothing is merged: both stay as they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import LikenessVerdict
from portal.access.policy import Action
from portal.access.queries.likeness import pair_page
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules import Likeness
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden
from portal.core.i18n import lazy_
from portal.core.text import clean_line

LONGEST_NOTE = 500


class OwnPair(Forbidden):
    """Nobody judges the links of an organisation they belong to."""

    default = lazy_("You belong to one of these organisations: another officer says whether they are linked.")


def decide_likeness(
    session: Session,
    *,
    authority_code: str,
    pair: tuple[UUID, UUID],
    likeness: Likeness,
    note: str,
    actor: Actor,
    now: datetime,
) -> LikenessVerdict:
    """Say that two organisations are the same, linked or different; a later word takes the place of the earlier."""
    seen = pair_page(session, authority_code, pair, actor, Action.LIKENESS_DECIDE)
    if actor.person_id is None or any(
        not actor.ties_to(each.id).isdisjoint(MEMBER_TIES) for each in (seen.first, seen.second)
    ):
        raise OwnPair
    verdict, before = seen.verdict, None
    if verdict is None:
        verdict = LikenessVerdict(first_id=seen.first.id, second_id=seen.second.id, authority_id=seen.seen.authority.id)
        session.add(verdict)
    else:
        before = {"likeness": verdict.likeness, "note": verdict.note}
    verdict.likeness, verdict.note = likeness, clean_line(note)[:LONGEST_NOTE]
    verdict.decided_by, verdict.decided_at = actor.person_id, now
    session.flush()
    after = {
        "likeness": likeness, "note": verdict.note, "organisations": [seen.first.name, seen.second.name],
        "reasons": list(seen.found.reasons) if seen.found else [],
    }  # fmt: skip
    record(session, at=now, actor=actor, event=Action.LIKENESS_DECIDE, subject=verdict, before=before, after=after)
    return verdict
