"""What final accounts ask of people: to approve one that a colleague prepared, to ask back what was paid too much."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.rules import AccountStatus
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.rules import STANDING

OWN = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER, Tie.CONFLICTED)


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Of the office and of who approves payments."""
    own = {tied for tie in OWN for tied in actor.objects_tied_as(tie)}
    offices = actor.authorities_as(Role.OFFICER)
    if homes := offices | actor.authorities_as(Role.FINANCE_APPROVER):
        waits = (FinalAccount.status == AccountStatus.PREPARED, FinalAccount.prepared_by != actor.person_id)
        query = _accounts(FinalAccount.authority_id.in_(homes), Grant.organisation_id.not_in(own), *waits)
        yield Ask(query, (FinalAccount.prepared_at, FinalAccount.id), _approve)
    if offices:
        asked = select(Recovery.id).where(Recovery.final_account_id == FinalAccount.id, Recovery.status.in_(STANDING))
        owed = (FinalAccount.status == AccountStatus.APPROVED, FinalAccount.to_return_cents > 0,
                Grant.status == GrantStatus.CLOSING, ~asked.exists())  # fmt: skip
        query = _accounts(FinalAccount.authority_id.in_(offices), Grant.organisation_id.not_in(own), *owed)
        yield Ask(query, (FinalAccount.approved_at, FinalAccount.id), _ask_back)


def _accounts(*wanted: ColumnElement[bool]) -> Select[Any]:
    columns = line(id=FinalAccount.grant_id, name=Grant.reference, more=Organisation.name)
    query = select(*columns).select_from(FinalAccount).join(Grant, Grant.id == FinalAccount.grant_id)
    return query.join(Organisation, Organisation.id == Grant.organisation_id).where(*wanted)


def _approve(found: Any) -> DueStep:
    return DueStep(
        what=_("Approve the final account of a grant"), button=_("Read and approve"),
        why=_("A colleague prepared it: somebody else takes the act."),
        path=f"/grants/{found.id}/final-account", place=f"{found.name} · {found.more}",
    )  # fmt: skip


def _ask_back(found: Any) -> DueStep:
    return DueStep(
        what=_("Ask back what was paid too much"), button=_("Read how much"),
        why=_("The final account says so; the grant is closed once it came back."),
        path=f"/grants/{found.id}/recoveries", place=f"{found.name} · {found.more}",
    )  # fmt: skip
