"""The pages of maturity: rate, check, give; what each reader sees; the statements they take."""

import pytest

from portal.access.policy import Role
from portal.calls.rules.design import EarlyWarnings, MaturityMoment
from portal.coaching.maturity.operations import look_for_warnings
from tests.factories.base import make_staff, sign_in
from tests.factories.growing import KEYS, assessment, end_at, make_growing, rate, warnings_of


@pytest.fixture
def made(store, now):
    """Two moments rated by both sides, the third open, a warning about the team."""
    with store() as session:
        world, grant = make_growing(session, now=now, warnings=EarlyWarnings(gap=2))
        end_at(session, grant, now, days=1)
        rate(world, grant, by=world.coach, level=2, now=now, words="Parole-del-coach")
        rate(world, grant, by=world.owner, level=3, now=now, team=4)
        rate(world, grant, by=world.coach, level=3, now=now, moment=MaturityMoment.MIDDLE)
        rate(world, grant, by=world.owner, level=3, now=now, moment=MaturityMoment.MIDDLE)
        look_for_warnings(session, now=now)
        world.paths |= {
            "team": f"/grants/{grant.id}/maturity",
            "sheet": f"/maturity/{assessment(session, grant, MaturityMoment.END).id}",
            "warning": f"/warnings/{warnings_of(session, grant)[0].id}/seen",
        }
        auditor = make_staff(session, world.authority, Role.AUDITOR, now=now)
        finance = make_staff(session, world.authority, Role.FINANCE_MAKER, now=now)
        world.people = {"auditor": auditor, "finance": finance}  # type: ignore[attr-defined]
    return world


def test_a_side_rates_checks_and_gives_without_javascript(made, page):
    sign_in(page, made.owner.email).get("/desk")
    assert page.shows("Dire a che punto è la propria squadra")
    page.get(made.paths["sheet"])
    page.submit("Salva la bozza", **{"level-team": "2", "words-team": "Siamo in cinque."})
    assert dict(page.tree.get_element_by_id("sheet").form_values())["level-team"] == "2"
    page.get(f"{made.paths['sheet']}/check")
    assert page.shows("5 dimensioni non hanno ancora un livello.")
    page.post(f"{made.paths['sheet']}/final", 422)
    page.get(made.paths["sheet"])
    page.submit("Salva e controlla", **{f"level-{key}": "3" for key in KEYS})
    assert page.url.endswith("/check")
    page.submit("Consegnare la valutazione")
    assert page.url == made.paths["team"]
    page.get(made.paths["sheet"])
    assert page.shows("Questa valutazione è stata consegnata: non cambia più.")


def test_a_draft_saves_itself_and_what_was_written_elsewhere_is_not_lost(made, page):
    sign_in(page, made.coach.email).get(made.paths["sheet"])
    page.post(made.paths["sheet"], htmx=True, version="0", **{"level-team": "2"})
    assert 'id="sheet-version"' in page.html
    assert 'value="1"' in page.html
    page.post(made.paths["sheet"], 409, htmx=True, version="0", **{"level-team": "4"})
    assert page.shows("Questa valutazione è cambiata in un’altra finestra")
    page.post(made.paths["sheet"], 422, version="1", **{"level-team": "nine"})
    assert page.shows("Scegliere un livello dall’elenco.")


def test_pictures_are_read_in_words_and_repeated_as_a_table(made, page):
    sign_in(page, made.officer.email).get(made.paths["team"])
    svgs = page.tree.xpath("//svg[@role='img']")
    assert len(svgs) == 2
    for svg in svgs:
        named = [page.tree.get_element_by_id(key).text_content() for key in svg.get("aria-labelledby").split()]
        assert all(named)
        assert not svg.xpath(".//@style")
        assert svg.xpath(".//*[@stroke-dasharray]")
        assert svg.xpath(".//circle")
        assert svg.xpath(".//rect")
    rows = page.tree.xpath("//table[@id='levels']/tbody/tr")
    assert len(rows) == len(KEYS)
    assert [cell.text_content() for cell in rows[1].xpath("td")] == ["4", "2", "3", "3"]


def test_warnings_are_for_the_office_alone(made, page):
    for person in (made.owner, made.coach):
        sign_in(page, person.email).get(made.paths["team"])
        assert not page.shows("Segnali precoci")
        page.post(made.paths["warning"], 403)
        page.client.delete_cookie("session")
    sign_in(page, made.officer.email).get("/desk")
    assert page.shows("segnale precoce su una squadra")
    page.get(made.paths["team"])
    page.submit("Visto", note="Ne parliamo lunedì.")
    assert page.shows("Ne parliamo lunedì.")
    page.get("/desk")
    assert not page.shows("segnale precoce su una squadra")


def test_finance_reads_nothing_of_it(made, page):
    sign_in(page, made.people["finance"].email).get(made.paths["team"], 403)
    page.get(made.paths["team"].removesuffix("/maturity"))
    assert not page.shows("Stadio della squadra")
    page.client.delete_cookie("session")
    sign_in(page, made.people["auditor"].email).get(made.paths["team"])
    assert page.shows("Parole-del-coach")


def test_the_pages_stay_within_their_statements(made, page, statements):
    sign_in(page, made.officer.email)
    with statements() as sent:
        page.get(made.paths["team"])
    assert len(sent) <= 12, "\n".join(sent)
    page.client.delete_cookie("session")
    sign_in(page, made.owner.email)
    for path in (made.paths["sheet"], "/desk"):
        with statements() as sent:
            page.get(path)
        assert len(sent) <= 12, "\n".join(sent)
