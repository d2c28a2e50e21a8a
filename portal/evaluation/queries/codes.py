"""What whoever votes calls the applications of a ranking that is not published yet, while names are hidden."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.evaluation.masking import code_of
from portal.evaluation.models import Commission, Ranking
from portal.evaluation.queries.rounds import is_kept_from, round_of

Codes = Mapping[UUID, str]
"""By application; empty for whoever may read names."""


def codes_for(session: Session, actor: Actor, phase: Phase) -> Codes:
    """The codes of a phase, for whoever votes on its commission while names are hidden."""
    seats = actor.objects_tied_as(Tie.COMMISSION)
    if not seats:
        return {}
    query = select(Commission.id).where(Commission.phase_id == phase.id, Commission.id.in_(seats))
    commission_id = session.scalar(query)
    if not is_kept_from(actor, commission_id, round_of(session, phase)):
        return {}
    keys = session.scalars(select(Application.id).where(Application.phase_id == phase.id))
    return {key: code_of(key, phase.id) for key in keys}


def codes_of(session: Session, actor: Actor, ranking: Ranking) -> Codes:
    """The codes of a ranking: none once it is published, since everybody reads it."""
    return {} if ranking.is_public else codes_for(session, actor, ranking.phase)


def in_codes(lines: Iterable[str], references: Mapping[str, UUID], codes: Codes) -> list[str]:
    """Lines in which applications are called by their codes."""
    if not codes:
        return list(lines)
    known = {reference: codes[key] for reference, key in references.items() if key in codes}
    pattern = re.compile("|".join(re.escape(each) for each in sorted(known, key=len, reverse=True)) or r"(?!)")
    return [pattern.sub(lambda found: known[found.group()], line) for line in lines]
