"""Pages of irregularities: opened and answered with files, closed by another person, listed, taken away as a file."""

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity
from tests.factories.base import make_staff
from tests.factories.grants import sent_pdf
from tests.factories.payments import make_finance
from tests.payments.conftest import city_of

LIST, DETAIL = 8, 12
EVIDENCE = "fattura.pdf"


@pytest.fixture
def city(store, now):
    """A grant under way, and a second officer."""
    with store() as session:
        finance = make_finance(session, now=now)
        other = make_staff(session, finance.world.authority, Role.OFFICER, now=now, name="Ivo Gatto")
        made = city_of(finance)
        made.people["another"] = other.email
        return made


@pytest.fixture
def opened(as_, city, now, store):
    """The officer opened one of 12 000 euro, with its evidence."""
    where = f"/grants/{city.grant}/irregularities"
    given = {"kind": "costs", "found_on": local_day(now).isoformat(), "description": "La fattura 7 non torna."}
    page = as_("officer").get(where)
    page.submit("#open-form", expect=422, **(given | {"amount": "mille"}))
    page.get(where).submit("#open-form", **given, amount="12.000,00", file=sent_pdf(EVIDENCE))
    with store() as session:
        row = session.scalars(select(Irregularity)).one()
        return f"/irregularities/{row.id}", row.file_id


def test_the_recipient_reads_replies_with_a_file_and_another_officer_closes(as_, city, opened, store):
    where, file_id = opened
    owner = as_("owner")
    shown = owner.get(f"/grants/{city.grant}").tree.xpath(
        "//main//li//a[not(ancestor::section[h2/@id='changes-title'])]"
    )
    assert f"/grants/{city.grant}/irregularities" in {link.get("href") for link in shown}
    assert where in owner.get("/desk").html
    page = owner.get(where)
    assert page.shows("La fattura 7 non torna.")
    assert "close-form" not in page.html
    assert "report-form" not in page.html
    assert owner.client.get(f"{where}/files/{file_id}").status_code == 200
    page.get(where).submit("#reply-form", expect=422, words=" ")
    page.get(where).submit("#reply-form", words="Ecco la copia giusta.", file=sent_pdf("copia.pdf"))
    officer = as_("officer").get(where)
    assert officer.shows("Ecco la copia giusta.")
    assert "close-form" not in officer.html
    other = as_("another")
    assert where in other.get("/desk").html
    other.get(where).submit("#close-form", expect=422, words="Corretta.")
    other.get(where).submit("#close-form", outcome="mended", words="Corretta.")
    assert owner.get(where).shows("Corretta.")
    as_("maker").get(where).submit("#again-form", words="Un altro dubbio.")
    with store() as session:
        assert session.scalars(select(Irregularity)).one().is_open


def test_the_register_filters_marks_what_is_reported_and_leaves_the_house(as_, city, opened, statements, now):
    where, _file = opened
    maker = as_("maker")
    page = maker.get("/finance/irregularities?which=to_report&kind=costs")
    assert where in page.html
    assert where not in maker.get("/finance/irregularities?kind=fraud").html
    assert where in maker.get("/finance/irregularities?which=nothing&before=nobody").html
    assert "/finance/irregularities" in maker.get("/finance").html
    of_grant = f"/grants/{city.grant}/irregularities"
    for path, most in {"/finance/irregularities?which=all": LIST, where: DETAIL, of_grant: DETAIL}.items():
        maker.get(path)
        with statements() as sent:
            maker.get(path)
        assert len(sent) + 1 <= most, path
    table = maker.client.get("/finance/irregularities/table?format=csv&which=all").get_data(as_text=True)
    assert "12.000,00" in table
    maker.get(where).submit("#report-form", expect=422, reference="IMS 7", reported_on="2099-01-01")
    as_("officer").get(where).submit("#report-form", reference="IMS 7", reported_on=local_day(now).isoformat())
    assert where not in maker.get("/finance/irregularities?which=to_report").html
    assert not as_("owner").get(where).shows("IMS 7")
    trail = f"/trail/grant_award/{city.grant}"
    assert "IMS 7" in maker.get(trail).html
    assert "IMS 7" not in as_("owner").get(trail).html
    as_("coach").get(where, 403)
    as_("auditor").get(where)
