"""The exported history verifies offline with a plain Python, and a tampered copy names the row."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.core.actor import SYSTEM
from portal.core.audit import AuditEvent, anchor_file, erase_values
from portal.core.audit.hashes import GENESIS
from portal.core.errors import NotFound
from portal.reporting.trail.aggregates import seen
from portal.reporting.trail.export import SCRIPT, trail_file
from portal.reporting.trail.operations import take_away
from tests.factories.base import as_actor, make_staff
from tests.factories.evaluation import assign, declare_free, make_evaluation
from tests.factories.payments import make_finance


class Taken:
    """An archive unpacked, its script, and what tampering with the trail changes."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.folder = folder
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        self.trail = json.loads((folder / "trail.json").read_text(encoding="utf-8"))
        self.grant = next(each for each in self.trail["chains"] if each["subject_type"] == "grant_award")
        self.name = f"grant_award {self.grant['subject_id']}"

    def verify(self, *more: str) -> tuple[int, str]:
        """Run the script as it was shipped, in a Python that sees nothing else."""
        (self.folder / "trail.json").write_text(json.dumps(self.trail, ensure_ascii=False), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "verify_trail.py", "trail.json", *more], cwd=self.folder, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr).strip()

    def event(self, number: int) -> dict:
        """A row of the grant."""
        return self.grant["events"][number - 1]


@pytest.fixture
def finance(session, now):
    """A grant under way, with a released tranche, and a name erased in its trail."""
    made = make_finance(session, now=now)
    made.release(made.first)
    second = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == made.grant.id, AuditEvent.sequence == 2)
    ).one()
    erase_values(
        session, person_id=made.world.owner.id, event_ids=[second.id], actor=SYSTEM, now=now, reason="art. 17 GDPR"
    )
    return made


@pytest.fixture
def taken(finance, session, now, tmp_path) -> Taken:
    """Its archive."""
    officer = finance.actor(finance.world.officer)
    for _ in range(2):
        file = take_away(session, subject_type="grant_award", subject_id=finance.grant.id, actor=officer, now=now)
    return Taken(tmp_path, file.content)


def test_the_script_has_thirty_lines_at_most_and_needs_nothing():
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 30
    assert [line for line in lines if line.startswith(("import", "from"))] == ["import hashlib, json, pathlib, sys"]


def test_what_was_exported_verifies_and_a_tampered_copy_does_not(taken):
    """One test for all kinds: the archive takes longer to make than to spoil."""
    assert taken.verify() == (0, "the trail holds")
    kinds = {each["subject_type"] for each in taken.trail["chains"]}
    assert kinds >= {"grant_award", "tranche", "milestone", "ledger_entry"}
    whole, last = json.dumps(taken.trail), len(taken.grant["events"])
    for spoil, says in SPOILED:
        taken.trail = json.loads(whole)
        taken.grant = next(each for each in taken.trail["chains"] if each["subject_type"] == "grant_award")
        spoil(taken)
        assert taken.verify() == (1, f"{taken.name}: {says.format(before=last - 1, last=last)}"), says


def altered_value(taken):
    taken.event(3)["values"]["after"] = {"cup": "J26H18000050017"}


def altered_reason(taken):
    taken.event(3)["values"]["reason"] = "per ordine del sindaco"


def altered_name(taken):
    taken.event(3)["names"]["actor_name"] = "Un altro"


def altered_row(taken):
    taken.event(3)["row"]["actor_roles"] = "auditor"


def emptied_name(taken):
    taken.event(3)["names"]["actor_name"] = None


def filled_in_again(taken):
    taken.event(2)["values"]["after"] = {"status": "ready"}


def missing(taken):
    del taken.grant["events"][2]


def reordered(taken):
    rows = taken.grant["events"]
    rows[2], rows[3] = rows[3], rows[2]


def truncated(taken):
    del taken.grant["events"][-1]


def head_of_another(taken):
    taken.grant["hash"] = GENESIS


SPOILED = (
    (altered_value, "row 3 is altered (values)"),
    (altered_reason, "row 3 is altered (values)"),
    (altered_name, "row 3 is altered (names)"),
    (emptied_name, "row 3 is altered (names)"),
    (altered_row, "row 3 is altered (row)"),
    (filled_in_again, "row 2 is altered (values)"),
    (missing, "row 3 is missing or stands in another place"),
    (reordered, "row 3 is missing or stands in another place"),
    (truncated, "the trail ends too early, at row {before}"),
    (head_of_another, "the trail ends too early, at row {last}"),
)


def test_an_anchor_that_was_kept_shows_an_end_cut_together_with_its_head(taken, session, now):
    kept = anchor_file(session, day=now.date(), previous=GENESIS)
    (taken.folder / "kept.json").write_bytes(kept.content)
    told_after = taken.verify("kept.json")
    last = len(taken.grant["events"])
    too_early = f"{taken.name}: the trail ends too early, at row {last}"
    assert told_after == (1, too_early), "the export came before its own row"
    head = json.loads(kept.content)
    for each in head["heads"]:
        if each[1] == taken.grant["subject_id"]:
            each[2:] = [taken.grant["sequence"], taken.grant["hash"]]
    (taken.folder / "kept.json").write_text(json.dumps(head))
    assert taken.verify("kept.json") == (0, "the trail holds")
    del taken.grant["events"][-1]
    taken.grant["sequence"], taken.grant["hash"] = last - 1, taken.event(last - 1)["hash"]
    assert taken.verify() == (0, "the trail holds")
    assert taken.verify("kept.json") == (1, f"{taken.name}: the trail ends too early, at row {last - 1}")


def test_the_archive_explains_itself_in_both_languages(taken):
    words = (taken.folder / "LEGGIMI-README.txt").read_text(encoding="utf-8")
    for said in ("Per verificarla", "To verify it", "python3 -I verify_trail.py trail.json"):
        assert said in words


def test_only_the_office_and_the_auditor_take_a_history_away(finance, session, now):
    given = {"subject_type": "grant_award", "subject_id": finance.grant.id, "now": now}
    for person in (finance.world.owner, finance.checker, finance.world.coach):
        with pytest.raises(NotFound):
            take_away(session, actor=finance.actor(person), **given)
    stranger = make_staff(session, finance.world.authority, Role.EVALUATOR, now=now)
    with pytest.raises(NotFound):
        take_away(session, actor=finance.actor(stranger), **given)
    with pytest.raises(NotFound):
        take_away(
            session, subject_type="organisation", subject_id=finance.grant.organisation_id,
            actor=finance.actor(finance.world.officer), now=now,
        )  # fmt: skip


def test_what_evaluators_gave_leaves_the_house_only_once_all_have_scored(session, now):
    world = make_evaluation(session, now=now, applications=1)
    assignment = assign(session, world, now=now)[0]
    declare_free(session, assignment, now=now)
    auditor = make_staff(session, world.authority, Role.AUDITOR, now=now)
    for person, is_told in ((world.officer, False), (auditor, True)):
        actor = as_actor(session, person, now=now)
        found = seen(session, actor, "application", world.applications[0].id)
        content = trail_file(session, seen=found, now=now).content
        assert (b"assignment" in unzipped(content)) is is_told


def unzipped(content: bytes) -> bytes:
    """The trail in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("trail.json")
