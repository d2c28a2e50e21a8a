"""Sessions of the commission: convened, opened by a quorum, noted, closed with minutes that nobody changes."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Tie
from portal.access.ties import tie
from portal.core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from portal.documents.operations import read_file
from portal.evaluation import operations, sitting_checks
from portal.evaluation.operations.minutes import NotToSign, OtherMinutes
from portal.evaluation.operations.sittings import AnotherIsOpen
from portal.evaluation.queries.sittings import sitting_page
from portal.evaluation.sittings import Happening, SittingStatus, lines_of
from portal.notices.models import Notice
from tests.evaluation.test_secretary_declares import answer
from tests.factories.base import as_actor
from tests.factories.evaluation import declare_all, declare_conflict, make_evaluation, score
from tests.factories.sittings import convene, keeper, make_commission, open_one

HOUR = timedelta(hours=1)


@pytest.fixture
def held(session, now):
    """A commission with an open session."""
    world, commission = make_commission(session, now=now)
    sitting = open_one(session, world, convene(session, world, now=now), now=now + HOUR)
    return world, commission, sitting


def close(session, world, sitting, *, now):
    return operations.close_sitting(
        session, sitting_id=sitting.id, actor=keeper(session, world, now=now), now=now + 3 * HOUR
    )


def said(record):
    return [(line.words["it"], [reference for _key, reference in line.applications]) for line in record.lines]


def test_chair_and_secretary_convene_and_whoever_sits_is_told(session, now):
    world, commission = make_commission(session, now=now)
    sitting = convene(session, world, now=now)
    again = convene(session, world, now=now, actor=as_actor(session, world.chair, now=now))
    assert (sitting.number, again.number, sitting.status) == (1, 2, SittingStatus.CONVENED)
    told = set(session.scalars(select(Notice.person_id).where(Notice.path == f"/sittings/{sitting.id}")))
    assert told == {*(each.person_id for each in commission.members), world.known["secretary"].id}
    for person in (world.members[0], world.officer):
        with pytest.raises(Forbidden):
            convene(session, world, now=now, actor=as_actor(session, person, now=now))
    with pytest.raises(Invalid):
        convene(session, world, now=now, starts_at=now - HOUR)


def test_everybody_who_votes_is_there_or_the_reason_is_kept(session, now):
    world, commission = make_commission(session, now=now)
    sitting, later = convene(session, world, now=now), now + HOUR
    with pytest.raises(Conflict):
        open_one(session, world, sitting, now=now)
    chair, first, _second = commission.members
    assert commission.secretary is not None
    with pytest.raises(Invalid, match="Elio Commissario 2") as refused:
        open_one(session, world, sitting, now=later, present_ids=[chair.id, first.id])
    assert refused.value.field == "missing_reason"
    for nobody in ([], [commission.secretary.id], [commission.substitutes[0].id]):
        with pytest.raises(Invalid):
            open_one(session, world, sitting, now=later, present_ids=nobody, missing_reason="Solo istruttoria")
    opened = open_one(session, world, sitting, now=later, present_ids=[chair.id, first.id],
                      missing_reason="Solo istruttoria")  # fmt: skip
    assert (opened.status, opened.missing_reason, len(opened.presences)) == ("opened", "Solo istruttoria", 2)
    with pytest.raises(AnotherIsOpen):
        open_one(session, world, convene(session, world, now=now), now=later)


def test_minutes_tell_what_happened_and_no_mark(session, now, held):
    world, commission, sitting = held
    then = now + 2 * HOUR
    officer = as_actor(session, world.officer, now=then)
    assignments = operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=then).assignments
    declare_all(session, world, now=then)
    mine = next(each for each in assignments if each.person_id == world.chair.id)
    score(session, mine, now=then)
    note = {"sitting_id": sitting.id, "actor": keeper(session, world, now=then), "now": then}
    operations.write_remark(session, text="Si richiama l'art. 77", reference="", **note)
    operations.write_remark(session, text="Si chiede un chiarimento", reference=mine.application.reference, **note)
    operations.call_in_substitute(session, commission_id=commission.id, leaving_id=world.members[0].id,
                                  reason="Dimissioni", actor=officer, now=then)  # fmt: skip
    made = close(session, world, sitting, now=now)
    everything = [each.reference for each in world.applications]
    lines = said(sitting_page(session, officer, sitting.id).records[0])
    assert ("Carla Presidente dichiara di non avere conflitti di interessi", everything) in lines
    assert ("Carla Presidente chiude i punteggi", [mine.application.reference]) in lines
    assert ("Si richiama l'art. 77", []) in lines
    assert ("Si chiede un chiarimento", [mine.application.reference]) in lines
    assert any("Ugo Supplente 1, supplente, subentra" in words for words, _about in lines)
    assert "hundredths" not in json.dumps(made.document)
    pdf = read_file(made.file)
    assert made.sha256 == hashlib.sha256(pdf).hexdigest() == made.protocol_entry.sha256
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "it"
    signers = [each.person_id for each in made.signatures]
    assert signers == [world.chair.id, world.members[1].id, world.known["secretary"].id], "who left does not sign"


def test_whoever_was_there_signs_once_the_file_they_were_shown(session, now, held):
    world, _commission, sitting = held
    made = close(session, world, sitting, now=now)
    later = now + 4 * HOUR
    for person in (*world.people, world.known["secretary"]):
        given = {"minutes_id": made.id, "actor": as_actor(session, person, now=later), "now": later}
        with pytest.raises(OtherMinutes):
            operations.sign_minutes(session, sha256="0" * 64, **given)
        operations.sign_minutes(session, sha256=made.sha256, **given)
        with pytest.raises(NotToSign):
            operations.sign_minutes(session, sha256=made.sha256, **given)
    assert made.unsigned == 0
    with pytest.raises(Forbidden):
        operations.sign_minutes(session, minutes_id=made.id, sha256=made.sha256, now=later,
                                actor=as_actor(session, world.officer, now=later))  # fmt: skip
    assert list(sitting_checks.broken(session)) == []


def test_a_correction_is_a_further_minute_that_points_to_the_first(session, now, held):
    world, _commission, sitting = held
    first = close(session, world, sitting, now=now)
    second = operations.correct_minutes(
        session, minutes_id=first.id, text="La seduta si è tenuta in sala B", reference="",
        actor=keeper(session, world, now=now), now=now + 5 * HOUR,
    )  # fmt: skip
    assert (second.number, second.corrects_id) == (2, first.id)
    assert second.document["corrects"] == first.protocol_entry.label
    assert second.sha256 != first.sha256
    assert len(second.signatures) == 4


def test_what_is_over_never_changes(session, now, held):
    world, _commission, sitting = held
    made = close(session, world, sitting, now=now)
    made.signatures[0].signed_at, made.signatures[0].sha256 = now, made.sha256
    session.flush()
    with pytest.raises(IllegalMove):
        close(session, world, sitting, now=now)
    with pytest.raises(Conflict):
        operations.write_remark(session, sitting_id=sitting.id, text="Tardi", reference="",
                                actor=keeper(session, world, now=now), now=now)  # fmt: skip
    for statement in (
        "UPDATE minutes SET sha256 = '0'", "DELETE FROM minutes", "DELETE FROM minutes_signature",
        "UPDATE sitting SET missing_reason = 'x'", "DELETE FROM sitting", "UPDATE sitting_presence SET at = at",
        "UPDATE minutes_signature SET signed_at = NULL, sha256 = NULL WHERE signed_at IS NOT NULL",
        f"UPDATE minutes_signature SET sha256 = '{'0' * 64}', signed_at = '2026-01-01' WHERE signed_at IS NULL",
    ):  # fmt: skip
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def test_a_conflict_takes_its_lines_away_and_nothing_else(session, now, held):
    world, _commission, sitting = held
    officer, then = as_actor(session, world.officer, now=now), now + 2 * HOUR
    assignments = operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=then).assignments
    secret, other = world.applications
    declare_conflict(session, next(each for each in assignments if each.application_id == secret.id), now=then)
    answer(session, world, then)
    note = {"sitting_id": sitting.id, "actor": keeper(session, world, now=then), "now": then}
    operations.write_remark(session, text="Canarino", reference=secret.reference.lower(), **note)
    close(session, world, sitting, now=now)
    person = world.known["secretary"]
    tie(session, person_id=person.id, tie=Tie.CONFLICTED, object_type="application", object_id=secret.id, now=then)
    theirs = sitting_page(session, as_actor(session, person, now=then), sitting.id).records[0]
    whole = sitting_page(session, officer, sitting.id).records[0]
    assert (whole.is_whole, theirs.is_whole) == (True, False)
    assert secret.reference in str(said(whole))
    assert other.reference in str(said(theirs))
    assert secret.reference not in str(said(theirs))
    assert "Canarino" not in str(said(theirs))


def test_a_note_about_what_is_kept_from_its_writer_is_refused_like_a_wrong_number(session, now, held):
    world, _commission, sitting = held
    secret, person = world.applications[0], world.known["secretary"]
    tie(session, person_id=person.id, tie=Tie.CONFLICTED, object_type="application", object_id=secret.id, now=now)
    messages = set()
    for reference in (secret.reference, "VIV-2026-999999"):
        with pytest.raises(Invalid) as refused:
            operations.write_remark(session, sitting_id=sitting.id, text="x", reference=reference,
                                    actor=keeper(session, world, now=now), now=now)  # fmt: skip
        messages.add(str(refused.value.message))
    assert len(messages) == 1


def test_sessions_are_secret_to_who_neither_sits_nor_belongs_to_the_office(session, now, held):
    world, _commission, sitting = held
    away = make_evaluation(session, now=now, code="torino")
    for person in (world.known["substitutes"][0], world.owners[0], away.officer, away.chair):
        with pytest.raises(NotFound):
            sitting_page(session, as_actor(session, person, now=now), sitting.id)


def test_a_session_is_called_off_before_it_opens(session, now):
    world, _commission = make_commission(session, now=now)
    sitting = convene(session, world, now=now)
    given = {"sitting_id": sitting.id, "actor": keeper(session, world, now=now), "now": now}
    assert operations.cancel_sitting(session, **given).status is SittingStatus.CANCELLED
    with pytest.raises(IllegalMove):
        operations.cancel_sitting(session, **given)


def test_whoever_comes_later_is_noted_from_then_on(session, now):
    world, commission = make_commission(session, now=now)
    chair, *others = commission.members
    sitting = open_one(session, world, convene(session, world, now=now), now=now + HOUR, present_ids=[chair.id],
                       missing_reason="In attesa")  # fmt: skip
    given = {"sitting_id": sitting.id, "actor": keeper(session, world, now=now), "now": now + 2 * HOUR}
    operations.note_presence(session, present_ids=[each.id for each in others], **given)
    with pytest.raises(Invalid):
        operations.note_presence(session, present_ids=[chair.id], **given)
    assert [each.at - now for each in sitting.presences] == [HOUR, 2 * HOUR, 2 * HOUR]


def test_the_same_words_of_several_applications_are_one_line(now):
    a, b = ((UUID(int=n), f"VIV-{n}") for n in (1, 2))
    words = {"it": "Ada chiude", "en": "Ada closes"}
    first, second = Happening(now, words, a), Happening(now + HOUR, words, b)
    alone = Happening(now, {"it": "Nota", "en": "Note"})
    lines = lines_of([second, alone, replace(alone), first, first])
    assert [(line.at, line.words["it"], line.applications) for line in lines] == [
        (now, "Ada chiude", [a, b]), (now, "Nota", []), (now, "Nota", []),
    ]  # fmt: skip
