"""An agreement composed from the clauses that the call names for the recipient's legal form."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.grants.agreements.queries import plan_in_force
from portal.grants.agreements.rules import AFTERWARDS
from portal.grants.agreements.values import Values, values_of
from portal.grants.library.queries import clauses_named, keeper_of
from portal.grants.library.rules import fields_in, filled
from portal.grants.models import Grant, LibraryVersion
from portal.grants.rules import local_day


class ClausesMissing(Conflict):
    """The call names clauses that the library has not."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(
            lazy_(
                "The library has no clause with these keys: %(keys)s. Write them, or change the agreement of the call.",
                keys=", ".join(keys),
            )
        )


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its number, heading, words, and the version that they are of."""

    number: int
    title: str
    body: str
    version: LibraryVersion


@dataclass(frozen=True, slots=True)
class Composition:
    """What an agreement would say. Without articles it is the fixed text of the portal.

    `left_out` do not serve the legal form; `missing` are not in the library; `empty` are fields without a value.
    """

    articles: tuple[Article, ...]
    values: Values
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the call names no clause for this recipient."""
        return not (self.articles or self.missing or self.left_out)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that stands in it: what was previewed is what is prepared."""
        said = [(each.title, each.body) for each in self.articles]
        whole = repr((said, sorted(self.values.fields.items()), sorted(self.values.tables.items())))
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def stands_still(self) -> bool:
        """Whether something keeps it from being prepared."""
        return bool(self.missing) or (not self.articles and not self.is_fixed)


def compose(session: Session, grant: Grant, now: datetime) -> Composition:
    """The agreement of a grant as it would be prepared now, in the language that is spoken around."""
    plan = plan_in_force(session, grant.id, now) if grant.status in AFTERWARDS else None
    values = values_of(grant, plan, local_day(now))
    form = grant.organisation.legal_form
    keys = grant.application.design.agreement.clauses_for(form)
    keeper = keeper_of(grant.call.authority)
    return composed(keys, form, clauses_named(session, keeper, keys, grant.call.published_at) if keys else {}, values)


def composed(keys: Sequence[str], form: str, known: dict[str, LibraryVersion], values: Values) -> Composition:
    """The clauses in their order, numbered, their fields filled."""
    serving = [known[key] for key in keys if key in known and known[key].serves(form)]
    used = dict.fromkeys(name for clause in serving for name in fields_in(clause.body))
    return Composition(
        articles=tuple(
            Article(number, clause.title, filled(clause.body, values.fields, values.tables), clause)
            for number, clause in enumerate(serving, start=1)
        ),
        values=values,
        left_out=tuple(key for key in keys if key in known and not known[key].serves(form)),
        missing=tuple(key for key in keys if key not in known),
        empty=tuple(name for name in used if not (values.fields.get(name) or name in values.tables)),
    )


def must_be_whole(composition: Composition) -> None:
    """Return if it can be prepared. Raises ClausesMissing."""
    if composition.stands_still:
        raise ClausesMissing(composition.missing or composition.left_out)
