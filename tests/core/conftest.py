"""A small room of the tests: routes that act, refuse and break, over an application of their own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from portal.access.policy import Action
from portal.access.web import declares
from portal.core import errors
from portal.core.clock import now
from portal.core.jobs import enqueue
from portal.core.unit_of_work import unit_of_work
from portal.core.web.respond import go_to
from tests.engines import ENGINES, Portals
from tests.markup import parsed
from tests.page import SAME_ORIGIN

REFUSALS = {
    403: errors.Forbidden, 404: errors.NotFound, 409: errors.Conflict, 413: errors.TooLarge, 422: errors.Invalid,
    423: errors.Closed, 429: errors.TooMany, 503: errors.Unavailable,
}  # fmt: skip
CANARY = "canarino@segreto.example"


def _probe() -> Blueprint:
    bp = Blueprint("probe", __name__, url_prefix="/probe")

    @bp.post("/act")
    @declares(Action.PUBLIC_READ)
    def act() -> ResponseReturnValue:
        with unit_of_work() as session:
            enqueue(session, "probe.effect", now=now(), what=request.form.get("what", ""))
            time.sleep(float(request.form.get("pause", 0)))
        return go_to(f"/probe/done/{request.form.get('what', '')}")

    @bp.post("/refuse/<int:code>")
    @declares(Action.PUBLIC_READ)
    def refuse(code: int) -> ResponseReturnValue:
        with unit_of_work() as session:
            enqueue(session, "probe.effect", now=now())
            session.flush()
            raise REFUSALS[code]

    @bp.get("/break")
    @declares(Action.PUBLIC_READ)
    def broken() -> ResponseReturnValue:
        typed = CANARY
        raise ValueError(f"{typed} is not {request.args.get('a')}")

    return bp


class Probe:
    """The application with its probing routes, and how many effects its table of jobs holds."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookie = ""
        self.token = ""

    def visitor(self) -> FlaskClient:
        """A client with the cookie and the token of one visitor."""
        client = self.app.test_client()
        if self.cookie:
            client.set_cookie("session", self.cookie)
            return client
        page = client.get("/sign-in")
        self.token = parsed(page.get_data(as_text=True)).xpath("//input[@name='csrf_token']/@value")[0]
        found = client.get_cookie("session")
        assert found is not None
        self.cookie = found.value
        return client

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Send a form as a browser would."""
        client = self.visitor()
        return client.post(path, data={"csrf_token": self.token, **fields}, headers=SAME_ORIGIN | (headers or {}))

    def at_once(self, *forms: dict[str, Any], path: str = "/probe/act") -> list[TestResponse]:
        """Send several forms in as many threads."""
        self.visitor()
        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(lambda fields: self.post(path, **fields), forms))


def probing(app: Flask) -> Probe:
    """The probing routes on an application that has not answered yet."""
    if "probe" not in app.blueprints:
        app.register_blueprint(_probe())
    return Probe(app)


on_both = pytest.mark.parametrize("probe", ENGINES, indirect=True)
"""Decorate a test to probe PostgreSQL as well."""


@pytest.fixture
def probe(request: pytest.FixtureRequest, portals: Portals, clock: object) -> Probe:
    """The probe on SQLite."""
    return probing(portals.fresh(getattr(request, "param", "sqlite"), "probe"))


@pytest.fixture
def production(portals: Portals, clock: object) -> Callable[..., Probe]:
    """The probe as in production: unexpected errors are answered, not raised."""

    def made(purpose: str = "production", **settings: Any) -> Probe:
        return probing(portals.fresh("sqlite", purpose, testing=False, **settings))

    return made
