"""Reading people, roles, sessions and organisations."""

from portal.access.queries.people import (
    MEMBER_TIES,
    actor_of,
    authority_by_code,
    bank_details_in_force,
    bank_details_proposed,
    email_hash,
    latest_fact,
    organisation,
    organisations_of,
    people_by_object,
    people_tied,
    people_with_role,
    person_by_email,
    recent_failures,
    token_hash,
)
from portal.access.queries.sessions import live_session

__all__ = [
    "MEMBER_TIES",
    "actor_of",
    "authority_by_code",
    "bank_details_in_force",
    "bank_details_proposed",
    "email_hash",
    "latest_fact",
    "live_session",
    "organisation",
    "organisations_of",
    "people_by_object",
    "people_tied",
    "people_with_role",
    "person_by_email",
    "recent_failures",
    "token_hash",
]
