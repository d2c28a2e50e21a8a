"""What is frozen of a form of every type: words, tables with totals, files; what is hidden is left out."""

import pytest

from portal.access.policy import Role
from portal.applications.content import file_ids
from portal.applications.operations import attach_answer_files
from portal.applications.receipts import make_receipt
from portal.documents.operations import read_file
from tests.factories.applications import World, send
from tests.factories.base import make_staff, sign_in
from tests.factories.documents import PDF, make_upload
from tests.factories.forms import fill_rich, rich_design


@pytest.fixture
def sent(store, now):
    """A registered application: its address, its owner and an officer."""
    with store() as session:
        world = World(session, now, slug="tutto", design=rich_design())
        application = world.draft(whole=False)
        fill_rich(session, application, by=world.actor, now=now)
        attach_answer_files(
            session, application=application, question_key="papers", uploads=[make_upload(PDF, "carta.pdf")],
            actor=world.actor, now=now,
        )  # fmt: skip
        send(session, application, by=world.actor, at=now)
        submission = application.submission
        assert submission
        receipt = make_receipt(session, submission=submission, now=now)
        officer = make_staff(session, world.authority, Role.OFFICER, now=now)
        return f"/applications/{application.id}", officer.email, submission.content, read_file(receipt.file)


def test_the_content_is_whole_and_what_is_hidden_is_left_out(sent):
    _address, _officer, content, pdf = sent
    answers = {each["key"]: each for section in content["sections"] for each in section["answers"]}
    assert "partners" not in answers
    assert answers["costs"]["table"]["totals"][-1] == {"it": "€ 25.000,00", "en": "€ 25,000.00"}
    assert answers["costs"]["value"][0]["cost"] == 2_000_000
    assert answers["share"]["text"] == {"it": "80 %", "en": "80 %"}
    assert content["amounts"]["total_cents"] == 2_500_000
    assert content["facts"]["applicant.kind"] == "legal_entity"
    assert content["eligibility"] == []
    assert len(file_ids(content)) == 1
    assert pdf.startswith(b"%PDF")


def test_the_office_reads_the_table_and_fetches_the_file(page, sent):
    address, officer, _content, _pdf = sent
    sign_in(page, officer).get(f"{address}/content")
    assert page.tree.xpath("//tfoot//strong[contains(., '25.000,00')]")
    (link,) = page.tree.xpath("//a[normalize-space()='carta.pdf']/@href")
    assert page.client.get(link).data == PDF


def test_the_page_of_a_long_section_needs_few_statements(page, store, now, statements):
    with store() as session:
        world = World(session, now, slug="tutto", design=rich_design())
        address, owner = f"/applications/{world.draft(whole=False).id}/sections/rest", world.owner.email
    sign_in(page, owner).get(address)
    with statements() as seen:
        page.get(address)
    assert len(seen) <= 14, seen
    form = page.tree.xpath("//form[@id='section']")[0]
    with statements() as seen:
        page.post(address, htmx=True, **dict(form.form_values()) | {"size": "3"})
    assert len(seen) <= 30, seen
