"""`portal role`: an administrator comes in, and the last one goes, by command."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from portal.cli.main import portal
from portal.core.errors import Conflict
from tests.factories.base import make_authority

ADA = "ada@prova.example"
AT_BARI = ("--authority", "bari", "--reason", "Riassetto")

Run = Callable[..., tuple[str, BaseException | None]]


@pytest.fixture
def run(app, store, monkeypatch) -> Run:
    """A command of a portal with one authority: what it says, and what stopped it."""
    with store() as session:
        make_authority(session)
    monkeypatch.setattr("portal.cli.context.the_app", lambda: app)

    def invoked(*arguments: str) -> tuple[str, BaseException | None]:
        done = CliRunner().invoke(portal, arguments, standalone_mode=False)
        return done.output, done.exception

    return invoked


def test_an_administrator_comes_and_goes_by_command(run: Run):
    create = ("user", "create", ADA, "--name", "Ada", "--password", "una-frase-lunga-e-rara")
    assert run(*create, "--role", "administrator", "--authority", "bari") == (f"created {ADA}\n", None)
    assert isinstance(run("role", "grant", ADA, "--role", "finance_maker", *AT_BARI)[1], Conflict)
    listed, _ = run("role", "list", "--authority", "bari")
    assert [line.split()[:2] for line in listed.splitlines()] == [[ADA, "administrator"]]
    gone, _ = run("role", "end", ADA, "--role", "administrator", *AT_BARI)
    assert gone == f"{ADA} is no longer administrator at bari\n"
    assert run("role", "list", "--authority", "bari") == ("", None)


@pytest.mark.parametrize(
    ("email", "authority", "mend"),
    [("nessuno@prova.example", "bari", "no account has the address"), (ADA, "nessuna", "no authority has the code")],
)
def test_what_is_not_there_is_told_with_its_mend(run: Run, email, authority, mend):
    run("user", "create", ADA, "--name", "Ada", "--password", "una-frase-lunga-e-rara")
    _, stopped = run("role", "grant", email, "--role", "officer", "--authority", authority, "--reason", "Prova")
    assert mend in str(getattr(stopped, "message", stopped))
