"""Which version is in force when, and what is thought of a signature."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules.design import AgreementDesign, ClausesOfForms, OnDoubt, SignatureDoubts, SignatureWay
from portal.documents.apart import CopySeen, SignatureSeen
from portal.documents.rules import Coverage, Fit, SignatureKind, Soundness
from portal.grants.agreements import judging
from portal.grants.agreements.judging import CopyRefused, judged, wants_reason
from portal.grants.agreements.rules import Doubt, Side, in_force_at

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CODE = "BNCRSO80A41A662X"


@dataclass(frozen=True)
class Version:
    version: int
    countersigned_at: datetime | None


@st.composite
def histories(draw):
    """Versions in the order in which they were prepared; some were never signed by both."""
    hours = sorted(draw(st.lists(st.integers(0, 40), max_size=6)))
    signed = [NOW + timedelta(hours=hour) if draw(st.booleans()) else None for hour in hours]
    return [Version(number, instant) for number, instant in enumerate(signed, 1)]


@given(histories(), st.integers(-2, 42), st.randoms())
def test_the_version_in_force_is_the_last_that_both_had_signed_by_then(versions, hour, random):
    instant = NOW + timedelta(hours=hour)
    found = in_force_at(versions, instant)
    reached = [each for each in versions if each.countersigned_at is not None and each.countersigned_at <= instant]
    assert found == (reached[-1] if reached else None)
    shuffled = list(versions)
    random.shuffle(shuffled)
    assert in_force_at(shuffled, instant) == found, "in whatever order they are read"
    assert in_force_at([*versions, Version(len(versions) + 1, None)], instant) == found, "an addendum that waits"
    later = Version(len(versions) + 1, instant + timedelta(hours=1))
    assert in_force_at([*versions, later], instant) == found, "what is signed later changes nothing of before"
    if found is not None:
        since = in_force_at(versions, found.countersigned_at or instant)
        assert since is not None
        assert since.countersigned_at == found.countersigned_at


SOUND = SignatureSeen(
    SignatureKind.PADES, Soundness.INTACT, digest="sha256", signer_code=CODE,
    valid_from=NOW - timedelta(days=10), valid_until=NOW + timedelta(days=10),
)  # fmt: skip


def judge(*signatures, fit=Fit.SIGNED, codes=(CODE,), side=Side.RECIPIENT, **rules):
    seen = CopySeen(fit, signatures) if signatures else None
    return judged(seen, rules=AgreementDesign(**rules), side=side, codes=codes, at=NOW)


@pytest.mark.parametrize(
    ("signatures", "fit", "words"),
    [
        ([SOUND], Fit.OTHER, judging.OTHER_DOCUMENT),
        ([SOUND], Fit.CHANGED, judging.CHANGED),
        ([replace(SOUND, soundness=Soundness.ALTERED)], Fit.SIGNED, judging.BROKEN),
        ([SOUND, replace(SOUND, soundness=Soundness.ALTERED)], Fit.OTHER, judging.BROKEN),
        ([replace(SOUND, soundness=Soundness.UNREADABLE)], Fit.SAME, judging.UNREADABLE),
        ([replace(SOUND, digest="sha1")], Fit.SAME, judging.UNREADABLE),
        ([replace(SOUND, coverage=Coverage.PARTIAL)], Fit.SIGNED, judging.CHANGED),
    ],
)
@pytest.mark.parametrize("every", OnDoubt)
def test_another_document_and_a_broken_signature_are_refused_whatever_the_call_says(signatures, fit, words, every):
    doubts = SignatureDoubts(every, every, every, OnDoubt.SAID)
    with pytest.raises(CopyRefused) as refused:
        judge(*signatures, fit=fit, doubts=doubts)
    assert refused.value.message == words
    assert refused.value.field == "signed_copy"


@pytest.mark.parametrize(
    ("signature", "codes", "found"),
    [
        (SOUND, (CODE,), []),
        (SOUND, (), [Doubt.UNKNOWN_SIGNER]),
        (replace(SOUND, signer_code=""), (CODE,), [Doubt.UNKNOWN_SIGNER]),
        (SOUND, ("RSSMRA80A01H501U",), [Doubt.OTHER_SIGNER]),
        (replace(SOUND, valid_until=NOW - timedelta(days=1)), (CODE,), [Doubt.CERTIFICATE_DATES]),
        (replace(SOUND, valid_until=NOW - timedelta(days=1), stamped_at=NOW - timedelta(days=2)), (CODE,), []),
        (replace(SOUND, valid_until=NOW - timedelta(days=1), claimed_at=NOW - timedelta(days=2)), (CODE,),
         [Doubt.CERTIFICATE_DATES]),
        (replace(SOUND, valid_from=None), (CODE,), [Doubt.CERTIFICATE_DATES]),
    ],
)  # fmt: skip
def test_what_is_in_doubt_is_said(signature, codes, found):
    judgement = judge(signature, codes=codes)
    assert judgement.way is SignatureWay.DIGITAL
    assert list(judgement.doubts) == [*found, Doubt.TRUST]
    assert wants_reason(SignatureDoubts(), judgement.doubts) == bool(found)


@pytest.mark.parametrize("doubt", [Doubt.UNKNOWN_SIGNER, Doubt.OTHER_SIGNER, Doubt.CERTIFICATE_DATES])
def test_the_call_says_what_a_doubt_leads_to(doubt):
    signature, codes = {
        Doubt.UNKNOWN_SIGNER: (SOUND, ()),
        Doubt.OTHER_SIGNER: (SOUND, ("RSSMRA80A01H501U",)),
        Doubt.CERTIFICATE_DATES: (replace(SOUND, valid_from=None), (CODE,)),
    }[doubt]
    with pytest.raises(CopyRefused) as refused:
        judge(signature, codes=codes, doubts=SignatureDoubts(**{doubt.value: OnDoubt.REFUSED}))
    assert refused.value.message == judging.REFUSALS[doubt]
    said = SignatureDoubts(**{doubt.value: OnDoubt.SAID})
    assert not wants_reason(said, judge(signature, codes=codes, doubts=said).doubts)


def test_a_way_that_the_call_does_not_take_is_refused():
    assert judge().way is SignatureWay.PAPER
    with pytest.raises(CopyRefused) as refused:
        judge(signed_by=[SignatureWay.DIGITAL])
    assert refused.value.message == judging.NOT_SIGNED
    with pytest.raises(CopyRefused) as refused:
        judge(SOUND, signed_by=[SignatureWay.PORTAL, SignatureWay.PAPER])
    assert refused.value.message == judging.NOT_TAKEN
    with pytest.raises(CopyRefused):
        judge(SOUND, side=Side.OFFICE)
    assert judge(SOUND, side=Side.OFFICE, countersigned_by=[SignatureWay.DIGITAL]).way is SignatureWay.DIGITAL


def test_of_several_signers_one_is_the_expected_one():
    other = replace(SOUND, signer_code="RSSMRA80A01H501U")
    assert judge(other, SOUND).doubts == (Doubt.TRUST,)


def test_the_clauses_of_a_legal_form_take_the_place_of_the_others():
    rules = AgreementDesign(["oggetto"], [ClausesOfForms(["foundation"], ["oggetto", "patrimonio"])])
    assert rules.clauses_for("foundation") == ["oggetto", "patrimonio"]
    assert rules.clauses_for("association") == ["oggetto"]
