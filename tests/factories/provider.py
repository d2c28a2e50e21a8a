"""A real OpenID Connect provider on this machine, and a hand between it and the portal that can bend its answers.

The provider itself does not ask for PKCE: the hand does, as SPID and CIE do.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response as WsgiResponse

from portal.access.models import AccountLink, Authority, ExternalIdentity, IdentityProvider, Person
from portal.access.queries import token_hash
from portal.access.queries.identity import SEALED_FOR
from portal.access.rules import LinkPurpose
from portal.core.actor import SYSTEM
from portal.core.secrets import seal
from portal.documents.operations import store_bytes
from tests.page import Page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it still uses authlib's own jose
    import oidc_provider_mock

MARTA = "RSSMRA85T50A562W"
LEVEL_1, LEVEL_2, LEVEL_3 = (f"https://www.spid.gov.it/SpidL{level}" for level in (1, 2, 3))
FOREIGN_STYLE = re.compile(rb"<link[^>]*>")
"""Its page asks another host for a style sheet; tests ask nobody."""
CLIENT, SECRET = "vivaio", "a client secret, not told to anybody"
Bend = Callable[[dict[str, Any], dict[str, Any]], None]
"""Changes the claims and the header of the token that the provider made."""


@dataclass
class Vouching:
    """The provider as a test sees it."""

    issuer: str
    users: Callable[[str, dict[str, object]], None]
    own_key: Callable[[], Any]
    bend: Bend | None = None
    key: Any = None
    """Signs instead of the provider's own; None: its own."""
    answers: dict[str, WsgiResponse] = field(default_factory=dict)
    """What is answered at a path instead."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The authorization requests, as the browser brought them."""
    token_requests: list[dict[str, str]] = field(default_factory=list)

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody who can sign in there."""
        self.users(subject, {"acr": LEVEL_2, "fiscal_number": f"TINIT-{MARTA}"} | claims)

    def agrees(self, location: str, subject: str, *, action: str = "authorize") -> str:
        """Go where the portal leads, sign in there, and return the address of the answer."""
        request = Request(location, data=urlencode({"sub": subject, "action": action}).encode(), method="POST")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = build_opener(_Stays).open(request, timeout=5)
        assert answer.status in (302, 303), answer.read()
        return str(answer.headers["Location"])


class _Stays(HTTPRedirectHandler):
    """Hands every redirect over, follows none."""

    def http_error_302(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any) -> Any:
        return fp

    def http_error_303(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any) -> Any:
        return fp


class _Hand:
    """WSGI in front of the provider."""

    def __init__(self, provider: Any) -> None:
        self.provider = provider
        self.vouching: Vouching

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        request = WsgiRequest(environ, populate_request=False)
        if environ["PATH_INFO"] in self.vouching.answers:
            return self.vouching.answers[environ["PATH_INFO"]](environ, start)
        if environ["PATH_INFO"] == "/oauth2/authorize":
            self.vouching.asked.append(request.args.to_dict())
            answer = WsgiResponse.from_app(self.provider, environ, buffered=True)
            answer.set_data(FOREIGN_STYLE.sub(b"", answer.get_data()))
            return answer(environ, start)
        if environ["PATH_INFO"] != "/oauth2/token":
            return self.provider(environ, start)
        return self._token(environ)(environ, start)

    def _token(self, environ: dict[str, Any]) -> WsgiResponse:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        sent["authorization"] = environ.get("HTTP_AUTHORIZATION", "")
        self.vouching.token_requests.append(sent)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge not in {asked.get("code_challenge") for asked in self.vouching.asked}:
            return WsgiResponse(json.dumps({"error": "invalid_grant"}), 400, content_type="application/json")
        answer = WsgiResponse.from_app(self.provider, environ | {"wsgi.input": _Body(body)}, buffered=True)
        if answer.status_code == 200 and (self.vouching.bend or self.vouching.key):
            answer.set_data(json.dumps(self._bent(json.loads(answer.get_data()))))
        return answer

    def _bent(self, token: dict[str, Any]) -> dict[str, Any]:
        header, claims = (_part(token["id_token"], at) for at in (0, 1))
        if self.vouching.bend:
            self.vouching.bend(claims, header)
        if header["alg"] == "none":
            parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
            return token | {"id_token": b".".join([*parts, b""]).decode()}
        key = self.vouching.key or RSAKey.import_key(self.vouching.own_key())
        return token | {"id_token": jwt.encode(header, claims, key, algorithms=[header["alg"]])}


class _Body:
    """A body that was read and is read again."""

    def __init__(self, body: bytes) -> None:
        self.left = body

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        taken = self.left if size < 0 else self.left[:size]
        self.left = self.left[len(taken) :]
        return taken

    def readline(self, *_: int) -> bytes:
        """A form has one line."""
        return self.read()


def _part(token: str, at: int) -> dict[str, Any]:
    text = token.split(".")[at]
    part: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return part


@contextmanager
def vouching_provider() -> Iterator[Vouching]:
    """The provider on a free port, until the end of the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        provider = oidc_provider_mock.app()
    hand = _Hand(provider)
    server = make_server("localhost", 0, hand, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    issuer = f"http://localhost:{server.server_port}"
    client = provider.test_client()
    kept: dict[str, Any] = {}

    @provider.before_request
    def note() -> None:
        kept["storage"] = oidc_provider_mock._storage.storage._get_current_object()

    def users(subject: str, claims: dict[str, object]) -> None:
        assert client.put(f"/users/{subject}", json=claims).status_code == 204

    def own_key() -> Any:
        return kept["storage"].jwk.as_dict(is_private=True)

    hand.vouching = Vouching(issuer, users, own_key)
    thread.start()
    try:
        yield hand.vouching
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def slow(seconds: float) -> WsgiResponse:
    """An answer that comes byte by byte."""

    def body() -> Iterator[bytes]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            yield b" "
            time.sleep(0.2)

    return WsgiResponse(body(), content_type="application/json", direct_passthrough=True)


def secret_of_nobody() -> Any:
    """A symmetric key made of what the portal and the provider both know."""
    return OctKey.import_key(SECRET)


def stranger() -> Any:
    """The key of somebody else."""
    return RSAKey.generate_key(2048)


def make_provider(
    session: Session, authority: Authority, issuer: str, *, key: str = "spid", enabled: bool = True,
    asked: str = LEVEL_2, strong: str = f"{LEVEL_2} {LEVEL_3}", client: str = CLIENT, name: str = "SPID",
    edited_by: Person | None = None,
) -> IdentityProvider:  # fmt: skip
    """A provider as an administrator writes it down."""
    row = IdentityProvider(
        authority_id=authority.id, key=key, name=name, issuer=issuer, client_id=client,
        sealed_secret=seal(SECRET, purpose=SEALED_FOR), acr_values=asked, strong_acr=strong, is_enabled=enabled,
        edited_by=edited_by.id if edited_by else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def query_of(location: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def leave(page: Page, start: str = "/sign-in/with/bari/spid") -> str:
    """Where the portal sends the browser."""
    answer = page.get(start, 303).response
    assert answer is not None
    return answer.headers["Location"]


def come_back(
    page: Page, provider: Vouching, subject: str = "marta", *, start: str = "/sign-in/with/bari/spid", expect: int = 200
) -> Page:
    """The whole way to the provider and back."""
    return page.get(path_of(provider.agrees(leave(page, start), subject)), expect)


def path_of(address: str) -> str:
    """An address without its host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def name_identity_objects(session: Session, authority: Authority, owner: Person, *, now: datetime) -> dict[str, Any]:
    """What addresses of authorities and identities name in the permission matrix; nobody listens on port 9."""
    provider = make_provider(session, authority, "http://localhost:9")
    content = (Path(__file__).parents[2] / "docs" / "images" / "desk.png").read_bytes()
    logo = store_bytes(session, name="a.png", media_type="image/png", content=content, actor=SYSTEM, now=now)
    linked = ExternalIdentity(
        person_id=owner.id, issuer=provider.issuer, subject=str(owner.id), linked_at=now, used_at=now
    )
    token = secrets.token_urlsafe(32)
    link = AccountLink(
        purpose=LinkPurpose.IDENTITY, token_hash=token_hash(token), email=f"{token}@prova.example", made_at=now,
        expires_at=now + timedelta(minutes=30),
    )  # fmt: skip
    session.add_all((linked, link))
    session.flush()
    authority.colour, authority.logo_file_id = "#7a1f3d", logo.id
    return {
        "provider_key": provider.key, "provider_id": provider.id, "identity_id": linked.id, "identity_token": token,
    }  # fmt: skip
