"""`portal privacy register`: the register of processing as a file, in either language."""

import csv
import io

from click.testing import CliRunner

from portal.cli import privacy
from portal.core.privacy import PURPOSES


def written(monkeypatch, app, *arguments: str) -> str:
    """What the command writes, over the application of the test."""
    monkeypatch.setattr("portal.cli.context.the_app", lambda: app)
    done = CliRunner().invoke(privacy.privacy, ["register", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout_bytes.decode("utf-8-sig")


def test_the_register_is_written_as_a_document(app, monkeypatch):
    told = written(monkeypatch, app, "--language", "en")
    assert told.startswith("# Register of processing (GDPR art. 30)")
    assert told.count("\n## ") == len(PURPOSES)
    assert "person.email" in told
    assert written(monkeypatch, app).startswith("# Registro dei trattamenti (GDPR art. 30)")


def test_the_register_is_written_as_a_table(app, monkeypatch):
    rows = list(csv.reader(io.StringIO(written(monkeypatch, app, "--format", "csv")), delimiter=";"))
    assert len(rows) == len(PURPOSES) + 1
    assert {len(row) for row in rows} == {15}
