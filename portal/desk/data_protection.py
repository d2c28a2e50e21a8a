"""What a data protection officer has to do: requests about personal data, each with its term."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select

from portal.access.labels import REQUEST_KINDS
from portal.access.models import PrivacyRequest
from portal.access.policy import Role
from portal.access.rules.own_data import RequestKind
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Requests that wait for an answer, by their term."""
    authorities = actor.authorities_as(Role.DATA_PROTECTION_OFFICER)
    if authorities:
        columns = line(id=PrivacyRequest.id, name=cast(PrivacyRequest.kind, String), at=PrivacyRequest.due_at)
        query = select(*columns).where(
            PrivacyRequest.authority_id.in_(authorities), PrivacyRequest.decided_at.is_(None)
        )
        yield Ask(query, (PrivacyRequest.due_at, PrivacyRequest.id), _step)


def _step(found: Any) -> DueStep:
    return DueStep(
        what=_("Answer a request about personal data: %(kind)s", kind=REQUEST_KINDS[RequestKind(found.name)]),
        why=_("People get their answer within a month (GDPR art. 12(3))."),
        button=_("Answer"),
        path=f"/manage/privacy/requests/{found.id}",
        by=found.at,
    )
