"""Production refuses to start on anything unsafe, and says why in one sentence per reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from environs import Env

from collective.settings.safety import unsafe

SAFE = {
    "SECRET_KEY": "kf83-Zq1_mmx7Rw0pLs9-TtUvB4hJd6GyCn2EaQoIxWPzYb5",
    "SITE_URL": "https://data.example.org",
    "DATABASE_URL": "postgres://collective@127.0.0.1:1/collective",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STORAGE_URL": "s3://key:secret@127.0.0.1:1/bucket",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "ALLOW_SIMULATED_PAYMENTS": "1",
}
SAFE["SECRET_KEY"] += "kL"


def reasons(monkeypatch: pytest.MonkeyPatch, **changes: str) -> list[str]:
    for name in ("DEBUG", "ALLOWED_HOSTS", "ALLOW_SQLITE", "ALLOW_LOCAL_STORAGE", "PAYMENT_RAIL", *SAFE):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**SAFE, **changes}.items():
        monkeypatch.setenv(name, value)
    return list(unsafe(Env()))


def test_a_safe_environment_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reasons(monkeypatch) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "change-me-0123456789-0123456789-0123456789-abcdefgh"),
        ("SITE_URL", ""),
        ("SITE_URL", "http://data.example.org"),
        ("DATA_ORIGIN", "http://files.example.org"),
        ("DATA_ORIGIN", "https://data.example.org:8443"),
        ("DATA_ORIGIN", "files.example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("REDIS_URL", ""),
        ("STORAGE_URL", ""),
        ("EMAIL_URL", ""),
        ("ALLOW_SIMULATED_PAYMENTS", "0"),
    ],
)
def test_each_unsafe_value_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    (sentence,) = reasons(monkeypatch, **{name: value})
    assert name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_one_machine_may_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"DATABASE_URL": "", "STORAGE_URL": "", "ALLOW_SQLITE": "1", "ALLOW_LOCAL_STORAGE": "1"}
    assert reasons(monkeypatch, **one) == []


def production(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    code = (
        "from django.conf import settings as s; "
        "print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    )
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **SAFE,
        "DJANGO_SETTINGS_MODULE": "collective.settings.production",
        "DATA": str(tmp_path),
        "ENV_FILE": os.devnull,
        **changes,
    }
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_the_settings_themselves_refuse_without_a_traceback(tmp_path: Path) -> None:
    refused = production(tmp_path, SECRET_KEY="short", REDIS_URL="")
    assert refused.returncode == 1
    assert refused.stdout == ""
    lines = refused.stderr.strip().splitlines()
    assert [line.split()[0] for line in lines] == ["SECRET_KEY", "REDIS_URL"]


def test_the_settings_themselves_are_strict(tmp_path: Path) -> None:
    accepted = production(tmp_path)
    assert accepted.stdout.split() == ["False", "True", "True", "True", "31536000"]
    assert accepted.returncode == 0
