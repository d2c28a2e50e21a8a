"""What addresses of people, organisations, authorities and the trail name in the permission matrix."""

from datetime import datetime
from typing import Any

from portal.reporting.trail.operations import anchor_trail
from tests.factories.accounts import name_account_links
from tests.factories.calls import name_call_objects
from tests.factories.members import name_member_objects
from tests.factories.organisations import name_document_objects
from tests.factories.payments import Finance
from tests.factories.phases import name_phase_objects
from tests.factories.privacy import name_privacy_objects
from tests.factories.provider import name_identity_objects
from tests.factories.rehearsal import name_rehearsal
from tests.factories.roles import name_roles
from tests.factories.second_factor import name_factor_objects


def name_people_objects(finance: Finance, people: dict[str, Any], now: datetime) -> dict[str, Any]:
    """By parameter of an address; an entry "endpoint parameter" is for that endpoint alone."""
    world = finance.world
    named = {"authority_code": world.authority.code, "person_id": people["viewer"].id}
    named |= name_identity_objects(finance.session, world.authority, people["owner"], now=now)
    named |= name_account_links(finance.session, people["viewer"], now=now)
    named |= name_member_objects(finance.session, world.association, world.owner, now=now)
    named |= name_roles(finance.session, world.authority, people, now=now)
    named |= name_privacy_objects(finance.session, world.authority, people, now=now)
    named |= name_factor_objects(finance.session, people["viewer"], now=now)
    named |= name_document_objects(finance.session, world.authority, world.association, people, now=now)
    named |= name_call_objects(finance.session, world.call, people["viewer"], now=now)
    named |= name_rehearsal(finance.session, world.call, now=now)
    named |= name_phase_objects(finance.session, world.authority, world.association, world.officer, now=now)
    anchor = anchor_trail(finance.session, now=now)
    named |= {"subject_id": finance.grant.id, "day": anchor.day.isoformat()}
    return named
