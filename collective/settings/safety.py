"""What production does not start on. Each refusal names the variable and what to set it to."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from environs import Env

from collective.settings.refusal import StartRefusedError

SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 10
STRIPE_SECRETS = ("STRIPE_SECRET_KEY", "STRIPE_SNAPSHOT_SECRET", "STRIPE_THIN_SECRET")
PLACEHOLDERS = ("change-me", "changeme", "insecure", "example")


def refuse_unsafe(env: Env) -> None:
    """Raises StartRefusedError with every reason, one sentence each."""
    if reasons := list(unsafe(env)):
        raise StartRefusedError("\n".join(reasons))


def unsafe(env: Env) -> Iterator[str]:
    if env.bool("DEBUG", False):
        yield "DEBUG is on, which shows the inside of every error to everybody: remove it."
    yield from _secret(env.str("SECRET_KEY", ""))
    site = urlsplit(env.str("SITE_URL", ""))
    if site.scheme != "https" or not site.hostname:
        yield "SITE_URL must be the https address that people type, for example https://data.example.org."
    if "*" in env.list("ALLOWED_HOSTS", []):
        yield "ALLOWED_HOSTS allows every name: list the names that this site answers to, or leave it out."
    data = urlsplit(env.str("DATA_ORIGIN", ""))
    if data.geturl() and (data.scheme != "https" or not data.hostname or data.hostname == site.hostname):
        yield "DATA_ORIGIN must be an https address with a host name other than that of SITE_URL, or be left out."
    yield from _parts(env)
    yield from _money(env)


def _secret(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS:
        yield f"SECRET_KEY must be at least {SHORTEST_SECRET} random characters."
    elif any(word in secret.lower() for word in PLACEHOLDERS):
        yield "SECRET_KEY is still the placeholder: set it to random characters."


def _parts(env: Env) -> Iterator[str]:
    database = env.str("DATABASE_URL", "")
    if not database.startswith(("postgres://", "postgresql://")) and not env.bool("ALLOW_SQLITE", False):
        yield "DATABASE_URL must name a PostgreSQL database; ALLOW_SQLITE=1 accepts SQLite on a single machine."
    if not env.str("REDIS_URL", ""):
        yield "REDIS_URL must name the broker, for example redis://redis:6379/0."
    if not env.str("STORAGE_URL", "") and not env.bool("ALLOW_LOCAL_STORAGE", False):
        yield "STORAGE_URL must name an S3 bucket; ALLOW_LOCAL_STORAGE=1 accepts the local folder on a single machine."
    if not env.str("EMAIL_URL", ""):
        yield "EMAIL_URL must name the mail server, for example smtp+tls://user:password@mail.example.org:587."


def _money(env: Env) -> Iterator[str]:
    if env.str("PAYMENT_RAIL", "embedded") == "embedded" and not env.bool("ALLOW_SIMULATED_PAYMENTS", False):
        yield (
            "PAYMENT_RAIL is the simulated one, where nobody pays: choose a real rail, or set "
            "ALLOW_SIMULATED_PAYMENTS=1 for a demonstration."
        )
    if env.str("PAYMENT_RAIL", "embedded") == "stripe":
        for name in STRIPE_SECRETS:
            if not env.str(name, ""):
                yield f"PAYMENT_RAIL is stripe, which needs {name}."
        if env.str("STRIPE_API_BASE", ""):
            yield "STRIPE_API_BASE names a stand-in for Stripe: real payments leave it unset."
