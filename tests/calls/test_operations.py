"""From a file to a published call, its extensions and its evaluation: on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.access.queries import authority_by_code
from portal.calls.callfile import design_hash
from portal.calls.checks import broken
from portal.calls.models import Call, CallRevision, PhaseDeadline
from portal.calls.operations import (
    AlreadyPublished,
    DeadlineNotPassed,
    EvaluationBegun,
    approve_call,
    begin_evaluation,
    extend_deadline,
    import_call,
    publish_call,
)
from portal.calls.queries import remaining_budget
from portal.calls.rules import CallExtended, CallStatus, PhaseStatus
from portal.core import events
from portal.core.actor import SYSTEM
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.questionnaires.models import FormRevision
from tests.factories.base import as_actor, make_authority, make_staff
from tests.factories.calls import SHIPPED, dated_design, publish_design, shipped_design

ROME_NOON = datetime(2026, 4, 20, 12, 0)


@pytest.fixture
def call(session, now) -> Call:
    """A published call, open around now."""
    return publish_design(session, dated_design(now, grace_seconds=30), now=now)


def extend(session, call, now, **changes):
    """An extension to 20 April at noon in Rome."""
    given = {
        "phase_id": call.phases[0].id, "closes_at": ROME_NOON, "act_number": "2026/9", "act_date": date(2026, 3, 1),
        "reason": {"it": "Maltempo", "en": "Storm"}, "actor": SYSTEM, "now": now,
    }  # fmt: skip
    return extend_deadline(session, **(given | changes))


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_call_becomes_a_draft_and_then_public(session, now, slug):
    design = shipped_design(slug)
    call = import_call(session, design=design, actor=SYSTEM, now=now)
    assert (call.status, call.revision, call.phases[0].deadlines) == (CallStatus.DRAFT, 1, [])
    assert call.design == design
    publish = {"call_id": call.id, "act_number": "1", "act_date": date(2026, 1, 1), "actor": SYSTEM, "now": now}
    approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
    publish_call(session, **publish)
    assert [row.sequence for row in call.phases[0].deadlines] == list(range(1, len(design.phases[0].deadlines) + 1))
    assert list(broken(session)) == []


def test_the_authority_comes_from_the_file(session, now):
    make_authority(session, name="Vecchio nome")
    import_call(session, design=shipped_design(), actor=SYSTEM, now=now)
    authority = authority_by_code(session, "bari")
    assert authority is not None
    assert (authority.name, authority.email) == ("Comune di Bari", "urbis@comune-bari.example")
    assert authority.iban == "IT60X0542811101000000123456"


def test_deadlines_are_instants_with_their_acts(session, now):
    call = publish_design(session, shipped_design("venezia-welfare-comunita"), now=now)
    rows = call.phases[0].deadlines
    assert [row.closes_at for row in rows] == [
        datetime(2019, 12, 12, 11, tzinfo=UTC),
        datetime(2019, 12, 20, 11, tzinfo=UTC),
        datetime(2019, 12, 31, 12, tzinfo=UTC),
    ]
    assert [row.act_number for row in rows] == [None, "PG/2019/0610117", "PG/2019/0629450"]
    assert call.phases[0].closes_at == rows[-1].closes_at


def test_grace_and_the_time_to_accept_follow_the_deadline(session, call, now):
    row = call.phases[0].deadline
    assert row.last_instant - row.closes_at == timedelta(seconds=30)
    assert row.accepted_until - row.last_instant == timedelta(seconds=120)


def test_the_budget_enters_the_ledger_at_publication(session, call):
    [line] = remaining_budget(session, call)
    assert line.remaining_cents == line.line.amount_cents == 256_400_000
    assert balance_of(session, AccountKind.FUND, call.id) == -256_400_000


def test_a_draft_is_replaced_by_its_next_file(session, now):
    first = dated_design(now)
    call = import_call(session, design=first, actor=SYSTEM, now=now)
    second = replace(
        first, title={"it": "Nuovo", "en": "New"}, budget_lines=[replace(first.budget_lines[0], key="due")]
    )
    again = import_call(session, design=second, actor=SYSTEM, now=now)
    assert again is call
    assert (call.revision, call.title["it"], call.design) == (2, "Nuovo", second)
    assert [line.line.key for line in remaining_budget(session, call)] == ["due"]
    assert len(call.phases) == 1
    hashes = session.scalars(select(CallRevision.sha256).order_by(CallRevision.number)).all()
    assert hashes == [design_hash(first), design_hash(second)]


def test_the_form_has_a_new_revision_only_when_questions_change(session, now):
    design = dated_design(now)
    import_call(session, design=design, actor=SYSTEM, now=now)
    import_call(session, design=replace(design, decimals=1), actor=SYSTEM, now=now)
    assert session.scalars(select(FormRevision.number)).all() == [1]
    sections = design.questionnaire.sections
    fewer = replace(design, questionnaire=replace(design.questionnaire, sections=sections[:2] + sections[3:]))
    call = import_call(session, design=fewer, actor=SYSTEM, now=now)
    assert session.get_one(FormRevision, call.phases[0].form_revision_id).number == 2


def test_the_same_file_again_changes_nothing(session, now):
    design = dated_design(now)
    call = publish_design(session, design, now=now)
    before = (call.revision, len(session.scalars(select(AuditEvent.id)).all()))
    assert import_call(session, design=design, actor=SYSTEM, now=now) is call
    assert (call.revision, len(session.scalars(select(AuditEvent.id)).all())) == before


def test_another_file_makes_an_approved_call_a_draft_again_and_is_refused_afterwards(session, now):
    design = dated_design(now)
    call = import_call(session, design=design, actor=SYSTEM, now=now)
    approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
    changed = replace(design, notes="Altro")
    assert import_call(session, design=changed, actor=SYSTEM, now=now).status is CallStatus.DRAFT
    publish_design(session, changed, now=now)
    with pytest.raises(AlreadyPublished):
        import_call(session, design=replace(design, notes="Terzo"), actor=SYSTEM, now=now)


def test_publication_needs_approval_and_happens_once(session, now):
    call = import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
    publish = {"call_id": call.id, "act_number": "1", "act_date": date(2026, 1, 1), "actor": SYSTEM, "now": now}
    with pytest.raises(IllegalMove):
        publish_call(session, **publish)
    approve_call(session, call_id=call.id, actor=SYSTEM, now=now)
    with pytest.raises(Invalid):
        publish_call(session, **(publish | {"act_number": "  "}))
    publish_call(session, **publish)
    with pytest.raises(IllegalMove):
        publish_call(session, **publish)
    assert call.design.acts[-1].number == "1"


def test_an_extension_is_a_new_row_and_a_new_revision(session, call, now):
    heard = []
    events.subscribe(CallExtended, lambda _session, event: heard.append(event))
    before = call.phases[0].closes_at
    row = extend(session, call, now)
    assert row.sequence == 2
    assert row.closes_at == datetime(2026, 4, 20, 10, tzinfo=UTC)
    assert row.last_instant == row.closes_at + timedelta(seconds=30)
    assert (call.phases[0].deadlines[0].closes_at, call.phases[0].closes_at) == (before, row.closes_at)
    assert call.design.phases[0].deadlines[-1].closes == ROME_NOON
    assert heard == [CallExtended(call_id=call.id, phase_id=call.phases[0].id, closes_at=row.closes_at, at=now)]
    assert list(broken(session)) == []


@pytest.mark.parametrize(
    "closes",
    [
        datetime(2026, 3, 3, 9, 0),
        datetime(2025, 1, 1, 9, 0),
        datetime(2026, 3, 29, 2, 30),
        datetime(2026, 10, 25, 2, 30),
    ],
)
def test_an_extension_only_moves_a_deadline_to_a_true_later_hour(session, call, now, closes):
    with pytest.raises(Invalid) as refused:
        extend(session, call, now, closes_at=closes)
    assert refused.value.field == "closes_at"
    assert len(call.phases[0].deadlines) == 1


def test_a_deadline_row_is_never_changed(session, call):
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE phase_deadline SET sequence = 7"))


def test_evaluation_begins_when_nothing_more_can_arrive(session, call, now):
    phase = call.phases[0]
    begin = {"phase_id": phase.id, "actor": SYSTEM}
    with pytest.raises(DeadlineNotPassed):
        begin_evaluation(session, now=phase.deadline.accepted_until, **begin)
    after = phase.deadline.accepted_until + timedelta(microseconds=1)
    assert begin_evaluation(session, now=after, **begin).status is PhaseStatus.EVALUATION
    with pytest.raises(IllegalMove):
        begin_evaluation(session, now=after, **begin)
    with pytest.raises(EvaluationBegun):
        extend(session, call, after)


def test_only_officers_of_the_authority_act(session, call, now):
    home = authority_by_code(session, "bari")
    assert home is not None
    abroad = make_authority(session, code="torino", name="Torino")
    draft = import_call(session, design=dated_design(now, slug="bozza"), actor=SYSTEM, now=now)
    strangers = [make_staff(session, home, Role.AUDITOR, now=now), make_staff(session, abroad, Role.OFFICER, now=now)]
    for person in strangers:
        actor = as_actor(session, person, now=now)
        with pytest.raises((Forbidden, NotFound)):
            approve_call(session, call_id=draft.id, actor=actor, now=now)
        with pytest.raises((Forbidden, NotFound)):
            extend(session, call, now, actor=actor)
        with pytest.raises((Forbidden, NotFound)):
            begin_evaluation(session, phase_id=call.phases[0].id, actor=actor, now=now + timedelta(days=99))
        with pytest.raises(Forbidden):
            import_call(session, design=replace(dated_design(now), slug="altro"), actor=actor, now=now)
    officer = as_actor(session, make_staff(session, home, Role.OFFICER, now=now), now=now)
    assert approve_call(session, call_id=draft.id, actor=officer, now=now).status is CallStatus.APPROVED
    assert extend(session, call, now, actor=officer).decided_by == officer.person_id


def test_the_checker_sees_a_call_that_contradicts_itself(session, call, now):
    call.budget_cents += 1
    call.phases[0].closes_at += timedelta(seconds=1)
    call.definition = call.definition | {"decimals": 1}
    session.flush()
    assert len(list(broken(session))) == 3
    assert session.scalars(select(PhaseDeadline)).all()
