"""Clauses are named well, legal forms once, and both sides have a way to sign."""

from collections.abc import Sequence

from portal.access.rules.organisations import ENTITY_FORMS, LegalForm
from portal.calls.rules.design import CallDesign, OnDoubt, SignatureWay
from portal.calls.rules.validity.fault import Fault, Faults, choose, one_of, twice
from portal.calls.rules.validity.naming import KEY
from portal.core.i18n import lazy_

SIGNING_FORMS = (*ENTITY_FORMS, LegalForm.TEMPORARY_ASSOCIATION)
"""Who signs an agreement: an informal group becomes one of these first."""
COUNTERSIGNED = (SignatureWay.PORTAL, SignatureWay.DIGITAL)


def clauses(design: CallDesign) -> Faults:
    """Keys, and overrides by legal form."""
    yield from _keys("agreement.clauses", design.agreement.clauses)
    for index, each in enumerate(design.agreement.by_form):
        place = f"agreement.by_form.{index}"
        yield from _keys(f"{place}.clauses", each.clauses)
        for at, form in enumerate(each.forms):
            yield from one_of(f"{place}.forms.{at}", form, SIGNING_FORMS, lazy_("a legal form of a recipient"))
        if not each.forms:
            yield Fault(f"{place}.forms", lazy_("The list is empty."), choose(SIGNING_FORMS))
    for form in twice(form for each in design.agreement.by_form for form in each.forms):
        yield Fault("agreement.by_form", lazy_("“%(value)s” stands twice.", value=form), lazy_("Leave it once."))


def _keys(place: str, keys: Sequence[str]) -> Faults:
    for value in twice(keys):
        yield Fault(place, lazy_("“%(value)s” stands twice.", value=value), lazy_("Leave it once."))
    for index, key in enumerate(keys):
        if not KEY.fullmatch(key):
            yield Fault(f"{place}.{index}", lazy_("“%(key)s” cannot be a key.", key=key),
                        lazy_("Write small letters, digits and underscores, at most 64, a letter first."))  # fmt: skip


def signatures(design: CallDesign) -> Faults:
    """Ways to sign, and doubts that can be settled."""
    if not design.agreement.signed_by:
        yield Fault("agreement.signed_by", lazy_("The list is empty."), choose(SignatureWay))
    if not design.agreement.countersigned_by or SignatureWay.PAPER in design.agreement.countersigned_by:
        yield Fault("agreement.countersigned_by", lazy_("The office countersigns on the portal or digitally."),
                    choose(COUNTERSIGNED))  # fmt: skip
    if design.agreement.doubts.trust is OnDoubt.REFUSED:
        yield Fault("agreement.doubts.trust", lazy_("Every digital signature would be refused."),
                    choose((OnDoubt.SAID, OnDoubt.REASON)))  # fmt: skip
