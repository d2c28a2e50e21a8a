"""A spreadsheet of costs is read behind the page: how far it is, the antivirus before it, what is told at the end."""

import io
from datetime import date

import pytest
from sqlalchemy import text

from portal.calls.rules import ReportingRules
from portal.core.db import database
from portal.core.jobs import run_one
from portal.documents.models import StoredFile
from portal.documents.rules import BLOCKED, CLEARED, ScanState
from portal.milestones.costs.models import CostImport
from portal.milestones.costs.reading.sheet import TOLD_EVERY, read_sheet
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.typed import Vocabulary
from tests.factories.base import sign_in
from tests.factories.costs import start, with_costs
from tests.factories.grants import make_world
from tests.factories.payments import put_under_way

CSV = (
    "Tipo di costo;Descrizione;Documento;Fornitore;Codice fiscale del fornitore;Numero del documento;"
    "Data del documento;Imponibile;IVA;Quota imputata (per cento);Data del pagamento;Mezzo di pagamento\n"
    "Servizi;Locandine;fattura;Tipografia Sala;01199250158;1;10/03/2026;100,00;22,00;100;20/03/2026;bonifico"
)  # fmt: skip


@pytest.fixture
def world(store, now, clock):
    with store() as session:
        world = make_world(session, now=now)
        grant = put_under_way(world, world.application)
        with_costs(session, world.call, grant)
        world.now = clock.advance(days=60)
        world.paths["sheet"] = f"/costs/{start(world, grant).id}/sheet"
        return world


@pytest.fixture
def team(world, page, store):
    """The recipient, who has just handed in a spreadsheet that is still to be looked through for viruses."""
    page = sign_in(page, world.owner.email)
    page.get(world.paths["sheet"]).submit("#sheet-form", sheet=(io.BytesIO(CSV.encode("cp1252")), "costi.csv"))
    with store() as session:
        session.query(StoredFile).filter_by(name="costi.csv").one().scan_state = ScanState.WAITING
        session.commit()
    return page


@pytest.fixture
def work(app, clock):
    """The worker does everything there is to do, a little later than the last time."""

    def working():
        clock.advance(seconds=6)
        with app.app_context():
            while run_one(database.engine, clock=clock, owner="test"):
                pass

    return working


def judge(store, now, move):
    with store() as session:
        file = session.query(StoredFile).filter_by(name="costi.csv").one()
        file.make(move, at=now)
        file.virus = "Eicar" if move is BLOCKED else None
        session.commit()


def lines(store):
    with store() as session:
        return session.execute(text("SELECT count(*) FROM cost_line")).scalar_one()


def test_it_waits_for_the_antivirus_then_goes_on_by_itself(world, team, store, work):
    work()
    team.get(world.paths["sheet"])
    assert team.shows("aspetta il controllo antivirus")
    assert lines(store) == 0
    judge(store, world.now, CLEARED)
    work()
    assert lines(store) == 1
    team.get(world.paths["sheet"])
    assert team.shows("1 riga")


def test_an_infected_one_is_told_in_words_and_nothing_of_it_is_read(world, team, store, work):
    judge(store, world.now, BLOCKED)
    work()
    team.get(world.paths["sheet"])
    assert team.shows("virus")
    assert lines(store) == 0
    with store() as session:
        assert session.query(CostImport).one().status == "refused"


def test_the_page_says_how_far_it_is_and_asks_again_until_it_is_done(world, team, store, work):
    judge(store, world.now, CLEARED)
    with store() as session:
        session.query(CostImport).one().percent = 42
        session.commit()
    team.get(world.paths["sheet"], htmx=True)
    assert "42 %" in team.html
    assert "every 2s" in team.html
    assert "<h1" not in team.html
    work()
    team.get(world.paths["sheet"], htmx=True)
    assert "every 2s" not in team.html
    with store() as session:
        assert session.query(CostImport).one().percent == 100


def test_reading_tells_how_many_rows_are_judged():
    heard: list[int] = []
    terms = Terms(categories={}, rules=ReportingRules(), borne_from=None, borne_until=None, paid_until=None,
                  from_on=date(2026, 1, 1), until_on=date(2026, 2, 1), cup=None, accepted=frozenset())  # fmt: skip
    rows = [["kind"], *([[""]] * (3 * TOLD_EVERY))]
    read_sheet(rows, {"kind": "category"}, Vocabulary({}, {}, {}, {}), terms, heard.append)
    assert heard == [TOLD_EVERY, 2 * TOLD_EVERY, 3 * TOLD_EVERY]
