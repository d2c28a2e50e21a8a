"""The pages of checks, sample, aid, steps and publication, as a strict browser without scripts sees them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from portal.access.models import OrganisationRegistration
from portal.calls.rules import AidRegime, AwardRules, CheckKind, GrantCheck, IncorporationStep
from tests.factories.base import bari_design, sign_in
from tests.factories.grants import make_world, sent_pdf

TEXT = {"it": "Controllo delle dichiarazioni", "en": "Check of declarations"}
GUARANTEE = {"it": "Fideiussione", "en": "Guarantee"}
AWARD = AwardRules(
    acceptance_days=10,
    checks=[
        GrantCheck("declared", CheckKind.DECLARATIONS, TEXT, sample=Decimal("12.5")),
        GrantCheck("guarantee", CheckKind.GUARANTEE, GUARANTEE, needs_file=True, days_valid=90),
        GrantCheck("cor", CheckKind.AID_CODE, {"it": "Codice COR", "en": "COR code"}),
    ],
    incorporation_steps=[IncorporationStep("statute", {"it": "Statuto approvato", "en": "Statute approved"})],
)


@pytest.fixture
def world(store, now):
    """Both funded applications are awarded; the group has accepted."""
    design = replace(bari_design(), award=AWARD, aid_regime=AidRegime.DE_MINIMIS)
    with store() as session:
        world = make_world(session, now=now, design=design)
        session.add(
            OrganisationRegistration(organisation_id=world.association.id, authority_id=world.authority.id, since=now)
        )
        session.flush()
        world.paths = {"grant": f"/grants/{world.award().id}"}
        world.paths["group"] = f"/grants/{world.award(world.group_application).id}"
        return world


def of(what, store):
    with store() as session:
        return session.execute(text(what)).scalar_one()


def test_from_the_answer_to_the_closed_list_by_clicking(world, visitors, store, statements):
    grant = world.paths["grant"]
    owner, officer = (sign_in(visitors(), who.email) for who in (world.owner, world.officer))
    owner.get(grant)
    assert owner.shows("12 marzo 2026")
    owner.submit(f"{grant}/accept")
    sample = f"/manage/calls/{world.call.slug}/sample"
    officer.get(sample)
    officer.submit("#draw-declared", 422, seed="")
    officer.submit("#draw-declared", seed="11 22 33 44 55")
    assert officer.shows("12.5%")
    assert officer.shows("11 22 33 44 55")
    officer.get(f"{grant}/checks/guarantee")
    officer.submit("#check-form", 422, outcome="positive", issued_on="2026-03-01", reference="Polizza 12")
    assert officer.field("reference").get("value") == "Polizza 12"
    given = {"outcome": "positive", "issued_on": "2026-03-01", "file": sent_pdf("polizza.pdf")}
    officer.submit("#check-form", **given)
    assert officer.shows("polizza.pdf")
    officer.get(f"{grant}/checks/cor").submit("#check-form", outcome="not_due", issued_on="2026-03-01", note="Esente.")
    drawn = of("SELECT drawn FROM sample_draw", store)
    if (
        of(f"SELECT reference FROM grant_award WHERE id = '{world.paths['grant'][8:].replace('-', '')}'", store)
        in drawn
    ):
        officer.get(f"{grant}/checks/declared").submit("#check-form", outcome="positive", issued_on="2026-03-01",
                                                       reference="PG 3")  # fmt: skip
    with statements() as counted:
        officer.get(f"{grant}/checks")
    assert len(counted) <= 12
    officer.submit(f"{grant}/checks-closed")
    assert of("SELECT count(*) FROM grant_award WHERE status = 'ready'", store) == 1


def test_the_register_of_an_organisation_is_kept_by_clicking(world, page, statements):
    sign_in(page, world.officer.email)
    address = f"/organisations/{world.association.id}/aid"
    page.get(address)
    page.submit("#aid-form", 422, **{"aid-amount": "1234.50", "aid-granted_on": "2026-01-10", "aid-granted_by": "X"})
    page.submit("#aid-form", **{"aid-amount": "1.234,50", "aid-granted_on": "2026-01-10", "aid-granted_by": "Regione"})
    assert page.shows("€ 21.234,50")
    entry = page.tree.xpath("//select[@id='code-entry']/option")[0].get("value")
    page.submit("#code-form", **{"code-entry": entry, "code-cor": "7654321"})
    assert page.shows("7654321")
    page.submit("#link-form", 422, **{"link-fiscal_code": "00000000000", "link-note": "Soci comuni."})
    page.submit("#activity-form", **{"activity-is_undertaking": "no", "activity-reason": "Solo volontariato."})
    assert page.shows("Solo volontariato.")
    with statements() as counted:
        page.get(address)
    assert len(counted) <= 12


def test_a_group_shows_its_step_and_the_office_leaves_its_name_out(world, visitors, store):
    group = world.paths["group"]
    leader, officer = (sign_in(visitors(), who.email) for who in (world.leader, world.officer))
    leader.get(group).submit(f"{group}/accept")
    leader.get(f"{group}/steps/statute").submit("#step-form", 422)
    leader.submit("#step-form", file=sent_pdf("statuto.pdf"))
    assert leader.shows("statuto.pdf")
    officer.get(f"{group}/publication")
    officer.submit("#publication-form", 422, cv_url="http://x", is_withheld=True)
    officer.submit("#publication-form", cv_url="", is_withheld=True, summary="Orti.")
    reference = of("SELECT reference FROM grant_award WHERE published_at IS NOT NULL", store)
    shown = visitors().get(f"/funded/{reference}")
    assert not shown.shows("Orti in Comune")
    assert "Orti in Comune" not in visitors().client.get("/open-data/grants.csv").text
