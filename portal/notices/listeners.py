"""Telling people what `access` announces of their organisation; `portal.app` subscribes these."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.access.labels import FACTS, LEGAL_FACTS
from portal.access.models import BankDetails, OfferedFact, Person
from portal.access.policy import Role, Tie
from portal.access.queries import people_tied, people_with_role
from portal.access.queries.organisations import accounts_of, authorities_that_know
from portal.access.rules import AccountChanged, AccountNews, LegalFactsChanged, OfferDecided, masked_iban
from portal.access.rules.bank import rests_until
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.notices.labels import EFFECT, FINANCE, RESTING, WHAT
from portal.notices.operations import notify


class _Listed:
    """Several lazy words, joined in the reader's language only when they are read."""

    def __init__(self, words: Sequence[object]) -> None:
        self.words = words

    def __str__(self) -> str:
        return ", ".join(str(word) for word in self.words)


def tell_of_account(session: Session, event: AccountChanged) -> None:
    """Everybody who represents an organisation learns of every step of a change of its account, by mail too (P10).

    The organisation's own addresses are written to as well: they may reach somebody whom no account here reaches.
    """
    account = session.get_one(BankDetails, event.bank_details_id)
    organisation, path = account.organisation, f"/organisations/{account.organisation_id}#accounts"
    owners = people_tied(session, organisation.id, [Tie.OWNER], event.at)
    what = WHAT[event.news]
    text = lazy_("%(name)s: %(what)s (%(iban)s).", name=organisation.name, what=what, iban=masked_iban(account.iban))
    notify(session, people=[person.id for person in owners], text=in_both(text), path=path, now=event.at)
    addresses: dict[str, Person | None] = dict.fromkeys(
        address for address in (organisation.email, organisation.pec) if address
    )
    addresses |= {person.email: person for person in owners}
    rests = event.news is AccountNews.VERIFIED and _rests(session, event, account)
    for address, person in addresses.items():
        send_mail(
            session, to=address, template="notices/account_changed", locale=person.locale if person else "it",
            now=event.at, person=person, organisation=organisation, account=account, what=what,
            before=session.get(BankDetails, event.before_id) if event.before_id else None,
            who=_who(account, event.news, owners), effect=RESTING if rests else EFFECT[event.news],
            can_reject=rests or event.news is AccountNews.PROPOSED, masked=masked_iban, path=path,
        )  # fmt: skip


def _rests(session: Session, event: AccountChanged, account: BankDetails) -> bool:
    return rests_until(accounts_of(session, account.organisation_id), event.at) is not None


def _who(account: BankDetails, news: AccountNews, owners: Sequence[Person]) -> object:
    """The name of a person who represents the organisation; staff are the office."""
    by = {
        AccountNews.PROPOSED: account.proposed_by,
        AccountNews.VERIFIED: account.verified_by,
        AccountNews.REJECTED: account.rejected_by,
    }[news]
    return next((person.name for person in owners if person.id == by), FINANCE)


def tell_of_legal_facts(session: Session, event: LegalFactsChanged) -> None:
    """Officers of every authority that knows an organisation learn that it changed what it legally is."""
    officers = [
        person.id
        for authority_id in authorities_that_know(session, event.organisation_id)
        for person in people_with_role(session, Role.OFFICER, authority_id, event.at)
    ]
    changed = _Listed([LEGAL_FACTS[name] for name in event.fields])
    text = lazy_("%(name)s changed: %(what)s. Compare it with the documents.", name=event.name_before, what=changed)
    notify(session, people=officers, text=in_both(text), path=f"/organisations/{event.organisation_id}", now=event.at)


def tell_of_offer(session: Session, event: OfferDecided) -> None:
    """Who represents or writes for an organisation learns what the office said of a document."""
    offer = session.get_one(OfferedFact, event.offer_id)
    people = people_tied(session, offer.organisation_id, [Tie.OWNER, Tie.EDITOR], event.at)
    given = {"name": offer.organisation.name, "document": FACTS[offer.kind]}
    text = lazy_("%(name)s: the document “%(document)s” was verified.", **given)
    if offer.refusal_reason:
        reason = offer.refusal_reason
        text = lazy_("%(name)s: the document “%(document)s” was refused. %(reason)s", reason=reason, **given)
    path = f"/organisations/{offer.organisation_id}#facts"
    notify(session, people=[person.id for person in people], text=in_both(text), path=path, now=event.at)
