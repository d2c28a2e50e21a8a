"""Real databases, built by the migrations: one SQLite file and one PostgreSQL database for each worker.

Append-only triggers forbid DELETE, so nothing is ever emptied: `session` rolls an outer transaction back, and
a test that goes through the application gets a fresh copy of the template.
"""

import contextlib
import importlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import argon2
import argon2.profiles
import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from portal.core.config import Settings
from portal.core.db import database, make_engine
from tests.machine import locked, once, shared_folder
from tests.postgres import start_postgresql

ENGINES = ("sqlite", "postgresql")
KNOWS_STRATEGIES = 150_000
"""The version of PostgreSQL that may copy a database file by file: half the work of copying it by its log."""
shipped: dict[str, argon2.Parameters] = {}
"""How the portal hashes passwords where nobody makes it cheaper."""
both_engines = pytest.mark.parametrize("app", ENGINES, indirect=True)
"""Decorate a test through the application (`app`, `client`, `page`) to run it on PostgreSQL too."""


class Databases:
    """Fresh databases for one worker."""

    def __init__(self, worker: str) -> None:
        self.worker = worker

    def fresh(self, engine_name: str, purpose: str) -> str:
        """The address of a database just as the migrations leave it, in place of its predecessor."""
        name = f"{self.worker}_{purpose}"
        return self._fresh_sqlite(name) if engine_name == "sqlite" else self._fresh_postgresql(name)

    def _fresh_sqlite(self, name: str) -> str:
        path = shared_folder() / f"{name}.db"
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(once("sqlite", _sqlite_template)["path"], path)
        return f"sqlite:///{path}"

    def _fresh_postgresql(self, name: str) -> str:
        server = once("postgresql", start_postgresql)
        template = once("template", lambda _: _postgresql_template(server["url"]))["name"]
        with locked("clone"), psycopg.connect(_plain(server["url"]), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            copied = "STRATEGY FILE_COPY" if connection.info.server_version >= KNOWS_STRATEGIES else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copied}')
        return _named(server["url"], name)


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _create_app(settings: Settings) -> Flask:
    """Imported at need: tests of pure rules run even while the application cannot be put together."""
    app: Flask = importlib.import_module("portal.app").create_app(settings)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared_folder()))  # each template is compiled once a run
    _hash_cheaply()
    return app


def _hash_cheaply() -> None:
    """Passwords of tests: the hash that nobody could break in a lifetime costs a tenth of a second each time."""
    signing_in: Any = importlib.import_module("portal.access.operations.signing_in")
    if not shipped:
        shipped["argon2"] = signing_in.HASHER._parameters
        signing_in.HASHER._parameters = argon2.profiles.CHEAPEST
        signing_in.NOBODY = signing_in.HASHER.hash("nobody at all")


def _migrate(url: str, var: Path) -> None:
    app = _create_app(Settings.for_tests(database_url=url, var=var))
    with app.app_context():
        upgrade()
    dispose(app)


def _sqlite_template(folder: Path) -> dict[str, str]:
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}", folder)
    engine = make_engine(f"sqlite:///{path}")
    with contextlib.closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return {"path": str(path)}


def _postgresql_template(server: str) -> dict[str, str]:
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS template_vivaio WITH (FORCE)")
        connection.execute("CREATE DATABASE template_vivaio")
    _migrate(_named(server, "template_vivaio"), shared_folder() / "template")
    return {"name": "template_vivaio"}


class Portals:
    """The application on each engine, made once a worker; every test finds it as the migrations leave it."""

    def __init__(self, databases: Databases, var: Path) -> None:
        self._databases = databases
        self._var = var
        self._made: dict[tuple[str, str], tuple[dict[str, Any], Flask]] = {}

    def fresh(self, engine_name: str, purpose: str = "portal", **settings: Any) -> Flask:
        """The application over a fresh database and an empty folder of files."""
        var = self._var / purpose
        shutil.rmtree(var, ignore_errors=True)
        var.mkdir(parents=True)
        given, app = self._made.get((engine_name, purpose), (None, None))
        if app is not None:
            dispose(app)
        url = self._databases.fresh(engine_name, purpose)
        if app is None or given != settings:
            app = _create_app(replace(Settings.for_tests(database_url=url, var=var), **settings))
            self._made[engine_name, purpose] = settings, app
        return app

    def any(self) -> Flask:
        """The application as it stands, for its context alone: never one with settings of its own."""
        return next((app for settings, app in self._made.values() if not settings), None) or self.fresh("sqlite")

    def close(self) -> None:
        """Give every connection back."""
        for _, app in self._made.values():
            dispose(app)


def hand_out(session: Session) -> None:
    """Make `db_session()` answer this session in the present application context."""
    registry: Any = database.session.registry
    registry.set(session)


def dispose(app: Flask) -> None:
    """Close the pooled connections of an application."""
    with app.app_context():
        for engine in database.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def databases(worker_id: str) -> Databases:
    """Where a test that builds its own application gets a fresh database: `.fresh(engine_name, purpose)`."""
    return Databases(worker_id)


@pytest.fixture(scope="session")
def portals(databases: Databases, worker_id: str) -> Iterator[Portals]:
    """The application, made once."""
    made = Portals(databases, shared_folder() / f"{worker_id}_var")
    yield made
    made.close()


@pytest.fixture(scope="session")
def engines(databases: Databases) -> Iterator[Callable[[str], Engine]]:
    """An engine over this worker's database for `session`, always left as the migrations made it."""
    made: dict[str, Engine] = {}

    def engine(name: str) -> Engine:
        if name not in made:
            made[name] = make_engine(databases.fresh(name, "session"))
        return made[name]

    yield engine
    for each in made.values():
        each.dispose()


@pytest.fixture(params=ENGINES)
def session(
    request: pytest.FixtureRequest, engines: Callable[[str], Engine], portals: Portals, clock: object
) -> Iterator[Session]:
    """A session on each engine, inside the application's context; everything is rolled back at the end.

    `db_session()` and `unit_of_work()` find this session too; their commits end a savepoint only.
    """
    with engines(request.param).connect() as connection, portals.any().app_context():
        outer = connection.begin()
        opened = Session(connection, join_transaction_mode="create_savepoint")
        hand_out(opened)
        yield opened
        opened.close()
        outer.rollback()


@pytest.fixture
def app(request: pytest.FixtureRequest, portals: Portals, clock: object) -> Flask:
    """The application over a fresh SQLite database; with `@both_engines`, over PostgreSQL as well."""
    return portals.fresh(getattr(request, "param", "sqlite"))


@pytest.fixture
def store(app: Flask) -> Callable[[], contextlib.AbstractContextManager[Session]]:
    """`with store() as session:` writes what the pages of the test will find, and commits at its end."""

    @contextlib.contextmanager
    def opened() -> Iterator[Session]:
        with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
            hand_out(session)
            yield session
            session.commit()

    return opened


@pytest.fixture
def statements(app: Flask) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """`with statements() as sent:` collects the SQL statements that the application sends in the block."""

    @contextlib.contextmanager
    def collected() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
                sent.append(statement)

        with app.app_context():
            engine = database.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collected
