"""Taking the list away as a table: what its reader may see, row by row, and nothing that a spreadsheet computes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.labels import KINDS
from portal.access.models import Organisation
from portal.access.policy import Action, must_have_proved
from portal.applications.inbox.rules import Wanted
from portal.applications.inbox.scope import Scope, scope_of
from portal.applications.labels import LABELS
from portal.applications.models import InboxEntry
from portal.applications.queries.inbox import COLUMNS, asked, chosen_entries, with_names
from portal.calls.rules.times import wall_time
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import _, in_language
from portal.core.instants import ROME
from portal.core.spreadsheets import Euro

BATCH = 500
DIGITS_OF_AN_ENTITY = 11


class Format(StrEnum):
    """As which file."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Export:
    """What is taken away: a filter of a scope, or some rows of it."""

    scope: Scope
    wanted: Wanted
    keys: Sequence[UUID]
    rows: int
    at: datetime

    @property
    def name(self) -> str:
        """The name of the file, without its ending."""
        return f"domande-{self.scope.call.slug if self.scope.call else self.scope.authority.code}"


def export_list(
    session: Session, *, wanted: Wanted, keys: Sequence[UUID], form: Format, actor: Actor, now: datetime
) -> Export:
    """Allow a list to be taken away and write down who took how much of what; the rows follow by `rows_of`.

    With `keys`, these applications alone, each of which the reader must be allowed to see: else NotFound.
    """
    must_have_proved(actor, Action.APPLICATION_EXPORT)
    found = export_of(session, wanted=wanted, keys=keys, actor=actor, now=now)
    subject = found.scope.call or found.scope.authority
    after = {"format": form.value, "rows": found.rows, "filter": {} if keys else wanted.told(q="")}
    record(session, at=now, actor=actor, event=Action.APPLICATION_EXPORT, subject=subject, after=after,
           authority_id=found.scope.authority.id)  # fmt: skip
    return found


def export_of(session: Session, *, wanted: Wanted, keys: Sequence[UUID], actor: Actor, now: datetime) -> Export:
    """What would be taken away, counted."""
    scope = scope_of(session, actor, wanted)
    if keys:
        chosen_entries(session, actor, keys, Action.APPLICATION_LIST)
        return Export(scope, Wanted(call=wanted.call, authority=wanted.authority), keys, len(set(keys)), now)
    query, _place = asked(session, scope, wanted, now, InboxEntry.number)
    return Export(scope, wanted, (), session.scalar(select(func.count()).select_from(query.subquery())) or 0, now)


def head() -> list[str]:
    """The names of the columns."""
    return [
        _("Reference"), _("Protocol"), _("Received on"), _("Status"), _("Since"), _("Application"), _("Applicant"),
        _("Kind of applicant"), _("Fiscal code"), _("Municipality"), _("Area"), _("Budget line"), _("Requested"),
        _("Total cost"), _("In charge of"), _("Call"),
    ]  # fmt: skip


def rows_of(session: Session, export: Export) -> Iterator[list[object]]:
    """The rows in the order of receipt, read some at a time; amounts are in euro, instants in Rome's time."""
    last = 0
    columns = (*COLUMNS, InboxEntry.line, InboxEntry.total_cents, Organisation.fiscal_code)
    while True:
        query, place = asked(session, export.scope, export.wanted, export.at, *columns)
        if export.keys:
            query = query.where(InboxEntry.application_id.in_(export.keys))
        found = session.execute(with_names(query).where(place > last).order_by(place).limit(BATCH)).all()
        for row in found:
            yield _cells(row)
        if len(found) < BATCH:
            return
        last = found[-1].number


def _cells(row: Any) -> list[object]:
    return [
        row.reference, row.protocol, _clock(row.received_at), str(LABELS[row.status]), _clock(row.status_at),
        row.title, row.organisation, str(KINDS[row.kind]), row.fiscal_code if _is_of_entity(row.fiscal_code) else "",
        row.municipality or "", row.area or "", row.line or "", Euro(row.requested_cents), Euro(row.total_cents),
        row.taker or "", in_language(row.call_title),
    ]  # fmt: skip


def _clock(instant: datetime) -> str:
    return f"{wall_time(instant, ROME):%Y-%m-%d %H:%M}"


def _is_of_entity(code: str | None) -> bool:
    """A code of sixteen characters is a person's, and stays at home."""
    return code is not None and len(code) == DIGITS_OF_AN_ENTITY
