"""`portal call …`: exit codes, one line for each fault, and the file given back."""

import pytest
from click.testing import CliRunner

from portal.calls.callfile import read_call_file
from portal.cli.calls import call
from tests.factories.base import CALLS
from tests.factories.calls import shipped_design

BARI = str(CALLS / "bari-urbis.yaml")


@pytest.fixture
def portal(app, monkeypatch):
    """`portal("import", path)` runs a command over the database of the test."""
    monkeypatch.setattr("portal.cli.context.the_app", lambda: app)
    return lambda *words: CliRunner().invoke(call, words)


def test_a_call_is_imported_compared_and_exported(portal, tmp_path):
    assert portal("validate", BARI).exit_code == 0
    assert "draft, revision 1" in portal("import", BARI).output
    assert "draft, revision 1" in portal("import", BARI).output
    exported = portal("export", "bari-urbis")
    assert read_call_file(exported.output) == shipped_design()
    assert portal("diff", BARI).exit_code == 0
    other = tmp_path / "other.yaml"
    other.write_text(exported.output + "payment_days: 60\n", encoding="utf-8")
    for words in ((str(other),), (BARI, str(other)), ("bari-urbis", str(other))):
        compared = portal("diff", *words)
        assert compared.exit_code == 1
        assert compared.output == 'payment_days: "80" -> "60"\n'
    assert portal("diff", BARI, "bari-urbis").exit_code == 0
    assert "draft, revision 2" in portal("import", str(other)).output


def test_every_fault_is_a_line_with_the_file_and_the_place(portal, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    text = (CALLS / "bari-urbis.yaml").read_text(encoding="utf-8")
    wrong.write_text(
        text.replace("areas_required: true", "areas_required: true\ndecimals: 5\npayment_days: 0"), encoding="utf-8"
    )
    refused = portal("import", str(wrong))
    assert refused.exit_code == 1
    lines = refused.output.splitlines()
    assert [line.split(", ")[1].split(":")[0] for line in lines] == ["decimals", "payment_days"]
    assert all(f"{wrong}: line " in line for line in lines)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("export", "nope"), 1),
        (("import", "/nowhere.yaml"), 2),
        (("validate",), 2),
        (("diff", BARI), 1),
        (("diff", "a", "b"), 1),
    ],
)
def test_a_refusal_says_why(portal, words, code):
    refused = portal(*words)
    assert refused.exit_code == code
    assert refused.output.strip()


def test_a_file_that_is_no_text_is_refused(portal, tmp_path):
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\xff\xd8\xff")
    refused = portal("validate", str(path))
    assert (refused.exit_code, "UTF-8" in refused.output) == (1, True)


def test_a_file_of_5_mb_is_refused_before_it_is_read(portal, tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"x" * 5_000_000)
    refused = portal("validate", str(path))
    assert (refused.exit_code, "larger than" in refused.output) == (1, True)


def test_what_this_version_cannot_keep_is_said_when_a_file_is_validated(portal, tmp_path):
    path = tmp_path / "aid.yaml"
    path.write_text((CALLS / "napoli-iq.yaml").read_text(encoding="utf-8") + "aid_regime: exempted\n", encoding="utf-8")
    said = portal("validate", str(path))
    assert said.exit_code == 0
    assert "This version cannot yet" in said.output
