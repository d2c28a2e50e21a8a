"""Rounds: what evaluators see changes by an act; while names are hidden, none reaches them by any path."""

import io
from dataclasses import replace
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import select

from portal.calls.rules.design import EvaluationRound, EvaluationRules, OthersScores
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict, Forbidden
from portal.core.mail import OutgoingMail
from portal.documents.operations import store_bytes
from portal.evaluation import operations
from portal.evaluation.masking import as_seen, code_of, hidden_keys
from portal.evaluation.models import Assignment
from portal.evaluation.striking import striker
from portal.notices.models import Notice
from tests.factories.base import as_actor, bari_design, sign_in
from tests.factories.evaluation import add_application, assign, declare_all, make_evaluation, make_submission, score
from tests.page import HTMX

NAME, PARTNER, AUTHOR, FILE = "Canarino Cooperativa", "Socia Canarina", "Autrice Canarina", "canarino-statuto"
CANARIES = (NAME, PARTNER, AUTHOR, FILE)


def a_round(key: str, **said) -> EvaluationRound:
    return EvaluationRound(key=key, name={"it": key, "en": key}, **said)


BLIND = replace(
    bari_design(),
    evaluation=EvaluationRules(
        rounds=[a_round("blind", blind=True, hidden=["need"]), a_round("open", others=OthersScores.AFTER_OWN)]
    ),
)


def authored() -> bytes:
    """A PDF that says in its properties, and in a comment, who wrote it."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj["/Annots"] = pdf.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=AUTHOR, Contents=AUTHOR, Rect=[0, 0, 9, 9]
                    )
                ]
            )
        )
        pdf.docinfo["/Author"] = AUTHOR
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def submit_again(session, application, words, file, now) -> None:
    """The version that counts: the applicant's new name, a partner, an answer that the round hides and one it shows."""
    answers = [
        {"key": key, "type": "long_text", "tag": None, "label": {"it": label, "en": label}, "value": words,
         "text": {"it": words, "en": words}}
        for key, label in (("need", "Il bisogno"), ("innovation", "La novità"))
    ]  # fmt: skip
    changed = {
        "organisation": {
            "id": str(application.organisation_id),
            "name": NAME,
            "partners": [{"id": str(UUID(int=7)), "name": PARTNER, "fiscal_code": None}],
        },
        "sections": [{"key": "idea", "title": {"it": "L'idea", "en": "The idea"}, "answers": answers}],
    }
    make_submission(session, application, now=now, files=(file,), changed=changed)


@pytest.fixture
def world(store, now):
    """One application full of names, three evaluators free of conflict, a blind round."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=0, design=BLIND)
        file = store_bytes(session, name=f"{FILE}.pdf", media_type="application/pdf", content=authored(),
                           actor=SYSTEM, now=now)  # fmt: skip
        words = f"Noi della {NAME}, con {PARTNER}, apriamo la sera."
        application = add_application(session, made, now=now, title=f"Il forno della {NAME}", text=words, files=(file,))
        application.organisation.name = NAME
        submit_again(session, application, words, file, now)
        made.known["file"] = file
        made.assignments = assign(session, made, now=now)
        declare_all(session, made, now=now)
        made.known["mine"] = next(each for each in made.assignments if each.person_id == made.members[0].id)
    return made


def paths(world):
    mine, application = world.known["mine"].id, world.applications[0].id
    return ("/desk", "/scoring", f"/scoring/{mine}", f"/scoring/{mine}/check", f"/discussions/{application}",
            "/inbox", f"/scoring/{mine}/files/{world.known['file'].id}")  # fmt: skip


def told(page, world, found=CANARIES):
    """Which canaries the answers hold, bytes and headers, as pages and as fragments."""
    seen = set()
    for path in paths(world):
        for headers in ({}, HTMX):
            answer = page.client.get(path, headers=headers)
            assert answer.status_code < 500, path
            body = answer.get_data() + str(answer.headers).encode()
            seen |= {each for each in found if each.encode() in body or each.replace(" ", "%20").encode() in body}
    return seen


def begin(session, world, *, now, by=None, key="open"):
    actor = as_actor(session, by or world.officer, now=now)
    return operations.begin_round(session, phase_id=world.phase.id, round_key=key, act_number="2026/5",
                                  act_date=now.date(), actor=actor, now=now)  # fmt: skip


def test_no_name_reaches_an_evaluator_until_the_round_changes(page, store, world, now):
    code = code_of(world.applications[0].id, world.phase.id)
    sign_in(page, world.members[0].email)
    assert told(page, world) == set()
    assert told(page, world, (world.applications[0].reference,)) == set()
    page.get(f"/scoring/{world.known['mine'].id}")
    assert page.shows(code)
    assert page.shows("Noi della •••, con •••, apriamo la sera.")
    assert not page.shows("Il bisogno")
    answer = page.client.get(f"/scoring/{world.known['mine'].id}/files/{world.known['file'].id}")
    assert f"{code}-1.pdf" in answer.headers["Content-Disposition"]
    assert answer.get_data().startswith(b"%PDF-")
    with store() as session:
        begin(session, world, now=now)
    assert told(page, world) >= {NAME, PARTNER, FILE, AUTHOR}
    page.get("/scoring")
    assert page.shows(world.applications[0].reference)


def test_neither_do_mails_and_notices_name_anybody(store, world):
    with store() as session:
        people = {each.id: each.email for each in world.people}
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient.in_(people.values()))).all()
        notices = session.scalars(select(Notice).where(Notice.person_id.in_(people))).all()
    words = " ".join([*(each.subject + each.body for each in mails), *(f"{each.text}{each.path}" for each in notices)])
    assert notices
    assert not any(each in words for each in (*CANARIES, world.applications[0].reference))


def test_rounds_follow_one_another_by_an_act_and_never_go_back(session, now):
    world = make_evaluation(session, now=now, applications=1, design=BLIND)
    assign(session, world, now=now)
    with pytest.raises(Conflict):
        begin(session, world, now=now, key="blind")
    with pytest.raises(Forbidden):
        begin(session, world, now=now, by=world.members[0])
    row = begin(session, world, now=now, by=world.chair)
    assert (row.round_key, row.act_number) == ("open", "2026/5")
    for key in ("open", "blind"):
        with pytest.raises(Conflict):
            begin(session, world, now=now, key=key)


def test_what_the_others_gave_is_seen_once_the_own_scores_are_final(page, store, world, now):
    mine = world.known["mine"]
    with store() as session:
        begin(session, world, now=now)
        for each in world.assignments:
            if each.id != mine.id:
                score(session, session.get_one(Assignment, each.id), now=now, share=70)
    sign_in(page, world.members[0].email)
    page.get(f"/scoring/{mine.id}")
    assert not page.shows(world.chair.name)
    with store() as session:
        score(session, session.get_one(Assignment, mine.id), now=now)
    page.get(f"/scoring/{mine.id}")
    assert page.shows(world.chair.name)
    assert page.shows("Motivo di impact")


def test_a_code_is_the_same_each_time_and_tells_nothing():
    one, other, phase = (UUID(int=number) for number in range(3))
    assert code_of(one, phase) == code_of(one, phase) != code_of(other, phase)
    assert len(code_of(one, phase)) == 9


def test_names_are_struck_out_whole_whatever_their_case():
    content = {"organisation": {"name": "Ada Rossi", "email": "ada@x.example"}, "sections": []}
    strike = striker(content)
    assert strike("ADA  ROSSI e Ada Rossini, ada@x.example") == "••• e Ada Rossini, •••"
    assert strike({"it": ["Ada Rossi"], "n": 3}) == {"it": ["•••"], "n": 3}


def test_only_what_the_round_hides_is_left_out():
    hidden = hidden_keys(BLIND, BLIND.evaluation.rounds[0])
    assert hidden == {"need"}
    content = {
        "title": "T", "amounts": {}, "files": [{"document": "need", "label": {}, "file_id": "1", "name": "a.pdf"}],
        "organisation": {"name": "Ada Rossi"},
        "sections": [{"key": "s", "answers": [{"key": "need", "type": "text", "value": "x", "text": "x"}]}],
    }  # fmt: skip
    seen = as_seen(content, BLIND.evaluation.rounds[0], hidden, "CODE")
    assert (seen["sections"], seen["files"], "organisation" in seen) == ([], [], False)
    assert as_seen(content, BLIND.evaluation.rounds[1], frozenset(), "R")["organisation"] == {"name": "Ada Rossi"}
