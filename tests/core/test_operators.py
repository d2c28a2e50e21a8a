"""What whoever runs the portal asks it: is it alive, is it ready, how much does it do; and what its logs never tell."""

import json

import pytest
import structlog
from sqlalchemy import text

from portal.core.logs import told
from tests.core.conftest import CANARY, Probe
from tests.engines import both_engines

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
FAR = {"REMOTE_ADDR": "192.0.2.7"}


@both_engines
def test_a_portal_at_its_last_migration_is_ready(client):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "faults": {}})


@both_engines
def test_a_database_behind_its_migrations_is_not_ready(client, store):
    with store() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json["faults"]) == ["migrations"]
    assert client.get("/healthz").status_code == 200


def test_figures_are_for_this_machine(client):
    answer = client.get("/metrics", environ_base=LOCAL)
    assert answer.status_code == 200
    assert "vivaio_requests_total" in answer.get_data(as_text=True)
    assert client.get("/metrics", environ_base=FAR).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_nobody_pretends_to_be_this_machine_through_a_proxy(client, production, header):
    assert client.get("/metrics", environ_base=LOCAL, headers={header: "127.0.0.1"}).status_code == 404
    behind = production("behind", proxy_hops=1).app.test_client()
    forged = {"X-Forwarded-For": "127.0.0.1"}
    assert behind.get("/metrics", environ_base=FAR, headers=forged).status_code == 404


def test_a_token_opens_the_figures_from_anywhere(production):
    client = production("token", metrics_token="segreto").app.test_client()
    for bearer, status in (("Bearer segreto", 200), ("Bearer no", 404), ("", 404), ("Bearer è", 404)):
        for base in (LOCAL, FAR):
            assert client.get("/metrics", environ_base=base, headers={"Authorization": bearer}).status_code == status


def test_a_request_keeps_its_sound_id_and_loses_another(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abcdef-0123"}).headers["X-Request-ID"] == "abcdef-0123"
    for forged in ("short", "a" * 33, "abcdefgh\tx", "<script>alert(1)"):
        given = client.get("/healthz", headers={"X-Request-ID": forged}).headers["X-Request-ID"]
        assert given != forged
        assert len(given) == 16


def test_logs_tell_the_request_and_never_what_people_wrote(production, capsys):
    probe: Probe = production()
    with structlog.testing.capture_logs() as lines:
        probe.post("/sign-in", email=CANARY, password=CANARY, next=f"/{CANARY}")
        sent = {"User-Agent": CANARY, "Referer": f"http://localhost/{CANARY}"}
        probe.visitor().get(f"/probe/break?a={CANARY}", headers=sent)
        probe.visitor().get(f"/{CANARY}")
        probe.post("/probe/act", what=CANARY)
    everything = json.dumps(lines, default=str) + "".join(capsys.readouterr())
    assert "canarino" not in everything
    requests = [line for line in lines if line["event"] == "request"]
    assert {"id", "method", "endpoint", "status", "ms"} <= requests[0].keys()
    broken = next(line for line in lines if line["event"] == "unexpected error")
    assert (broken["error"], broken["endpoint"]) == ("ValueError", "probe.broken")
    assert any("broken" in place for place in broken["places"])


def test_a_database_error_never_quotes_its_values(session):
    with pytest.raises(Exception) as caught:
        session.execute(text("SELECT * FROM nothing WHERE a = :a"), {"a": CANARY})
    assert CANARY not in str(caught.value)
    assert CANARY not in json.dumps(told(caught.value))
