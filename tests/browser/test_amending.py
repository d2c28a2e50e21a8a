"""Amendment refused and granted, in Chromium: the effect before the answer, the reason read, the plan on both days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import database
from portal.grants.rules import local_day
from tests.factories.changes import make_changing
from tests.factories.payments import Finance
from tests.servers import Live

DAYS = 3
REFUSAL = "Manca il preventivo: chiedere di nuovo con quello."


@pytest.fixture
def finance(live: Live) -> Finance:
    """A grant that has been under way for days; the call leaves € 2.000 of its budget free."""
    with live.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        registry: Any = database.session.registry
        registry.set(session)
        finance = make_changing(session, now=now() - timedelta(days=DAYS))
        session.commit()
        return finance


def ask_for(page: Page, grant: str, cents: str, why: str) -> None:
    """From the page of the grant to the request that was sent, the effect shown in between."""
    page.goto(grant)
    page.get_by_role("link", name="Variazioni e sospensione").click()
    page.locator("main a[href*='kind=budget_shift']").click()
    page.get_by_label("Dalla voce di spesa").select_option("cost_staff")
    page.get_by_label("Alla voce di spesa", exact=True).select_option("cost_services")
    page.get_by_label("Importo (euro)").fill(cents)
    page.get_by_role("button", name="Vedi l’effetto").click()
    expect(page.locator("#effect")).to_contain_text("12.000,00")
    expect(page.get_by_text("Nulla cambia prima che l'ufficio")).to_be_visible()
    page.get_by_label("Motivo").fill(why)
    page.get_by_role("button", name="Inviare la richiesta").click()


def answer_from_the_desk(page: Page, button: str, after: str, words: str = "") -> None:
    """The officer reads the effect, then answers."""
    page.goto("/desk")
    page.get_by_role("link", name="Vedere che cosa cambia").click()
    expect(page.locator("#effect")).to_contain_text(after)
    page.get_by_label("La risposta").fill(words)
    page.get_by_role("button", name=button).click()


def budget_on(page: Page, day: str) -> str:
    """The budget of the plan that was in force on a day, as its page shows it."""
    page.get_by_label("Un altro giorno").fill(day)
    page.get_by_role("button", name="Mostra").click()
    return page.locator("#budget").inner_text()


def test_a_shift_above_the_free_share_is_refused_asked_again_and_granted(
    finance: Finance, open_page: Callable[..., Page], come_in: Callable[..., Page], accessible: Callable[[Page], None]
):
    grant, today = f"/grants/{finance.grant.id}", local_day(now())
    owner = come_in(open_page(width=360), finance.world.owner.email)
    ask_for(owner, grant, "5.000,00", "Il fornitore è cambiato.")
    officer = come_in(open_page(), finance.world.officer.email)
    answer_from_the_desk(officer, "Respingere", "7.000,00", REFUSAL)
    expect(officer.get_by_text("respinta", exact=True)).to_be_visible()
    owner.reload()
    expect(owner.get_by_text(REFUSAL)).to_be_visible()
    accessible(owner)
    ask_for(owner, grant, "4.000,00", "Ecco il preventivo.")
    answer_from_the_desk(officer, "Accogliere", "8.000,00")
    expect(officer.get_by_text("accolta", exact=True)).to_be_visible()
    accessible(officer)
    owner.goto(f"{grant}/in-force")
    assert "8.000,00" in budget_on(owner, today.isoformat())
    before = budget_on(owner, (today - timedelta(days=1)).isoformat())
    assert "12.000,00" in before
    accessible(owner)
