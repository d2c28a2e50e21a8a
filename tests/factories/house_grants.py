"""For the house: a check with its evidence, a step to a legal entity, linked undertakings."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.documents.models import StoredFile
from portal.grants.checking.rules import CheckOutcome
from portal.grants.models import CheckFinding, Incorporation, IncorporationTick, UndertakingLink
from portal.grants.rules import local_day
from tests.factories.house_costs import name_cost_objects
from tests.factories.payments import Finance

TEXT = {"it": "Verifica", "en": "Check"}
AWARD = {
    "acceptance_days": None, "added_at_incorporation": 0,
    "checks": [{"key": "declared", "kind": "other", "text": TEXT, "days_valid": None, "needs_file": False,
                "above": None, "sample": None}],
    "incorporation_steps": [{"key": "declared", "text": TEXT, "needs_file": True}],
}  # fmt: skip


def name_grant_objects(finance: Finance, file: StoredFile, now: datetime) -> dict[str, Any]:
    """The grant of the house with a check and a step of the call, and the association linked to the group."""
    session, grant, world = finance.session, finance.grant, finance.world
    world.call.definition = world.call.definition | {"award": AWARD}
    flag_modified(world.call, "definition")
    today = local_day(now)
    promise = Incorporation(grant_id=grant.id, due_on=today)
    session.add(promise)
    session.flush()
    first, second = sorted((world.association.id, world.group.id))
    link = UndertakingLink(
        first_id=first, second_id=second, since=today, note="Gli stessi soci.", recorded_by=world.officer.id,
        recorded_at=now,
    )  # fmt: skip
    session.add_all(
        [
            link,
            CheckFinding(grant_id=grant.id, key="declared", outcome=CheckOutcome.POSITIVE, issued_on=today,
                         file_id=file.id, found_by=world.officer.id, found_at=now),
            IncorporationTick(incorporation_id=promise.id, key="declared", file_id=file.id, ticked_by=world.owner.id,
                              ticked_at=now),
        ]
    )  # fmt: skip
    _refresh(session, grant)
    return {"link_id": link.id, "declared_key": "declared"} | name_cost_objects(finance, file, now)


def _refresh(session: Session, grant: Any) -> None:
    session.flush()
    session.refresh(grant, ["incorporation"])
