"""The files of the bank, and what each said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority
from portal.access.policy import Action, Role, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.ledger.scope import authorities_of
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.rules import Outcome, Trouble
from portal.payments.models import PaymentLine, Tranche
from portal.payments.queries.finance import MOST_ROWS

OPEN = (BankMessage.outcome == Outcome.QUARANTINED) & BankMessage.answered_at.is_(None)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file with how many messages came to what; `waiting` are those that a person must still answer."""

    file: BankFile
    counts: dict[Outcome, int]
    waiting: int

    @property
    def messages(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class BankHome:
    """What waits for a person, oldest first, and the files, newest first."""

    waiting: Sequence[BankMessage]
    files: list[FileRow]
    more: bool


@dataclass(frozen=True, slots=True)
class BankFilePage:
    """One file, some of its messages in their order, and which of all wait because nobody knows their reference."""

    row: FileRow
    messages: Sequence[BankMessage]
    more: bool
    unknown: int


def bank_home(session: Session, actor: Actor, *, before: UUID | None = None) -> BankHome:
    """What came from the bank for the actor's authorities. Three statements."""
    mine = authorities_of(actor)
    waiting = select(BankMessage).where(BankMessage.authority_id.in_(mine), OPEN)
    waiting = waiting.options(joinedload(BankMessage.bank_file)).order_by(BankMessage.id).limit(MOST_ROWS)
    files = select(BankFile).where(BankFile.authority_id.in_(mine)).options(joinedload(BankFile.importer))
    files = files.order_by(BankFile.id.desc()).limit(MOST_ROWS + 1)
    found = session.scalars(files.where(BankFile.id < before) if before else files).all()
    asked = session.scalars(waiting).all()
    return BankHome(asked, _rows(session, found[:MOST_ROWS]), len(found) > MOST_ROWS)


def _rows(session: Session, files: Sequence[BankFile]) -> list[FileRow]:
    ids = [each.id for each in files]
    open_ = func.sum(case((BankMessage.answered_at.is_(None), 1), else_=0))
    query: Any = select(BankMessage.file_id, BankMessage.outcome, func.count(BankMessage.id), open_)
    counts: dict[UUID, dict[Outcome, int]] = {key: {} for key in ids}
    waiting: dict[UUID, int] = {}
    grouped = query.where(BankMessage.file_id.in_(ids)).group_by(BankMessage.file_id, BankMessage.outcome)
    for file_id, outcome, number, unanswered in session.execute(grouped) if ids else ():
        counts[file_id][outcome] = int(number)
        if outcome is Outcome.QUARANTINED:
            waiting[file_id] = int(unanswered)
    return [FileRow(each, counts[each.id], waiting.get(each.id, 0)) for each in files]


def bank_file_for(session: Session, bank_file_id: UUID, actor: Actor, action: Action = Action.LEDGER_READ) -> BankFile:
    """One file that the actor may see, or NotFound."""
    options = (joinedload(BankFile.file), joinedload(BankFile.importer))
    found = session.get(BankFile, bank_file_id, options=options)
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def bank_file_page(session: Session, bank_file_id: UUID, actor: Actor, *, after: int = 0) -> BankFilePage:
    """One file with its messages from a place on. Four statements."""
    found = bank_file_for(session, bank_file_id, actor)
    line = joinedload(BankMessage.line).joinedload(PaymentLine.tranche).joinedload(Tranche.grant)
    query = select(BankMessage).where(BankMessage.file_id == found.id, BankMessage.position > after)
    query = query.options(line, joinedload(BankMessage.answerer)).order_by(BankMessage.position).limit(MOST_ROWS + 1)
    messages = session.scalars(query).all()
    unknown = select(func.count(BankMessage.id)).where(BankMessage.file_id == found.id, *_unknown())
    number = session.scalar(unknown) or 0
    return BankFilePage(_rows(session, [found])[0], messages[:MOST_ROWS], len(messages) > MOST_ROWS, number)


def unknown_ones(session: Session, bank_file_id: UUID) -> list[UUID]:
    """The messages of a file that wait because no payment has their reference."""
    return list(session.scalars(select(BankMessage.id).where(BankMessage.file_id == bank_file_id, *_unknown())))


def _unknown() -> tuple[Any, ...]:
    return OPEN, BankMessage.trouble == Trouble.UNKNOWN


def payers_of(session: Session, actor: Actor) -> Sequence[Authority]:
    """The authorities for which the actor records payments, by name."""
    homes = actor.authorities_as(Role.FINANCE_MAKER)
    return session.scalars(select(Authority).where(Authority.id.in_(homes)).order_by(Authority.name)).all()
