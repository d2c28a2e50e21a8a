"""The answers a criterion is scored by stand beside it, the rest of the application apart."""

from dataclasses import replace

import pytest

from portal.calls.rules.design import EvaluationRound, EvaluationRules
from portal.evaluation.models import Assignment
from tests.factories.base import bari_design, sign_in
from tests.factories.evaluation import assign, declare_free, make_evaluation, make_submission, score

TOLD = {"need": "Manca un posto.", "beneficiaries": "Trecento vicini.", "activities": "Aprire la sera."}


def tied(*keys: str, **more):
    """Bari, whose first criterion is scored by these questions and no other by any."""
    first, *others = [replace(each, questions=[]) for each in bari_design().criteria]
    return replace(bari_design(), criteria=[replace(first, questions=list(keys)), *others], **more)


def opened(page, store, now, *, is_final=False, **asked):
    """The scoring page of the first evaluator."""
    with store() as session:
        world = make_evaluation(session, now=now, applications=1, **asked)
        answers = [
            {"key": key, "type": "long_text", "tag": None, "label": {"it": key, "en": key}, "value": words,
             "text": {"it": words, "en": words}} for key, words in TOLD.items()
        ]  # fmt: skip
        section = {"key": "idea", "title": {"it": "L'idea", "en": "The idea"}, "answers": answers}
        make_submission(session, world.applications[0], now=now, changed={"sections": [section]})
        first = assign(session, world, now=now)[0]
        assignment = session.get_one(Assignment, first.id)
        declare_free(session, assignment, now=now)
        if is_final:
            score(session, assignment, now=now)
        email = next(each.email for each in world.people if each.id == first.person_id)
    return sign_in(page, email).get(f"/scoring/{first.id}")


def read_in(page, where):
    """The answers that stand there, in their order."""
    text = page.tree.xpath(where)[0].text_content()
    return sorted((key for key, words in TOLD.items() if words in text), key=lambda key: text.index(TOLD[key]))


PROPOSAL = "//article[@aria-labelledby='proposal-title']"


def test_exactly_the_answers_of_a_criterion_stand_beside_it(page, store, now):
    page = opened(page, store, now, design=tied("beneficiaries", "need"))
    assert read_in(page, "//*[@id='read-impact']") == ["beneficiaries", "need"]
    assert read_in(page, PROPOSAL) == ["activities"]
    assert not page.tree.xpath("//*[@id='read-innovation']")
    assert len(page.tree.xpath(f"{PROPOSAL}//a[@href='#read-impact']")) == 2


def test_without_ties_the_whole_application_stands_in_one_place(page, store, now):
    page = opened(page, store, now, design=tied())
    assert read_in(page, PROPOSAL) == list(TOLD)
    assert not page.tree.xpath("//*[starts-with(@id, 'read-')]")


def test_what_is_closed_shows_the_whole_application_again(page, store, now):
    page = opened(page, store, now, design=tied("need"), is_final=True)
    assert read_in(page, PROPOSAL) == list(TOLD)


def test_what_a_round_hides_stands_beside_no_criterion(page, store, now):
    seen = EvaluationRound(key="one", name={"it": "Uno", "en": "One"}, hidden=["need"])
    page = opened(page, store, now, design=tied("need", "beneficiaries", evaluation=EvaluationRules(rounds=[seen])))
    assert read_in(page, "//*[@id='read-impact']") == ["beneficiaries"]
    assert not page.shows(TOLD["need"])


@pytest.mark.parametrize("keys", [("need",), ("need", "beneficiaries", "innovation")])
def test_ties_ask_the_database_nothing_more(page, store, now, statements, keys):
    page = opened(page, store, now, design=tied(*keys))
    with statements() as seen:
        page.get(page.url)
    assert len(seen) <= 12
