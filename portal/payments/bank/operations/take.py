"""Taking a file of the bank in: kept, read, each message judged and done; the same file or message changes nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import format_day
from portal.core.unit_of_work import violation
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.payments.bank.models import BankFile
from portal.payments.bank.operations.messages import take_messages
from portal.payments.bank.rules import LARGEST_FILE, Outcome
from portal.payments.bank.told import BankReading


class FileKnown(Conflict):
    """The same bytes were taken in before."""

    default = lazy_("This file was taken in already. Nothing was changed.")


violation("uq_bank_file_authority_id", FileKnown)
violation("uq_bank_message_said_once", FileKnown)


def bank_file_rules(session: Session, *, authority_id: UUID, actor: Actor) -> FileRules:
    """What is asked of a file of the bank, for whoever may take one in."""
    _payer(session, authority_id, actor)
    return FileRules(accept=("xml", "csv"), max_bytes=LARGEST_FILE)


def _payer(session: Session, authority_id: UUID, actor: Actor, *, lock: bool = False) -> Authority:
    locked: Any = {"key_share": True} if lock else None
    authority = session.get(Authority, authority_id, with_for_update=locked)
    if authority is None:
        raise NotFound
    authorise(actor, Action.PAYMENT_RECORD, authority)
    return authority


def take_bank_file(
    session: Session, *, authority_id: UUID, upload: Arrived | None, reading: BankReading, actor: Actor, now: datetime
) -> BankFile:
    """Keep the file and do what it says of each payment; what cannot be done by itself waits for a person.

    Raises FileKnown for the same file again, Forbidden, NotFound. One file of an authority is taken at a time.
    """
    _payer(session, authority_id, actor, lock=True)
    sha256 = upload.sha256 if upload else ""
    known = select(BankFile.imported_at).where(BankFile.authority_id == authority_id, BankFile.sha256 == sha256)
    if (before := session.scalar(known)) is not None:
        words = lazy_("This file was taken in on %(day)s already. Nothing was changed.", day=format_day(before))
        raise FileKnown(words, "file")
    rules = bank_file_rules(session, authority_id=authority_id, actor=actor)
    file = store_upload(session, upload=upload, rules=rules, actor=actor, now=now)
    session.flush()
    taken = BankFile(
        authority_id=authority_id, kind=reading.kind, sha256=sha256, file_id=file.id,
        bank_reference=reading.message_id, imported_by=actor.person_id, imported_at=now,
    )  # fmt: skip
    session.add(taken)
    session.flush()
    outcomes = take_messages(session, taken=taken, reading=reading, actor=actor, now=now)
    after = {"kind": taken.kind, "sha256": sha256, **{each.value: outcomes[each] for each in Outcome}}
    record(session, at=now, actor=actor, event="bank_file.taken", subject=taken, after=after)
    return taken
