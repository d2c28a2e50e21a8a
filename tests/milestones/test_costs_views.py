"""The pages of a cost report, as a strict browser without scripts sees them: written, read in, sent, taken back."""

import io
from uuid import UUID

import pytest
from sqlalchemy import text

from portal.core.db import database
from portal.core.jobs import run_one
from portal.milestones.costs import queries
from portal.milestones.costs.models import CostLine
from tests.factories.base import sign_in
from tests.factories.costs import an_invoice, start, with_costs, write
from tests.factories.documents import PDF
from tests.factories.grants import make_world
from tests.factories.payments import put_under_way

MOST_STATEMENTS = 12


@pytest.fixture
def world(store, now, clock):
    with store() as session:
        world = make_world(session, now=now)
        grant = put_under_way(world, world.application)
        with_costs(session, world.call, grant)
        world.now = clock.advance(days=60)
        world.paths["grant"] = f"/grants/{grant.id}"
        world.paths["report"] = f"/costs/{start(world, grant).id}"
        return world


@pytest.fixture
def team(world, page):
    return sign_in(page, world.owner.email)


@pytest.fixture
def work(app, clock):
    """The worker does everything there is to do."""

    def working():
        with app.app_context():
            while run_one(database.engine, clock=clock, owner="test"):
                pass

    return working


def count(store, what):
    with store() as session:
        return session.execute(text(what)).scalar_one()


def test_a_report_is_begun_written_checked_and_sent(world, team, store, visitors):
    team.get(world.paths["grant"])
    assert team.shows("Rendiconti")
    team.get(f"{world.paths['report']}/lines/new?category=services")
    typed = {
        "category": "services", "document": "invoice", "supplier_name": "Tipografia Sala",
        "supplier_code": "01199250158", "document_number": "1", "document_on": "2026-03-10", "net": "100,00",
        "vat": "22,00", "share": "100", "paid_on": "2026-03-20", "payment_means": "transfer",
    }  # fmt: skip
    team.submit("#line-form", 422, **typed | {"supplier_code": "01199250159"})
    assert team.field("supplier_name").get("value") == "Tipografia Sala"
    team.submit("#line-form", **typed | {"payment_means": "cash"}, files=(io.BytesIO(PDF), "fattura.pdf"))
    team.get(f"{world.paths['report']}/send")
    assert team.shows("contanti")
    with store() as session:
        line = session.query(CostLine).one()
        address = f"{world.paths['report']}/lines/{line.id}"
    team.get(address).submit("#line-form", **typed)
    team.get(f"{world.paths['report']}/send")
    team.submit(f"{world.paths['report']}/send")
    assert team.shows("inviato")
    assert count(store, "SELECT count(*) FROM cost_report WHERE status = 'submitted'") == 1
    officer = sign_in(visitors(), world.officer.email).get(world.paths["report"])
    assert officer.shows("Tipografia Sala")
    assert not officer.shows("Riprendere il rendiconto")
    team.get(world.paths["report"]).submit(f"{world.paths['report']}/withdraw")
    assert count(store, "SELECT count(*) FROM cost_report WHERE status = 'draft'") == 1


def test_an_electronic_invoice_is_read_and_asks_for_what_it_does_not_say(world, team, store):
    team.get(world.paths["report"]).submit("#invoices-form", 422, invoices=(io.BytesIO(b"<a/>"), "altro.xml"))
    team.submit("#invoices-form", invoices=(io.BytesIO(an_invoice()), "IT01199250158_1.xml"))
    assert team.shows("FT 001/2026")
    assert count(store, "SELECT count(*) FROM cost_line_file") == 1


HEADS = ("Tipo di costo", "Descrizione", "Documento", "Fornitore", "Codice fiscale del fornitore",
         "Numero del documento", "Data del documento", "Imponibile", "IVA", "Quota imputata (per cento)",
         "Data del pagamento", "Mezzo di pagamento")  # fmt: skip


def sheet(*rows):
    head = ";".join(HEADS)
    return io.BytesIO("\n".join((head, *rows)).encode("cp1252"))


GOOD = "Servizi;Locandine;fattura;Tipografia Sala;01199250158;{};10/03/2026;100,00;22,00;100;20/03/2026;bonifico"


def test_a_spreadsheet_is_read_whole_or_not_at_all(world, team, store, work):
    path = f"{world.paths['report']}/sheet"
    bad = GOOD.format(2).replace("100,00", "1,000.00").replace("bonifico", "contanti")
    team.get(path).submit("#sheet-form", sheet=(sheet(GOOD.format(1), bad), "costi.csv"))
    assert team.shows("in lettura")
    work()
    team.get(path)
    assert team.shows("Imponibile")
    assert team.shows("contanti")
    assert count(store, "SELECT count(*) FROM cost_line") == 0
    team.submit("#sheet-form", sheet=(sheet(GOOD.format(1), GOOD.format(2), ""), "costi.csv"))
    work()
    assert count(store, "SELECT count(*) FROM cost_line WHERE source = 'spreadsheet'") == 2
    assert count(store, "SELECT count(*) FROM notice WHERE path LIKE '%/sheet'") == 2
    answer = team.client.get(f"{world.paths['report']}/template.csv")
    assert "Imponibile" in answer.text


def test_the_page_of_many_lines_stays_within_its_statements(world, team, store, statements):
    with store() as session:
        world.session = session
        report = queries.report_to_read(session, world.actor(world.owner), _id(world))
        for number in range(60):
            write(world, report, document_number=str(number), net="1,00", vat="")
    with statements() as seen:
        team.get(world.paths["report"])
    assert len(seen) <= MOST_STATEMENTS, [each[:60] + each.partition("FROM")[2][:60] for each in seen]
    team.click("Successivi")
    assert team.shows("Tipografia Sala")


def _id(world):
    return UUID(world.paths["report"].rpartition("/")[2])
