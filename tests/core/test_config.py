"""Settings are read once; every fault is one line with its mend."""

from pathlib import Path

import pytest

from portal.core.config import DEVELOPMENT_KEY, ConfigurationRefused, read_settings

KEY = "k" * 40
GOOD = {
    "VIVAIO_ENV": "production",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://vivaio:p@db/vivaio",
    "VIVAIO_ORIGIN": "https://bandi.comune.example",
}
FAULTY = {
    "no secret": ({**GOOD, "SECRET_KEY": ""}, "SECRET_KEY"),
    "a short secret": ({**GOOD, "SECRET_KEY": "k" * 31}, "SECRET_KEY"),
    "the secret of development": ({**GOOD, "SECRET_KEY": DEVELOPMENT_KEY}, "SECRET_KEY"),
    "demonstration accounts": ({**GOOD, "VIVAIO_DEMO": "1"}, "VIVAIO_DEMO"),
    "SQLite under two processes": ({**GOOD, "DATABASE_URL": "", "WEB_PROCESSES": "2"}, "DATABASE_URL"),
    "SQLite under two workers": ({**GOOD, "DATABASE_URL": "sqlite:///a.db", "WORKERS": "2"}, "DATABASE_URL"),
    "no TLS": ({**GOOD, "VIVAIO_ORIGIN": "http://bandi.comune.example"}, "VIVAIO_ORIGIN"),
    "another engine": ({"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL"),
    "no address of a database": ({"DATABASE_URL": "vivaio"}, "DATABASE_URL"),
    "an origin with a path": ({"VIVAIO_ORIGIN": "http://localhost/vivaio"}, "VIVAIO_ORIGIN"),
    "an origin without a host": ({"VIVAIO_ORIGIN": "localhost:8000"}, "VIVAIO_ORIGIN"),
    "an origin that is no address": ({"VIVAIO_ORIGIN": "http://a:b:c"}, "VIVAIO_ORIGIN"),
    "half a store": ({"S3_BUCKET": "files"}, "S3_ENDPOINT"),
    "words for a number": ({"SMTP_PORT": "twenty"}, "SMTP_PORT"),
    "digits of another script": ({"WEB_PROCESSES": "²"}, "WEB_PROCESSES"),
    "no process at all": ({"WEB_PROCESSES": "0"}, "WEB_PROCESSES"),
    "a kind of start that is none": ({"VIVAIO_ENV": "prod"}, "VIVAIO_ENV"),
    "neither yes nor no": ({"VIVAIO_DEMO": "yes"}, "VIVAIO_DEMO"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_start_is_refused_with(fault):
    environ, name = FAULTY[fault]
    with pytest.raises(ConfigurationRefused) as refused:
        read_settings(environ)
    assert [line.partition(":")[0] for line in refused.value.faults] == [name]
    assert "\n" not in refused.value.faults[0]


def test_every_fault_is_told_at_once():
    with pytest.raises(ConfigurationRefused) as refused:
        read_settings({"VIVAIO_ENV": "production", "VIVAIO_DEMO": "1", "WEB_PROCESSES": "4"})
    assert len(refused.value.faults) == 4


def test_a_sound_production_starts():
    settings = read_settings(GOOD)
    assert settings.production
    assert settings.is_https
    assert not settings.demo
    assert settings.database_url == "postgresql+psycopg://vivaio:p@db/vivaio"


def test_nothing_given_is_a_demonstration_on_this_machine():
    settings = read_settings({"VIVAIO_VAR": "/tmp/v", "PORT": "8123"})
    assert settings.demo
    assert settings.origin == "http://localhost:8123"
    assert settings.database_url == "sqlite:////tmp/v/vivaio.db"
    assert settings.var == Path("/tmp/v")
