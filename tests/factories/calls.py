"""Calls through their own operations: the shipped files, dated around `now`, imported, approved, published."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.calls.callfile import read_call_file
from portal.calls.models import Call, CallDocument, CallQuestion, CallSubscription
from portal.calls.operations import approve_call, import_call, publish_call
from portal.calls.operations.following import PURPOSE
from portal.calls.rules import CallDesign, Deadline
from portal.calls.rules.publication import DocumentKind
from portal.calls.rules.times import wall_time
from portal.core.actor import SYSTEM
from portal.core.secrets import seal
from portal.documents.operations import store_bytes
from tests.factories.base import CALLS
from tests.factories.documents import PDF

SHIPPED = ("bari-urbis", "torino-prossimita-2026", "venezia-welfare-comunita")


@cache
def shipped_text(slug: str) -> str:
    """A call's file as it is shipped."""
    return (CALLS / f"{slug}.yaml").read_text(encoding="utf-8")


def shipped_design(slug: str = "bari-urbis") -> CallDesign:
    """A shipped call."""
    return read_call_file(shipped_text(slug))


def dated_design(
    now: datetime, *, slug: str = "bari-urbis", opens: timedelta = timedelta(days=-10),
    closes: timedelta = timedelta(days=10), grace_seconds: int = 0,
) -> CallDesign:  # fmt: skip
    """The call of Bari with one deadline around `now`."""
    design = shipped_design()
    phase = replace(
        design.phases[0],
        opens=wall_time(now + opens, "Europe/Rome"),
        deadlines=[Deadline(closes=wall_time(now + closes, "Europe/Rome"))],
        grace_seconds=grace_seconds,
    )
    return replace(design, slug=slug, phases=[phase])


def publish_design(session: Session, design: CallDesign, *, now: datetime) -> Call:
    """A published call of this design."""
    call = import_call(session, design=design, actor=SYSTEM, now=now)
    approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
    return publish_call(
        session, call_id=call.id, act_number="2026/210/00001", act_date=min(date(2026, 2, 1), now.date()), actor=SYSTEM,
        now=now,
    )  # fmt: skip


def name_call_objects(session: Session, call: Call, reader: Person, *, now: datetime) -> dict[str, Any]:
    """A document, a question that waits, and what somebody follows: by parameter of an address."""
    file = store_bytes(session, name="a.pdf", media_type="application/pdf", content=PDF, actor=SYSTEM, now=now)
    session.flush()
    title = {"it": "Avviso", "en": "Notice"}
    document = CallDocument(call_id=call.id, file_id=file.id, kind=DocumentKind.NOTICE, title=title, added_at=now)
    question = CallQuestion(call_id=call.id, number=1, asked_by=reader.id, asked_at=now, text="Quando?", answers=[])
    subscription = CallSubscription(person_id=reader.id, call_id=call.id, since=now)
    session.add_all([document, question, subscription])
    session.flush()
    return {
        "document_id": document.id, "question_id": question.id, "subscription_id": subscription.id,
        "stop_token": seal(str(subscription.id), purpose=PURPOSE), "place": "phases/0",
    }  # fmt: skip
