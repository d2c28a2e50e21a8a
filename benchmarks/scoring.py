"""How long the scoring page takes: `make bench`, or `python -m benchmarks.scoring [TIMES]`.

An evaluator with 200 applications, names hidden; the proposal has forty long answers and ten files. Shown and saved
through the test client: wall and processor time of the whole request, database included. A fresh SQLite file;
`BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Figures are printed, never asserted.
"""

import logging
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import structlog
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from benchmarks.form import database_name, measured, tell
from portal.access.operations.signing_in import sign_in
from portal.app import create_app
from portal.calls.rules.design import EvaluationRound, EvaluationRules
from portal.core.actor import SYSTEM
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import database
from portal.documents.operations import store_bytes
from tests.factories.base import bari_design
from tests.factories.documents import PDF
from tests.factories.evaluation import assign, declare_all, make_evaluation, make_submission
from tests.markup import parsed

APPLICATIONS, ANSWERS, FILES, TIMES, BUDGET_MS = 200, 40, 10, 100, 80
BLIND = EvaluationRound(key="blind", name={"it": "Prima", "en": "First"}, blind=True)


def prepared(client: FlaskClient) -> str:
    """Everybody has declared, an evaluator is signed in; the address of one of their pages."""
    design = replace(bari_design(), evaluation=EvaluationRules(rounds=[BLIND]))
    with client.application.app_context(), Session(database.engine) as session:
        world = make_evaluation(session, now=now(), applications=APPLICATIONS, design=design)
        files = tuple(
            store_bytes(session, name=f"Allegato {number}.pdf", media_type="application/pdf", content=PDF,
                        actor=SYSTEM, now=now())
            for number in range(FILES)
        )  # fmt: skip
        text = f"Con {world.applications[0].organisation.name} apriamo la sera, per chi non ha dove andare. " * 20
        answers = [
            {"key": f"a{number}", "type": "long_text", "tag": None, "label": {"it": "Domanda", "en": "Question"},
             "value": text, "text": {"it": text, "en": text}}
            for number in range(ANSWERS)
        ]  # fmt: skip
        sections = [{"key": "all", "title": {"it": "Tutto", "en": "All"}, "answers": answers}]
        make_submission(session, world.applications[0], now=now(), files=files, changed={"sections": sections})
        assignments = assign(session, world, now=now())
        declare_all(session, world, now=now())
        mine = next(each for each in assignments if each.application_id == world.applications[0].id)
        person = next(each for each in world.people if each.id == mine.person_id)
        token, _ = sign_in(session, person=person, user_agent="", now=now(), strong=True)
        whose, address = str(person.id), f"/scoring/{mine.id}"
        session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["whose"] = token, whose
    return address


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
        (form,) = parsed(page).xpath("//form[@id='sheet']")
        fields = MultiDict(form.form_values())
        fields["idempotency_key"] = ""  # as autosave sends it

        def show(_number: int) -> None:
            assert client.get(address).status_code == 200

        def save(number: int) -> None:
            fields["reason-impact"], fields["version-impact"] = f"Motivo {number}", str(number)
            sent = client.post(
                f"{address}/scores", data=fields, headers={"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
            )
            assert sent.status_code == 200, sent.status

        print(
            f"{APPLICATIONS} applications, {len(page) // 1000} kB, {database_name(url)}, load {os.getloadavg()[0]:.1f}"
        )
        tell("shown", measured(show, times), BUDGET_MS)
        tell("saved", measured(save, times), BUDGET_MS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
