"""What is released on a request for documents names nobody, whatever words minutes and reasons use."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from portal.documents.reading import read_file
from portal.evaluation import operations
from portal.evaluation.afterwards import DisclosureStatus
from portal.evaluation.models import Assignment
from portal.evaluation.points import Entry, marks_of, scored
from portal.evaluation.redacting import family_names, redacted_text, with_turns
from tests.evaluation.test_scroll_causes import office
from tests.factories.base import as_actor, bari_design
from tests.factories.evaluation import (
    actor_for,
    assign,
    compute,
    declare_all,
    make_evaluation,
    make_submission,
    publish,
    score,
)

DAY = timedelta(days=1)
OWNER, PARTNER, AUTHOR = "Canarino Cooperativa", "Socia Canarina", "Ada Canarini"
PEOPLE = {"Mario Rossi": "Commissario 1", "Ugo Li": "Commissario 2"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Mario Rossi dissente.", "Commissario 1 dissente."),
        ("MARIO  ROSSI e rossi mario", "Commissario 1 e Commissario 1"),
        ("La dott.ssa Rossi, il prof. ROSSI", "La dott.ssa [omesso], il prof. [omesso]"),
        ("i muri rossi restano", "i muri rossi restano"),
        ("Li abbiamo visti con Ugo Li", "Li abbiamo visti con Commissario 2"),
        ("Rossini non è Rossi", "Rossini non è [omesso]"),
        ("RSSMRA80A01F205X, m.rossi@comune.it, 333 1234567", "[omesso], [omesso], [omesso]"),
    ],
)
def test_names_go_in_every_order_and_case(said, read):
    assert redacted_text(said, with_turns(PEOPLE), family_names(PEOPLE)) == read


def wordy_world(session, now):
    """Three applications; a reason under the third names everybody that it should not."""
    world = make_evaluation(session, now=now, applications=3, design=bari_design())
    first, third = world.applications[0], world.applications[2]
    people = {"key": "team", "type": "people", "tag": "team", "label": {"it": "Chi", "en": "Who"}, "text": {},
              "value": [{"first_name": AUTHOR.split(maxsplit=1)[0], "last_name": AUTHOR.split()[1]}]}  # fmt: skip
    make_submission(session, first, now=now, changed={
        "organisation": {"id": str(first.organisation_id), "name": OWNER,
                         "partners": [{"id": str(UUID(int=7)), "name": PARTNER, "fiscal_code": None}]},
        "sections": [{"key": "who", "title": {"it": "Chi", "en": "Who"}, "answers": [people]}],
    })  # fmt: skip
    mine = next(each for each in assign(session, world, now=now) if each.application_id == third.id)
    declare_all(session, world, now=now)
    words = (f"Come {OWNER} con {PARTNER}; {AUTHOR} lo disse a {world.chair.name}, "
             f"e {world.members[0].name.split()[-2]} {world.members[0].name.split()[-1]} era presente.")  # fmt: skip
    first_one, *others = scored(bari_design())
    entries = [Entry(first_one.key, marks_of(first_one)[-1], words, 0),
               *(Entry(each.key, marks_of(each)[-1], "Bene.", 0) for each in others)]  # fmt: skip
    given = {"assignment_id": mine.id, "actor": actor_for(session, mine, now=now), "now": now}
    operations.save_scores(session, entries=entries, **given)
    operations.finalise_scores(session, **given)
    for each in session.scalars(select(Assignment).where(Assignment.id != mine.id).order_by(Assignment.id)):
        score(session, each, now=now, share=90 - 10 * world.applications.index(each.application))
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    world.known["ranking"] = publish(session, world, ranking, now=now, final=True)
    return world


def released(session, world, number, now, status=DisclosureStatus.GRANTED, told=None):
    """The files of a request of one applicant; another one was told, and objected."""
    asking = as_actor(session, world.owners[number], now=now)
    request = operations.ask_for_documents(session, application_id=world.applications[number].id, wants="Tutto.",
                                           interest="Ricorso.", actor=asking, now=now)  # fmt: skip
    if told is not None:
        notice = operations.tell_counter_interested(
            session, request_id=request.id, reference=world.applications[told].reference, **office(session, world, now)
        )
        operations.object_to_disclosure(session, notice_id=notice.id, text="No.", now=now,
                                        actor=as_actor(session, world.owners[told], now=now))  # fmt: skip
    operations.decide_request(session, request_id=request.id, status=status, reason="Perché sì.",
                              **office(session, world, now))  # fmt: skip
    taken = operations.take_bundle(session, request_id=request.id, actor=asking, now=now)
    with ZipFile(BytesIO(read_file(taken))) as bundle:
        assert not [each for each in bundle.infolist() if each.comment or each.date_time[0] != 1980]
        return {name: bundle.read(name).decode("utf-8-sig") for name in bundle.namelist()}


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_a_reason_that_names_everybody_is_released_without_them(session, now):
    world = wordy_world(session, now)
    files = released(session, world, 2, now)
    whole = "\n".join(files.values())
    assert "lo disse a Commissario" in files["schede/punteggi.csv"]
    assert world.applications[0].reference in files["schede/punteggi.csv"]
    secrets = (OWNER, PARTNER, AUTHOR, AUTHOR.split()[1], world.chair.name, *(each.name for each in world.members))
    assert not [each for each in secrets if each.casefold() in whole.casefold()]
    assert {name.rpartition(".")[2] for name in files} == {"csv", "json", "txt"}
    assert json.loads(files["graduatoria/ingresso.json"])


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_in_part_the_reasons_of_who_objected_stay_out(session, now):
    world = wordy_world(session, now)
    assert "lo disse" in released(session, world, 0, now, told=2)["schede/punteggi.csv"]
    part = released(session, world, 1, now, DisclosureStatus.GRANTED_PARTLY, told=2)
    assert "lo disse" not in part["schede/punteggi.csv"]
    assert "lo disse" not in released(session, world, 1, now)["schede/punteggi.csv"]
