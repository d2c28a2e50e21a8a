"""What is agreed for a coaching, against what is logged: its days, its hours, its city."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.rules.facts import local_day
from portal.coaching.models import Engagement
from portal.coaching.queries import minutes_used
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Day, format_hours


def must_be_of_one_office(*, engagement: Engagement, others: Sequence[Engagement]) -> None:
    """Refuse teams of another authority: each states and pays the hours of its own teams."""
    if any(each.authority_id != engagement.authority_id for each in others):
        raise Invalid(lazy_("Log the teams of each city on their own: each city pays the hours of its teams."),
                      "together_with")  # fmt: skip


def must_be_within_days(*, engagement: Engagement, starts_at: datetime) -> None:
    """Refuse a session before the first day agreed (else that of the assignment), or after the last one."""
    day, team = local_day(starts_at), engagement.organisation.name
    if day < engagement.begins_on:
        raise Invalid(lazy_("The coaching of %(team)s began on %(day)s: a session before that day is not logged.",
                            team=team, day=Day(engagement.begins_on)), "starts_at")  # fmt: skip
    if engagement.ends_on is not None and day > engagement.ends_on:
        raise Invalid(lazy_("The coaching of %(team)s is agreed until %(day)s: ask the office for more time.",
                            team=team, day=Day(engagement.ends_on)), "starts_at")  # fmt: skip


def must_be_within_allowance(session: Session, *, engagement: Engagement, minutes: int) -> None:
    """Refuse more minutes than are left: the office can agree on more."""
    left = engagement.allowance_minutes - minutes_used(session, engagement.application_id)
    if minutes > left:
        raise Invalid(lazy_("%(team)s has %(left)s of coaching left: ask the office for more hours.",
                            team=engagement.organisation.name, left=format_hours(max(0, left))), "minutes")  # fmt: skip
