"""Gates on the grant and its recipient: agreement, entity, codes, account, contributions, plan, coaching. Pure."""

from portal.calls.rules import GateName
from portal.payments.gates.facts import WAITS, Facts, Gate


def agreement_signed(facts: Facts) -> Gate:
    """An agreement is in force."""
    return Gate(GateName.AGREEMENT_SIGNED, facts.agreement_in_force)


def incorporated(facts: Facts) -> Gate:
    """The recipient is a legal entity."""
    return Gate(GateName.INCORPORATED, not facts.is_informal)


def cup(facts: Facts) -> Gate:
    """The code of the project is recorded."""
    return Gate(GateName.CUP, facts.cup is not None, facts.cup)


def published(facts: Facts) -> Gate:
    """The award is published (art. 26)."""
    return Gate(GateName.PUBLISHED, facts.published_at is not None, facts.published_at)


def iban_verified(facts: Facts) -> Gate:
    """A change that waits for a second person, or is still within its cooling time, freezes the payment (P10)."""
    if facts.iban_waits:
        return Gate(GateName.IBAN_VERIFIED, False, WAITS)
    if facts.account_rests_until is not None:
        return Gate(GateName.IBAN_VERIFIED, False, facts.account_rests_until)
    return Gate(GateName.IBAN_VERIFIED, facts.verified_iban is not None, facts.verified_iban)


def durc(facts: Facts) -> Gate:
    """The newest certificate of contributions covers today."""
    is_open = facts.durc_valid_until is not None and facts.durc_valid_until >= facts.today
    return Gate(GateName.DURC, is_open, facts.durc_valid_until)


def milestones_accepted(facts: Facts) -> Gate:
    """Every milestone up to that of the tranche is done."""
    return Gate(GateName.MILESTONES_ACCEPTED, not facts.open_milestones, facts.open_milestones)


def coaching_confirmed(facts: Facts) -> Gate:
    """The least of coaching is confirmed."""
    is_open = facts.confirmed_minutes >= facts.minimum_minutes
    return Gate(GateName.COACHING_CONFIRMED, is_open, (facts.confirmed_minutes, facts.minimum_minutes))


def aid_registered(facts: Facts) -> Gate:
    """Aid has its code."""
    return Gate(GateName.AID_REGISTERED, not facts.aid_waits, facts.aid_code)
