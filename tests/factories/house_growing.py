"""For the house: a moment at which its team is rated, a warning about it, a question after its end with its link."""

from datetime import datetime, timedelta
from typing import Any

from portal.access.queries import token_hash
from portal.coaching.followup.operations import plan_follow_ups
from portal.coaching.maturity.operations import plan_assessments
from portal.coaching.maturity.signals import WarningKind
from portal.coaching.models import EarlyWarning, FollowUpLink
from portal.core.actor import SYSTEM
from portal.grants.models import Grant
from tests.factories.grants import World
from tests.factories.growing import assessment, follow_up


def name_growing_objects(world: World, grant: Grant, now: datetime, code: str) -> dict[str, Any]:
    """The objects of the pages of maturity and of the follow-up."""
    session = world.session
    plan_assessments(session, grant_id=grant.id, actor=SYSTEM, now=now)
    plan_follow_ups(session, grant_id=grant.id, actor=SYSTEM, now=now)
    session.flush()
    asked, token = follow_up(session, grant), f"a-link-after-the-end-that-was-sent-to-{code}"
    warning = EarlyWarning(
        authority_id=grant.authority_id, grant=grant, kind=WarningKind.SILENT, mark="silent:2026-01-01",
        figures={"since": "2026-01-01"}, raised_at=now,
    )  # fmt: skip
    link = FollowUpLink(follow_up=asked, token_hash=token_hash(token), sent_at=now, expires_at=now + timedelta(days=60))
    session.add_all([warning, link])
    session.flush()
    return {"assessment_id": assessment(session, grant).id, "warning_id": warning.id, "follow_up_id": asked.id,
            "follow_up_token": token}  # fmt: skip
