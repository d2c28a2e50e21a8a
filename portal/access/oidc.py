"""Talking with an identity provider: authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636).

The provider is discovered by its issuer at each step, asked only over TLS, and believed only by its signature.
"""

import secrets
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.access.rules.identity import (
    ATTEMPT_LASTS,
    SCOPE,
    AttemptOver,
    Claim,
    Levels,
    LevelTooLow,
    ProviderFault,
    ProviderSilent,
    SignInDenied,
    fiscal_number_of,
    is_address_of_provider,
    name_of,
)
from portal.core.outgoing import Answer, Asking, NoAnswer

PATIENCE = 6.0
"""Seconds for all questions of one step together."""
LEEWAY = timedelta(seconds=60)
SIGNED_BY = frozenset(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512))
"""Signatures by a private key of the provider alone: never none, never one that our own secret could make."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider as one authority uses it, apart from the database."""

    authority_code: str
    key: str
    issuer: str
    client_id: str
    client_secret: str
    levels: Levels
    fiscal_claim: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way, kept by the browser that began it."""

    authority_code: str
    provider_key: str
    state: str
    nonce: str
    verifier: str
    began: str
    wanted: str | None = None
    """The page to go on to."""
    for_person: str | None = None
    """Who, signed in, links an identity; None for signing in."""

    def as_kept(self) -> dict[str, str | None]:
        """For the browser's cookie."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the portal itself stands."""

    redirect_uri: str
    may_be_local: bool
    """Providers on this machine: never in production."""


def begin(
    provider: Provider, around: Surroundings, *, wanted: str | None, for_person: str | None, now: datetime
) -> tuple[str, Attempt]:
    """Where to send the browser, and what it must keep until it comes back. Raises ProviderFault."""
    attempt = Attempt(
        authority_code=provider.authority_code,
        provider_key=provider.key,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        began=now.isoformat(),
        wanted=wanted,
        for_person=for_person,
    )
    asking = Asking(PATIENCE)
    known = _discovered(asking, provider, around)
    levels = {"acr_values": provider.levels.asked} if provider.levels.asked else {}
    url, _state = _client(asking, provider, known, around).create_authorization_url(
        known["authorization_endpoint"],
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
        **levels,
    )
    return str(url), attempt


def check_answer(answer: Mapping[str, str], attempt: Attempt | None, *, now: datetime) -> Attempt:
    """The attempt that this answer belongs to. Raises SignInDenied or AttemptOver; neither asks anybody."""
    if answer.get("error") == "access_denied":
        raise SignInDenied
    if attempt is None or not compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise AttemptOver
    if not timedelta(0) <= now - datetime.fromisoformat(attempt.began) <= ATTEMPT_LASTS:
        raise AttemptOver
    if "error" in answer or not answer.get("code"):
        raise ProviderFault
    return attempt


def claim_of(
    provider: Provider, around: Surroundings, attempt: Attempt, answer: Mapping[str, str], *, now: datetime
) -> Claim:
    """Who the provider says came, once its token was verified. Raises ProviderFault, LevelTooLow, NoFiscalNumber."""
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider's answer
        raise ProviderFault
    asking = Asking(PATIENCE)
    known = _discovered(asking, provider, around)
    token = _token(asking, provider, known, around, attempt, answer["code"])
    claims: dict[str, Any] = _verified(asking, provider, known, token, attempt.nonce, now)
    acr = claims.get("acr") if isinstance(claims.get("acr"), str) else ""
    if not provider.levels.accepts(acr or ""):
        raise LevelTooLow
    if provider.fiscal_claim not in claims:
        claims = _user_information(asking, known, around, token, claims["sub"]) | claims
    return Claim(
        issuer=provider.issuer,
        subject=claims["sub"],
        fiscal_number=fiscal_number_of(claims.get(provider.fiscal_claim)),
        name=name_of(claims),
        acr=acr or "",
        is_strong=provider.levels.is_strong(acr or ""),
    )


def _discovered(asking: Asking, provider: Provider, around: Surroundings) -> dict[str, Any]:
    """What the provider says of itself; it must be the issuer that was asked for, all its addresses over TLS."""
    _may_ask(provider.issuer, around)
    known = _document(lambda: asking.get(provider.issuer.rstrip("/") + DISCOVERY))
    if known.get("issuer") != provider.issuer:
        raise ProviderFault
    for name in ENDPOINTS:
        _may_ask(known.get(name), around)
    return known


def _may_ask(address: object, around: Surroundings) -> None:
    if not isinstance(address, str) or not is_address_of_provider(address, may_be_local=around.may_be_local):
        raise ProviderFault


def _document(ask: Any) -> dict[str, Any]:
    """A JSON object that the provider must give."""
    try:
        answer: Answer = ask()
        answer.raise_for_status()
    except NoAnswer as error:
        raise ProviderSilent from error
    try:
        document = answer.json()
    except ValueError as error:
        raise ProviderFault from error
    if not isinstance(document, dict):
        raise ProviderFault
    return document


def _listed(known: dict[str, Any], name: str, default: str) -> AbstractSet[str]:
    given = known.get(name)
    return (
        frozenset(each for each in given if isinstance(each, str)) if isinstance(given, list) else frozenset({default})
    )


def _client(asking: Asking, provider: Provider, known: dict[str, Any], around: Surroundings) -> OAuth2Client:
    offered = _listed(known, "token_endpoint_auth_methods_supported", "client_secret_basic")
    method = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    return OAuth2Client(
        asking,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        token_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=around.redirect_uri,
        code_challenge_method="S256",
    )


def _token(
    asking: Asking, provider: Provider, known: dict[str, Any], around: Surroundings, attempt: Attempt, code: str
) -> dict[str, Any]:
    """The tokens for a code, once."""
    try:
        token = _client(asking, provider, known, around).fetch_token(
            known["token_endpoint"], code=code, code_verifier=attempt.verifier
        )
    except NoAnswer as error:
        raise ProviderSilent from error
    except (OAuth2Error, ValueError) as error:
        raise ProviderFault from error
    if not isinstance(token.get("id_token"), str):
        raise ProviderFault
    return dict(token)


def _verified(
    asking: Asking, provider: Provider, known: dict[str, Any], token: dict[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, nonce and times are right (Core 1.0, 3.1.3.7)."""
    offered = _listed(known, "id_token_signing_alg_values_supported", "RS256")
    keys = _document(lambda: asking.get(known["jwks_uri"]))
    try:
        registry = JWSRegistry(algorithms=sorted(SIGNED_BY & offered), strict_check_header=False)
        opened = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
        must: dict[str, Any] = {"iss": provider.issuer, "aud": provider.client_id, "nonce": nonce}
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            {name: {"essential": True, "value": value} for name, value in must.items()},
            {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except (JoseError, OAuth2Error, ValueError, TypeError, KeyError) as error:
        raise ProviderFault from error
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 300:
        raise ProviderFault
    return dict(claims)


def _user_information(
    asking: Asking, known: dict[str, Any], around: Surroundings, token: dict[str, Any], subject: str
) -> dict[str, Any]:
    """What the provider tells of the same person elsewhere (Core 1.0, 5.3); nothing where it has no such address."""
    address = known.get("userinfo_endpoint")
    if address is None or not isinstance(token.get("access_token"), str):
        return {}
    _may_ask(address, around)
    bearer = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json"}
    told = _document(lambda: asking.get(address, headers=bearer))
    if told.get("sub") != subject:
        raise ProviderFault
    return told
