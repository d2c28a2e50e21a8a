"""How long a form of 150 questions of every type takes: `make bench`, or `python -m benchmarks.form [TIMES]`.

One page holds them all, answered, tables with rows. It is shown and saved through the test client: wall and processor
time of the whole request, database included. A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL
database instead. Figures are printed, never asserted: they belong to the machine.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.access.operations.signing_in import sign_in
from portal.app import create_app
from portal.applications.operations import save_answers
from portal.calls.rules import CallDesign, Questionnaire
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import database
from portal.questionnaires.rules import Option, Question, QuestionType, Section
from tests.factories.applications import World
from tests.factories.base import bari_design
from tests.factories.questionnaires import ADDRESS, COMPLETE, RICH, make_question, make_table, text
from tests.markup import parsed

QUESTIONS, TIMES = 150, 100
SHOWN_MS, SAVED_MS = 150, 80
KINDS = [kind for kind in QuestionType if kind is not QuestionType.FILES]
OPTIONS = [Option(key, text(key.title())) for key in ("home", "work", "street", "care")]
ROWS = [{"item": f"Voce {number}", "quantity": "2", "unit_cost": "10,50"} for number in range(5)]


def questions() -> Iterator[Question]:
    """As many questions as are asked for, of every type in turn; files are a type of their own, with no answer here."""
    for number in range(QUESTIONS):
        kind, key = [*KINDS, QuestionType.FILES][number % (len(KINDS) + 1)], f"q{number}"
        if kind is QuestionType.TABLE:
            yield make_table(key)
        elif kind is QuestionType.GROUP:
            yield make_question(kind, key=key, questions=[make_question(each) for each in KINDS[:6]])
        else:
            options = OPTIONS if kind in (QuestionType.CHOICE, QuestionType.CHOICES) else []
            yield make_question(kind, key=key, options=options, help=text("Una frase che aiuta."))


def answer(question: Question) -> Any:
    """A right answer."""
    rows = {QuestionType.TABLE: ROWS, QuestionType.GROUP: RICH["the_group"], QuestionType.ADDRESS: ADDRESS}
    return rows.get(question.type) or (COMPLETE | RICH).get(f"the_{question.type.value}", "")


def design() -> CallDesign:
    """A call with one page of questions."""
    section = Section("all", text("Tutto"), list(questions()))
    return replace(bari_design(), questionnaire=Questionnaire([section]), documents_requested=[])


def prepared(client: FlaskClient) -> str:
    """A draft with everything answered, and somebody signed in who writes it; the address of its page."""
    with client.application.app_context(), Session(database.engine) as session:
        world = World(session, now(), slug="bench", design=design())
        application, (section,) = world.draft(whole=False), world.call.design.questionnaire.sections
        typed = {each.key: answer(each) for each in section.questions if each.type is not QuestionType.FILES}
        save_answers(
            session, application=application, section_key="all", typed=typed, base={}, actor=world.actor, now=now()
        )
        token, _ = sign_in(session, person=world.owner, user_agent="", now=now(), strong=True)
        whose, address = str(world.owner.id), f"/applications/{application.id}/sections/all"
        session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["whose"] = token, whose
    return address


def measured(act: Callable[[int], None], times: int) -> tuple[list[float], list[float]]:
    """Wall and processor milliseconds of each time, the first ones left out."""
    wall, busy = [], []
    for number in range(times + 5):
        began, worked = time.perf_counter(), time.process_time()
        act(number)
        wall.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - worked) * 1000)
    return wall[5:], busy[5:]


def main(times: int) -> None:
    """Fill the database, show the page and save it many times, tell the figures."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        client = app.test_client()
        address = prepared(client)
        settle()  # as the server does
        page = client.get(address).get_data(as_text=True)
        (form,) = parsed(page).xpath("//form[@id='section']")
        fields = MultiDict(form.form_values())

        def show(_number: int) -> None:
            assert client.get(address).status_code == 200

        def save(number: int) -> None:
            fields["q0"], fields["v-q0"] = f"Risposta {number}", str(number + 1)
            given = client.post(address, data=fields, headers={"HX-Request": "true", "Sec-Fetch-Site": "same-origin"})
            assert given.status_code == 200, given.status

        print(f"{QUESTIONS} questions, {len(page) // 1000} kB, {database_name(url)}, load {os.getloadavg()[0]:.1f}")
        tell("shown", measured(show, times), SHOWN_MS)
        tell("saved", measured(save, times), SAVED_MS)


def database_name(url: str) -> str:
    """Which engine."""
    return url.partition(":")[0].partition("+")[0]


def tell(name: str, figures: tuple[list[float], list[float]], budget: int) -> None:
    """One line."""
    (wall, busy) = figures
    at = statistics.quantiles(wall, n=100)
    print(
        f"{name:6} p50 {at[49]:6.1f} ms   p95 {at[94]:6.1f} ms   processor p50 {statistics.median(busy):6.1f} ms"
        f"   p95 {statistics.quantiles(busy, n=100)[94]:6.1f} ms   budget p95 {budget} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
