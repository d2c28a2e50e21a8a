"""Settings: read once from the environment, refused at start with one line for each fault."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SENDER = "Vivaio <non-rispondere@vivaio.example>"
CLAMD = re.compile(r"unix:/\S+|tcp://(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
DEVELOPMENT_KEY = "development-only-secret-key-never-in-production"


class ConfigurationRefused(Exception):
    """The portal does not start; `faults` holds one line for each fault, with its mend."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides. See docs/operations.md for every variable."""

    production: bool = False
    secret_key: str = DEVELOPMENT_KEY
    database_url: str = "sqlite:///var/vivaio.db"
    var: Path = field(default_factory=lambda: Path("var"))
    origin: str = "http://localhost:8000"
    web_processes: int = 1
    workers: int = 1
    demo: bool = True
    testing: bool = False
    s3_endpoint: str = ""
    s3_bucket: str = ""
    s3_access_key: str = ""
    s3_secret_key: str = ""
    clamd: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    mail_from: str = SENDER
    metrics_token: str = ""
    proxy_hops: int = 0
    sign_ins_per_address: int = 20
    max_upload_bytes: int = 20 * 1024 * 1024

    @classmethod
    def for_tests(cls, *, database_url: str, var: Path) -> "Settings":
        """Settings of a test: given database and folder, everything else as in development."""
        return cls(database_url=database_url, var=var, testing=True, origin="http://localhost", sign_ins_per_address=0)

    @property
    def is_https(self) -> bool:
        """Whether visitors reach the portal over TLS."""
        return self.origin.startswith("https://")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings, or raise ConfigurationRefused with every fault at once."""
    faults: list[str] = []
    production = _one_of(environ, "VIVAIO_ENV", ("development", "production"), faults) == "production"
    demo = _one_of(environ, "VIVAIO_DEMO", ("0", "1") if production else ("1", "0"), faults) == "1"
    var = Path(environ.get("VIVAIO_VAR", "var")).absolute()
    settings = Settings(
        production=production,
        secret_key=environ.get("SECRET_KEY", "" if production else DEVELOPMENT_KEY),
        database_url=_database_url(environ.get("DATABASE_URL", ""), var),
        var=var,
        origin=environ.get("VIVAIO_ORIGIN", f"http://localhost:{environ.get('PORT', '8000')}").rstrip("/"),
        web_processes=_whole(environ, "WEB_PROCESSES", 1, faults, least=1),
        workers=_whole(environ, "WORKERS", 1, faults),
        demo=demo,
        s3_endpoint=environ.get("S3_ENDPOINT", ""),
        s3_bucket=environ.get("S3_BUCKET", ""),
        s3_access_key=environ.get("S3_ACCESS_KEY", ""),
        s3_secret_key=environ.get("S3_SECRET_KEY", ""),
        clamd=environ.get("CLAMD", ""),
        smtp_host=environ.get("SMTP_HOST", ""),
        smtp_port=_whole(environ, "SMTP_PORT", 25, faults),
        mail_from=environ.get("MAIL_FROM", SENDER),
        metrics_token=environ.get("METRICS_TOKEN", ""),
        proxy_hops=_whole(environ, "PROXY_HOPS", 0, faults),
    )
    faults += faults_of(settings)
    if faults:
        raise ConfigurationRefused(faults)
    return settings


def faults_of(settings: Settings) -> list[str]:
    """Every reason why the portal must not start with these settings."""
    faults = []
    if not _is_origin(settings.origin):
        faults.append("VIVAIO_ORIGIN: give scheme and host alone, for example https://bandi.comune.example")
    if _dialect(settings.database_url) not in ("sqlite", "postgresql"):
        faults.append("DATABASE_URL: write postgresql://user:password@host/name, or leave it empty for SQLite")
    s3 = (settings.s3_endpoint, settings.s3_bucket, settings.s3_access_key, settings.s3_secret_key)
    if any(s3) and not all(s3):
        faults.append("S3_ENDPOINT: set S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY too, or none of the four")
    if settings.clamd and not CLAMD.fullmatch(settings.clamd):
        faults.append("CLAMD: write unix:/run/clamav/clamd.ctl or tcp://host:3310, or leave it empty for no scanner")
    if settings.production:
        faults += _production_faults(settings)
    return faults


def _production_faults(settings: Settings) -> list[str]:
    faults = []
    if len(settings.secret_key) < 32 or settings.secret_key == DEVELOPMENT_KEY:
        command = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        faults.append(f"SECRET_KEY: set at least 32 random characters ({command})")
    if settings.demo:
        faults.append("VIVAIO_DEMO: demonstration accounts are refused in production; remove it or set it to 0")
    if settings.database_url.startswith("sqlite") and (settings.web_processes > 1 or settings.workers > 1):
        faults.append(
            "DATABASE_URL: SQLite serves one web process and one worker; use PostgreSQL, "
            "or WEB_PROCESSES=1 and WORKERS=1"
        )
    if not settings.is_https:
        faults.append("VIVAIO_ORIGIN: production needs https://")
    return faults


def _database_url(given: str, var: Path) -> str:
    if not given:
        return f"sqlite:///{var / 'vivaio.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given[len(prefix) :]
    return given


def _dialect(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except ArgumentError:
        return ""


def _is_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and not (parts.path or parts.query or parts.username)


def _whole(environ: Mapping[str, str], name: str, default: int, faults: list[str], *, least: int = 0) -> int:
    value = environ.get(name, str(default))
    if value.isascii() and value.isdigit() and least <= int(value) <= 65535:
        return int(value)
    faults.append(f"{name}: write a whole number from {least}, not {value!r}")
    return default


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[str, str], faults: list[str]) -> str:
    value = environ.get(name, choices[0])
    if value in choices:
        return value
    faults.append(f"{name}: write {' or '.join(sorted(choices))}, not {value!r}")
    return choices[0]
