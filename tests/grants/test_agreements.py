"""Agreements composed from clauses, signed in every way, countersigned, changed by an addendum; on both databases."""

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.models import ExternalIdentity
from portal.calls.rules.design import ClausesOfForms, OnDoubt, SignatureDoubts, SignatureWay
from portal.core.audit import AuditEvent
from portal.core.errors import IllegalMove, Invalid
from portal.documents.apart import CopySeen, SignatureSeen
from portal.documents.models import StoredFile
from portal.documents.operations import read_file
from portal.documents.rules import Fit, SignatureKind, Soundness
from portal.grants.agreements import checks, operations, queries
from portal.grants.agreements.composing import ClausesMissing, compose
from portal.grants.agreements.judging import CopyRefused
from portal.grants.agreements.looking import Look, LookAgain
from portal.grants.agreements.operations.countersigning import OtherCopy
from portal.grants.agreements.operations.signing import NotThisWay, OtherVersion
from portal.grants.agreements.rules import Side, in_force_at
from portal.grants.apart import TwoPeople
from portal.grants.library.operations import Words, revise_text
from portal.grants.rules import GrantStatus, Need, local_day
from tests.factories.documents import make_p7m
from tests.factories.grants import a_pdf, make_world
from tests.factories.library import composed_design, fill

EVERY_WAY = {"signed_by": list(SignatureWay), "countersigned_by": [SignatureWay.PORTAL, SignatureWay.DIGITAL]}
CODE = "BNCRSO80A41A662X"


def world_of(session, now, **agreement):
    world: Any = make_world(session, now=now, design=composed_design(**(EVERY_WAY | agreement)))
    world.texts = fill(session, world.authority, by=world.actor(world.officer), now=now)
    world.grant = world.make_ready(world.award())
    return world


@pytest.fixture
def world(session, now):
    return world_of(session, now)


def prepare(world):
    return operations.prepare_agreement(
        world.session, grant_id=world.grant.id, actor=world.actor(world.officer), now=world.now
    )


def accept(world, **given):
    asked = {"seen_sha256": world.grant.agreement.file.sha256, "actor": world.actor(world.owner), "now": world.now}
    return operations.accept_agreement(world.session, grant_id=world.grant.id, **(asked | given))


def countersign(world, **given):
    asked = {"actor": world.actor(world.approver), "now": world.now}
    return operations.countersign_agreement(world.session, grant_id=world.grant.id, **(asked | given))


def look(world, upload, *signatures, fit=Fit.SAME, original=None):
    """What the process apart would have seen."""
    now = world.now
    sound = SignatureSeen(SignatureKind.CADES, Soundness.INTACT, digest="sha256", signer_code=CODE,
                          valid_from=now - timedelta(days=9), valid_until=now + timedelta(days=9))  # fmt: skip
    return Look(original or world.grant.agreement.file.sha256, upload.sha256, CopySeen(fit, signatures or (sound,)))


def sign_digitally(world, **seen):
    upload = a_pdf("firmata.p7m", make_p7m())
    return operations.sign_agreement(
        world.session, grant_id=world.grant.id, upload=upload, look=look(world, upload, **seen),
        actor=world.actor(world.owner), now=world.now,
    )  # fmt: skip


def know_the_representative(world, code=CODE):
    world.association.representative_id = world.owner.id
    world.session.add(
        ExternalIdentity(
            person_id=world.owner.id, issuer="https://spid.example", subject=f"s-{code}", fiscal_number=code,
            linked_at=world.now, used_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


def test_the_agreement_is_a_tagged_pdf_of_the_clauses_that_serve_the_recipient(world, session):
    agreement = prepare(world)
    with pikepdf.open(io.BytesIO(read_file(session.get_one(StoredFile, agreement.file_id)))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "it"
        assert str(pdf.docinfo["/Title"]) == f"Convenzione {world.grant.reference}"
        tagged = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        headings = [each for each in tagged if each.get("/S") == "/H2"]
        assert len(headings) == 3, "two articles, and the signatures"
    assert [each.version.text.key for each in agreement.articles] == ["oggetto", "durata"]
    assert agreement.fields["amount"] == "€ 20.000,00"
    assert "Avvio del servizio" in agreement.fields["milestones"]


def test_what_was_prepared_keeps_the_version_it_was_composed_of(world, session, now):
    before = prepare(world)
    officer = world.actor(world.officer)
    revise_text(session, text_id=world.texts["oggetto"].id, seen_version=1, words=Words("Scopo", "Per {{ cup }}."),
                actor=officer, now=now)  # fmt: skip
    after = prepare(world)
    assert [each.version.version for each in before.articles] == [1, 1]
    assert [each.version.version for each in after.articles] == [2, 1]
    with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
        session.execute(text("DELETE FROM agreement_article"))


def test_a_legal_form_has_clauses_of_its_own_and_a_missing_one_stops_the_preparation(session, now):
    form = ClausesOfForms(["social_promotion_association"], ["durata", "patrimonio"])
    world = world_of(session, now, by_form=[form])
    composition = compose(session, world.grant, now)
    assert ([each.title for each in composition.articles], composition.missing) == (["Durata"], ("patrimonio",))
    with pytest.raises(ClausesMissing, match="patrimonio"):
        prepare(world)


def test_a_call_without_clauses_has_the_fixed_text(session, now):
    world = world_of(session, now, clauses=[])
    agreement = prepare(world)
    assert (agreement.fields, agreement.articles) == ({"cup": world.grant.cup}, [])


def test_the_representative_accepts_on_the_portal_what_was_shown(world, session):
    prepare(world)
    with pytest.raises(OtherVersion):
        accept(world, seen_sha256="0" * 64)
    agreement = accept(world)
    signature = agreement.signature_of(Side.RECIPIENT)
    assert (signature.way, signature.sha256, signature.file_id) == (SignatureWay.PORTAL, agreement.file.sha256, None)
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "agreement.accept")).one()
    assert event.after["document"] == agreement.file.sha256
    countersign(world, seen=str(signature.id))
    assert world.grant.status is GrantStatus.ACTIVE
    assert list(checks.broken(session)) == []


def test_a_call_that_takes_no_acceptance_refuses_it(session, now):
    world = world_of(session, now, signed_by=[SignatureWay.DIGITAL])
    prepare(world)
    with pytest.raises(NotThisWay):
        accept(world)
    with pytest.raises(CopyRefused):
        operations.sign_agreement(
            session, grant_id=world.grant.id, upload=a_pdf(), actor=world.actor(world.owner), now=now
        )


def test_a_doubt_is_accepted_by_the_office_with_a_reason_only(world, session):
    prepare(world)
    signature = sign_digitally(world).signature_of(Side.RECIPIENT)
    assert signature.doubts == ["unknown_signer", "trust"]
    with pytest.raises(Invalid) as refused:
        countersign(world, reason=" ")
    assert refused.value.field == "reason"
    countersign(world, reason="La firma è del presidente: visura del 2 marzo.")
    office = world.grant.agreement.signature_of(Side.OFFICE)
    assert office.reason == "La firma è del presidente: visura del 2 marzo."


def test_the_codice_fiscale_of_the_signature_is_compared_with_the_representatives(world):
    know_the_representative(world)
    prepare(world)
    assert sign_digitally(world).signature_of(Side.RECIPIENT).doubts == ["trust"]
    countersign(world)


def test_somebody_elses_signature_is_refused_where_the_call_says_so(session, now):
    world = world_of(session, now, doubts=SignatureDoubts(other_signer=OnDoubt.REFUSED))
    know_the_representative(world, "RSSMRA80A01H501U")
    prepare(world)
    with pytest.raises(CopyRefused) as refused:
        sign_digitally(world)
    assert refused.value.field == "signed_copy"
    assert world.grant.needs_on(local_day(now))[-1] is Need.AGREEMENT_SIGN


def test_what_was_seen_of_other_bytes_counts_for_nothing(world):
    prepare(world)
    with pytest.raises(LookAgain):
        sign_digitally(world, original="0" * 64)
    with pytest.raises(CopyRefused):
        sign_digitally(world, fit=Fit.OTHER)


def test_the_office_countersigns_with_a_file_by_another_person(world, session):
    prepare(world)
    accept(world)
    upload = a_pdf("controfirmata.p7m", make_p7m())
    given = {"upload": upload, "look": look(world, upload), "now": world.now, "grant_id": world.grant.id}
    operations.countersign_copy(session, actor=world.actor(world.approver), **given)
    agreement = world.grant.agreement
    assert agreement.countersigned_file.name == "controfirmata.p7m"
    assert [(each.side, each.way) for each in agreement.signatures] == [
        (Side.RECIPIENT, SignatureWay.PORTAL), (Side.OFFICE, SignatureWay.DIGITAL),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("INSERT INTO agreement_signature SELECT * FROM agreement_signature WHERE side = 'office'"))


def test_a_signature_is_sent_back_and_given_again(world):
    prepare(world)
    shown = str(accept(world).signature_of(Side.RECIPIENT).id)
    office = {"grant_id": world.grant.id, "actor": world.actor(world.approver), "now": world.now}
    operations.return_copy(world.session, reason="Manca un allegato.", seen=shown, **office)
    assert world.grant.agreement.signature_of(Side.RECIPIENT) is None
    assert world.grant.needs_on(local_day(world.now))[-1] is Need.AGREEMENT_SIGN
    accept(world)
    with pytest.raises(OtherCopy):
        countersign(world, seen=shown)


def test_whoever_accepted_for_the_recipient_cannot_countersign(world, session):
    prepare(world)
    accept(world)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(text("UPDATE agreement SET countersigned_by = signed_by"))
    assert TwoPeople.default


def test_an_addendum_takes_the_place_of_the_agreement_once_both_have_signed(world, session, now):
    officer = {"grant_id": world.grant.id, "actor": world.actor(world.officer)}
    with pytest.raises(IllegalMove):
        operations.prepare_addendum(session, change="x", now=now, **officer)
    prepare(world)
    accept(world)
    countersign(world)
    first = world.grant.agreement
    later = now + timedelta(days=30)
    addendum = operations.prepare_addendum(session, change="La fine si sposta.\nUn partner esce.", now=later, **officer)
    assert (addendum.version, addendum.is_addendum, world.grant.agreement_in_force) == (2, True, first)
    assert world.grant.needs_on(local_day(later))[-1] is Need.AGREEMENT_SIGN
    world.now = later
    accept(world)
    countersign(world)
    assert world.grant.status is GrantStatus.ACTIVE
    assert world.grant.agreement_in_force is addendum
    for instant in (now - timedelta(seconds=1), now, later - timedelta(seconds=1), later, later + timedelta(days=9)):
        found = queries.agreement_in_force(session, world.grant.id, instant)
        assert found == in_force_at(world.grant.agreements, instant)
    assert queries.agreement_in_force(session, world.grant.id, now) is first
    assert list(checks.broken(session)) == []


def test_the_checker_finds_a_signature_of_another_document(world, session):
    prepare(world)
    accept(world)
    countersign(world)
    session.execute(text("UPDATE stored_file SET sha256 = :other WHERE id IN (SELECT file_id FROM agreement)"),
                    {"other": "0" * 64})  # fmt: skip
    session.expire_all()
    assert any(world.grant.reference in line for line in checks.broken(session))
