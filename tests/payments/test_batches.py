"""Several tranches released together: every check of a single release, all or nothing or line by line."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.calls.rules import GateName
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.payments import operations
from portal.payments.batches.operations import Chosen, LineRefused, release_batch
from portal.payments.batches.queries import batch_seen, release_page
from portal.payments.batches.rules import BatchMode, LineOutcome
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_authority, make_staff
from tests.factories.gated import TAXED, find_activity, limit, make_gated, open_irregularity, template
from tests.factories.payments import make_member

GATES = ["agreement_signed", "cup", "published", "iban_verified", "no_irregularity"]


@pytest.fixture
def finance(session, now):
    return make_gated(session, now=now, tranches=[template("all", 100, GateName.NO_IRREGULARITY)])


def proposed(finance, count: int = 3) -> list[Tranche]:
    """The grant planned in so many tranches of 1 000 euro, all of them proposed."""
    session = finance.session
    session.delete(finance.first)
    session.flush()
    rest = finance.grant.awarded_cents - 100_000 * (count - 1)
    made = [
        Tranche(
            authority_id=finance.grant.authority_id, grant_id=finance.grant.id, number=number, key="all",
            name={"it": "Tranche", "en": "Tranche"}, amount_cents=100_000 if number < count else rest, gates=GATES,
            status=TrancheStatus.PROPOSED, status_at=finance.now, due_on=finance.now.date(),
            requested_by=finance.world.owner.id, requested_at=finance.now, verified_by=finance.world.officer.id,
            verified_at=finance.now, proposed_by=finance.maker.id, proposed_at=finance.now,
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def release(finance, tranches, mode, *, seen=0, by=None):
    chosen = [Chosen(each.id, each.version - seen) for each in tranches]
    return release_batch(finance.session, chosen=chosen, mode=mode, **finance.by(by or finance.checker))


def statuses(tranches) -> list[str]:
    return [each.status.value for each in tranches]


@pytest.mark.parametrize("mode", BatchMode)
def test_what_is_free_is_released_whole(finance, mode):
    tranches = proposed(finance)
    batch = release(finance, tranches, mode)
    assert statuses(tranches) == ["approved"] * 3
    assert [(line.outcome, line.gross_cents) for line in batch.lines] == [
        (LineOutcome.RELEASED, each.amount_cents) for each in tranches
    ]
    assert {each.approved_by for each in tranches} == {finance.checker.id}


def spoil(finance, tranches, how) -> list[Chosen]:
    """One thing in the way of the second tranche, and of no other; what is then on the screen."""
    second, seen = tranches[1], tranches[1].version
    match how:
        case "GatesClosed":
            second.gates = [*GATES, "durc"]
        case "ChangedSinceSeen":
            second.note = "Cambiata"
        case "SamePerson":
            second.proposed_by = finance.checker.id
        case "IllegalMove":
            operations.send_back_tranche(
                finance.session, tranche_id=second.id, reason="Manca", **finance.by(finance.checker)
            )
        case "OverLimit":
            limit(finance, 150_000)
        case "NotEnough":
            tranches[0].amount_cents = finance.grant.awarded_cents - 50_000
    finance.session.flush()
    return [
        Chosen(each.id, seen if how == "ChangedSinceSeen" and each is second else each.version) for each in tranches
    ]


HOW = ("GatesClosed", "ChangedSinceSeen", "SamePerson", "IllegalMove", "OverLimit", "NotEnough")


@pytest.mark.parametrize("how", ["GatesClosed", "NotEnough"])
def test_all_or_nothing_stops_at_the_first_refusal_and_names_it(finance, how):
    tranches = proposed(finance)[:2]
    chosen = spoil(finance, tranches, how)
    step = finance.session.begin_nested()
    with pytest.raises(LineRefused, match=r"tranche (n\. )?2") as refused:
        release_batch(finance.session, chosen=chosen, mode=BatchMode.WHOLE, **finance.by(finance.checker))
    step.rollback()
    assert type(refused.value.refusal).__name__ == how
    assert "approved" not in statuses(tranches)


@pytest.mark.parametrize("how", HOW)
def test_line_by_line_releases_the_rest_and_records_each_refusal(finance, how):
    tranches = proposed(finance)[:2]
    chosen = spoil(finance, tranches, how)
    batch = release_batch(finance.session, chosen=chosen, mode=BatchMode.LINES, **finance.by(finance.checker))
    assert [line.outcome for line in batch.lines] == [LineOutcome.RELEASED, LineOutcome.REFUSED]
    assert batch.lines[1].refusal == how
    assert batch.lines[1].reason is not None
    assert set(batch.lines[1].reason) == {"it", "en"}
    assert tranches[0].status is TrancheStatus.APPROVED
    assert tranches[1].status is not TrancheStatus.APPROVED
    query = select(AuditEvent).where(AuditEvent.event == "refused tranche.approve")
    event = finance.session.scalars(query).one()
    assert (event.subject_id, event.after["refusal"]) == (tranches[1].id, how)


def test_a_batch_of_nobody_of_twins_or_of_others_is_refused(finance):
    tranches = proposed(finance)
    for wrong in ([], [tranches[0], tranches[0]]):
        with pytest.raises(Invalid):
            release(finance, wrong, BatchMode.LINES)
    with pytest.raises((Forbidden, NotFound)):
        release(finance, tranches, BatchMode.LINES, by=finance.maker)
    stranger = make_staff(
        finance.session, make_authority(finance.session, code="venezia", name="Venezia"), Role.FINANCE_APPROVER,
        now=finance.now,
    )  # fmt: skip
    with pytest.raises(NotFound):
        release(finance, tranches, BatchMode.LINES, by=stranger)


def test_a_member_of_the_recipient_releases_none_of_its_lines(finance):
    tranches = proposed(finance)
    make_member(finance, finance.checker)
    batch = release(finance, tranches, BatchMode.LINES)
    assert {line.refusal for line in batch.lines} == {"PaysOneself"}
    assert statuses(tranches) == ["proposed"] * 3


def test_the_page_shows_the_effect_before_the_act(session, now):
    finance = make_gated(
        session, now=now, tranches=[template("all", 100, GateName.NO_IRREGULARITY)], rules=TAXED
    )  # fmt: skip
    find_activity(finance, is_undertaking=True)
    tranches = proposed(finance)
    limit(finance, 150_000)
    chosen = frozenset(each.id for each in tranches[:2])
    seen = release_page(session, chosen, finance.actor(finance.checker), now)
    assert seen.effect is not None
    assert (seen.effect.gross_cents, seen.effect.withheld_cents, seen.effect.net_cents) == (200_000, 8_000, 192_000)
    assert [cents for _name, cents in seen.effect.by_line] == [200_000]
    assert not seen.effect.is_within_the_limit
    assert [each.is_free for each in seen.candidates] == [True] * 3
    open_irregularity(finance)
    seen = release_page(session, chosen, finance.actor(finance.checker), now)
    assert [[gate.name for gate in each.closed] for each in seen.candidates] == [[GateName.NO_IRREGULARITY]] * 3
    assert release_page(session, chosen, finance.actor(finance.maker), now).candidates == []


def test_what_became_of_a_batch_is_kept(finance):
    batch = release(finance, proposed(finance), BatchMode.WHOLE)
    assert batch_seen(finance.session, batch.id, finance.actor(finance.maker)).id == batch.id
    with pytest.raises(NotFound):
        batch_seen(finance.session, batch.id, finance.actor(finance.world.owner))
    with pytest.raises(IntegrityError), finance.session.begin_nested():
        finance.session.execute(text("UPDATE release_batch_line SET gross_cents = 1"))
