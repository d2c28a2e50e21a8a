"""The demonstration, built once a run and copied for whoever looks at it: building it takes ten seconds and more."""

import contextlib
import shutil
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from portal.core.db import database
from portal.demo.load import load_demonstration
from tests.conftest import NOW
from tests.engines import Portals, dispose, hand_out
from tests.machine import once

PASSWORD = "una-citta-intera-di-prova"


def in_the_demonstration(portals: Portals, app: Flask) -> Flask:
    """An application on SQLite, with the demonstration of NOW in its database and its folder of files."""
    built = Path(once("demonstration", lambda folder: _build(portals, folder))["folder"])
    dispose(app)
    shutil.copyfile(built / "city.db", _file_of(app))
    shutil.copytree(built / "var", app.extensions["settings"].var, dirs_exist_ok=True)
    return app


def _build(portals: Portals, folder: Path) -> dict[str, Any]:
    app = portals.fresh("sqlite", "demonstration")
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        hand_out(session)
        load_demonstration(session, password=PASSWORD, now=NOW)
        session.commit()
    with app.app_context(), contextlib.closing(database.engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    dispose(app)
    shutil.copyfile(_file_of(app), folder / "city.db")
    shutil.copytree(app.extensions["settings"].var, folder / "var")
    return {"folder": str(folder)}


def _file_of(app: Flask) -> Path:
    return Path(str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
