"""What the page of a grant shows before signing: the list of checks, the steps to a legal entity."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.grants.checking.labels import STANDINGS, TONES
from portal.grants.checking.queries import checklist_of
from portal.grants.models import Grant
from portal.grants.queries import steps_of
from portal.grants.rules import Need

INCORPORATING = frozenset({Need.INCORPORATION_RECORD, Need.INCORPORATION_CONFIRM})


def shown_before_signing(session: Session, grant: Grant, today: date) -> dict[str, Any]:
    """Only what an open step needs: no statement more for the others."""
    needs = grant.needs_on(today)
    return {
        "checklist": checklist_of(session, grant, today) if Need.VERIFICATION in needs else [],
        "steps": steps_of(session, grant) if INCORPORATING & set(needs) else [],
        "standings": STANDINGS, "standing_tones": TONES, "today": today,
    }  # fmt: skip
