"""What the register promises: numbers from one, none missing, none twice, as many as its counter says."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.register.models import Counter, ProtocolEntry


def broken(session: Session) -> Iterator[str]:
    """One line for each authority and year with a gap, or with a counter that tells another number."""
    given = select(
        ProtocolEntry.authority_id, ProtocolEntry.year, func.count(), func.min(ProtocolEntry.number),
        func.max(ProtocolEntry.number),
    ).group_by(ProtocolEntry.authority_id, ProtocolEntry.year)  # fmt: skip
    counters = {(row.series, row.year): row.last for row in session.scalars(select(Counter))}
    for authority, year, many, lowest, highest in session.execute(given.order_by(ProtocolEntry.year)):
        if (lowest, highest) != (1, many):
            yield f"register {authority} {year}: {many} entries, but numbers from {lowest} to {highest}"
        last = counters.get((f"protocol:{authority}", year))
        if last != highest:
            yield f"register {authority} {year}: the counter says {last}, the last entry {highest}"
