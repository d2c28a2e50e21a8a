"""Requests about personal data and copies of it, as people leave them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority, OwnCopy, Person, PrivacyRequest
from portal.access.rules.own_data import RequestKind, due_in_one_month


def make_request(
    session: Session, person: Person, authority: Authority, *, now: datetime, kind: RequestKind = RequestKind.ERASURE,
    text: str = "",
) -> PrivacyRequest:  # fmt: skip
    """A request that waits for its answer."""
    request = PrivacyRequest(
        person_id=person.id, authority_id=authority.id, kind=kind, text=text, asked_at=now,
        due_at=due_in_one_month(now),
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request


def make_copy(session: Session, person: Person, *, now: datetime) -> OwnCopy:
    """A copy that the worker has made."""
    copy = OwnCopy(person_id=person.id, asked_at=now, made_at=now, content=b"PK")
    session.add(copy)
    session.flush()
    return copy


def name_privacy_objects(
    session: Session, authority: Authority, people: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    """What addresses of personal data name in the permission matrix: a member's request, the owner's copy."""
    return {
        "privacy_request_id": make_request(session, people["viewer"], authority, now=now).id,
        "copy_id": make_copy(session, people["owner"], now=now).id,
    }
