"""Agreements read by a hostile stranger: whoever signs, signs the version that was shown, with what stands now."""

import pytest

from portal.core.i18n import speaking
from portal.documents.rules import Fit
from portal.grants.agreements import operations
from portal.grants.agreements.composing import compose
from portal.grants.agreements.judging import CopyRefused
from portal.grants.agreements.operations.preparing import OtherWords
from portal.grants.agreements.operations.signing import OtherVersion
from portal.grants.agreements.values import values_of
from portal.grants.agreements.waiting import CupChanged
from portal.grants.changes.queries import plan_in_force
from portal.grants.changes.rules import EndKind
from portal.grants.library.operations import Words, revise_text
from portal.grants.operations import record_cup
from portal.grants.rules import local_day
from tests.factories.base import sign_in
from tests.factories.changes import act, make_changing, open_end, reply
from tests.factories.documents import make_p7m
from tests.factories.grants import a_pdf, make_world, sent_pdf
from tests.grants.test_agreements import accept, look, prepare, world_of

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def world(session, now):
    return world_of(session, now)


@on_sqlite
def test_a_scan_of_an_earlier_version_is_no_signature_of_this_one(world):
    seen = prepare(world).file.sha256
    prepare(world)
    given = {"grant_id": world.grant.id, "upload": a_pdf("scansione.pdf"), "actor": world.actor(world.owner)}
    with pytest.raises(OtherVersion):
        operations.sign_agreement(world.session, seen_sha256=seen, now=world.now, **given)
    signed = operations.sign_agreement(
        world.session, seen_sha256=world.grant.agreement.file.sha256, now=world.now, **given
    )
    assert signed.version == 2


@on_sqlite
def test_the_copy_of_the_recipient_is_no_countersignature(world):
    prepare(world)
    upload = a_pdf("firmata.p7m", make_p7m())
    operations.sign_agreement(
        world.session, grant_id=world.grant.id, upload=upload, look=look(world, upload), actor=world.actor(world.owner),
        now=world.now,
    )  # fmt: skip
    again = a_pdf("firmata.p7m", make_p7m())
    seen = look(world, again, fit=Fit.SAME, original=world.grant.agreement.signed_file.sha256)
    with pytest.raises(CopyRefused):
        operations.countersign_copy(
            world.session, grant_id=world.grant.id, upload=again, look=seen, reason="Va bene.",
            actor=world.actor(world.approver), now=world.now,
        )  # fmt: skip


@on_sqlite
def test_nobody_signs_a_document_with_a_cup_that_was_changed(world):
    prepare(world)
    record_cup(world.session, grant_id=world.grant.id, cup="F79D19000030008", actor=world.actor(world.officer),
               now=world.now)  # fmt: skip
    with pytest.raises(CupChanged):
        accept(world)
    prepare(world)
    accept(world)


@on_sqlite
def test_the_fixed_text_carries_its_cup_too(session, now):
    world = make_world(session, now=now)
    grant = world.make_ready(world.award())
    operations.prepare_agreement(session, grant_id=grant.id, actor=world.actor(world.officer), now=now)
    record_cup(session, grant_id=grant.id, cup="F79D19000030008", actor=world.actor(world.officer), now=now)
    with pytest.raises(CupChanged):
        operations.sign_agreement(
            session, grant_id=grant.id, upload=a_pdf("firmata.pdf"), actor=world.actor(world.owner), now=now
        )


@on_sqlite
def test_an_addendum_tells_no_tranche_that_a_revocation_took(session, now):
    finance = make_changing(session, now=now)
    open_end(finance, EndKind.PARTIAL_REVOCATION, cents=500_000)
    reply(finance)
    act(finance)
    version = plan_in_force(session, finance.grant.id)
    assert version is not None
    plan = version.plan
    table = values_of(finance.grant, plan, local_day(now)).tables["tranches"]
    rows = table.split("\n")[2:]
    assert len(rows) == len(plan.tranches) == 2
    assert "7\\.000,00" in rows[1]


@on_sqlite
def test_what_was_previewed_is_what_is_prepared(world, session):
    officer = world.actor(world.officer)
    with speaking("it"):
        seen = compose(session, world.grant, world.now).fingerprint
    text = world.texts["oggetto"]
    revise_text(session, text_id=text.id, seen_version=1, words=Words("Oggetto", "Altro: {{ amount }}."), actor=officer,
                now=world.now)  # fmt: skip
    with pytest.raises(OtherWords):
        operations.prepare_agreement(session, grant_id=world.grant.id, seen=seen, actor=officer, now=world.now)


def test_the_page_of_a_signature_carries_the_document_that_it_shows(store, visitors, now):
    with store() as session:
        world = make_world(session, now=now)
        grant = world.make_ready(world.award())
        officer, owner, address = world.officer.email, world.owner.email, f"/grants/{grant.id}/agreement"
        session.commit()
    office = sign_in(visitors(), officer).get(f"{address}/preview")
    office.submit(f"{address}/prepare")
    stale = sign_in(visitors(), owner).get(address)
    office.get(f"{address}/preview").submit(f"{address}/prepare")
    stale.submit("#sign-form", 409, signed_copy=sent_pdf("scansione.pdf"))
    stale.get(address).submit("#sign-form", signed_copy=sent_pdf("scansione.pdf"))


@pytest.mark.parametrize("path", ["agreement?on=9999-12-31", "in-force?day=9999-12-31", "agreement?on=0001-01-01"])
def test_no_day_in_an_address_brings_a_page_down(page, store, now, path):
    with store() as session:
        world = make_world(session, now=now)
        grant = world.activate()
        email = world.officer.email
        session.commit()
    sign_in(page, email).get(f"/grants/{grant.id}/{path}")
