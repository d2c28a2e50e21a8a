"""Signing in with SPID or CIE: what a provider must be, what its answer must say, and what that is worth."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line, is_storable

ATTEMPT_LASTS = timedelta(minutes=10)
"""From leaving for the provider to coming back."""
CLAIM_LASTS = timedelta(minutes=30)
"""From the provider's answer to the account that it opens."""
KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")
SCOPE = "openid profile"
NATURAL_PERSON = "TINIT-"
PRINTABLE = re.compile(r"[!-~]+")
IP_ADDRESS = re.compile(r"[\d.]+|\[.*\]")
LONGEST_NAME = 200


class ProviderFault(Invalid):
    """The sign-in with an identity provider came to nothing; the message says what to do instead."""

    default = lazy_(
        "The identity provider's answer could not be verified, so nobody was signed in. Start again; if it happens"
        " once more, sign in with your password and tell the office."
    )


class ProviderSilent(ProviderFault):
    """It does not answer, or not in time."""

    default = lazy_(
        "The identity provider is not answering now, so nobody was signed in. Try again in a few minutes, or sign in"
        " with your password."
    )


class SignInDenied(ProviderFault):
    """The person, or the provider, said no."""

    default = lazy_(
        "The sign-in was cancelled at the identity provider. Start again when you want, or sign in with your password."
    )


class AttemptOver(ProviderFault):
    """The answer belongs to no sign-in that this browser began, or to one that is over."""

    default = lazy_(
        "This sign-in was used already, or took too long, or was begun in another browser. Start again from the"
        " sign-in page."
    )


class LevelTooLow(ProviderFault):
    """The provider vouches for less than was asked."""

    default = lazy_(
        "The identity provider signed you in at a lower level than this authority asks for. Start again and choose"
        " the level with a code or an app (level 2)."
    )


class NoFiscalNumber(ProviderFault):
    """Without it nobody can be recognised."""

    default = lazy_(
        "The identity provider did not tell a valid codice fiscale of a person. Choose another one, or sign in with"
        " your password."
    )


class IdentityTaken(Conflict):
    """One fiscal number opens one account."""

    default = lazy_(
        "This codice fiscale is linked to another account already, and opens that one alone. Sign out and sign in with"
        " it; if the other account is not yours, write to the office."
    )


class NotTrustedForStaff(Forbidden):
    """Staff come in by a provider that every authority they work for has enabled."""

    default = lazy_(
        "Your account has a role in an authority that does not use this identity provider. Sign in with your password"
        " and your second factor."
    )


class NotOpen(Forbidden):
    """Disabled, closed or unknown: one answer, as for a wrong password."""

    default = lazy_(
        "No open account can be signed in to with this identity. Sign in with your password, or write to the office."
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """What a provider's verified answer says of somebody."""

    issuer: str
    subject: str
    fiscal_number: str
    name: str
    acr: str
    is_strong: bool
    """Its level counts as a second factor."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels that an authority asks for, and those that it counts as a second factor; blank-separated."""

    asked: str
    strong: str

    def accepts(self, acr: str) -> bool:
        """Whether an answer at this level is enough: one that was asked for or counts as strong; any, if none was."""
        return not self.asked.split() or acr in {*self.asked.split(), *self.strong.split()}

    def is_strong(self, acr: str) -> bool:
        """Whether this level counts as a second factor."""
        return acr in self.strong.split()


def fiscal_number_of(value: object) -> str:
    """The codice fiscale in a claim, without the prefix of SPID and CIE. Raises NoFiscalNumber."""
    text = value.strip().upper() if isinstance(value, str) else ""
    text = text.removeprefix(NATURAL_PERSON)
    try:
        if not text.isascii() or " " in text:
            raise ValidationError
        return str(codicefiscale.validate(text))
    except ValidationError:
        raise NoFiscalNumber from None


def name_of(claims: Mapping[str, object]) -> str:
    """The name in the claims: given and family name, else the whole name, else nothing."""
    given = [_words(claims.get(key)) for key in ("given_name", "family_name")]
    return (" ".join(part for part in given if part) or _words(claims.get("name")))[:LONGEST_NAME]


def _words(value: object) -> str:
    return clean_line(value) if isinstance(value, str) and is_storable(value) else ""


def masked_fiscal_number(number: str) -> str:
    """Enough to recognise one's own: RSSM…562S."""
    return f"{number[:4]}…{number[-4:]}"


def is_address_of_provider(address: str, *, may_be_local: bool) -> bool:
    """Whether the portal may ask this address: https and a name; http on this machine outside production alone."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or not PRINTABLE.fullmatch(address):
        return False
    if host == "localhost":
        return may_be_local and parts.scheme in ("http", "https")
    return parts.scheme == "https" and "." in host and not IP_ADDRESS.fullmatch(host) and ":" not in host


def valid_issuer(text: str, *, may_be_local: bool) -> str:
    """The issuer as its discovery document must name it. Raises Invalid."""
    issuer = text.strip()
    if not is_address_of_provider(issuer, may_be_local=may_be_local) or urlsplit(issuer).query:
        raise Invalid(
            lazy_(
                "The issuer is an address that begins with https:// and names a host, for example"
                " https://spid.comune.example. Copy it from the provider's documents."
            ),
            "issuer",
        )
    return issuer
