"""What a log line never shows (D10)."""

import json
import logging
import subprocess
import sys

import pytest
from django.conf import settings

from collective.settings.logs import HIDDEN, hide


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("key dck_live_abcdefgh_0123456789abcdefghijklm_1a2b3c4d used", f"key {HIDDEN} used"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {HIDDEN}"),
        ("https://s/x?part=1&X-Amz-Signature=0f0f&X-Amz-Date=2026", f"https://s/x?part=1&{HIDDEN}&{HIDDEN}"),
        ("/objects/ab?expires=5&signature=abc", f"/objects/ab?{HIDDEN}&{HIDDEN}"),
        ("s3://key:secret@host/bucket", f"s3://{HIDDEN}@host/bucket"),
        ("sk_live_abc and whsec_abc", f"{HIDDEN} and {HIDDEN}"),
        ("contribution 01a2 has 3 files", "contribution 01a2 has 3 files"),
    ],
)
def test_secrets_in_text_are_hidden(said: str, shown: str) -> None:
    assert hide(said) == shown


def test_secrets_are_hidden_by_name_and_at_any_depth() -> None:
    said = {"password": "a", "nested": [{"api_key": "b", "name": "c"}], "count": 3}
    assert hide(said) == {"password": HIDDEN, "nested": [{"api_key": HIDDEN, "name": "c"}], "count": 3}


def test_production_lines_are_json_and_so_are_those_of_libraries() -> None:
    code = (
        "import logging, structlog; from collective.settings.logs import configure_logging;"
        "configure_logging('INFO', as_json=True);"
        "structlog.get_logger('collective.x').info('job.done', job='1', token='t');"
        "logging.getLogger('library').warning('GET %s', '/a?signature=abc');"
        "logging.getLogger('library').info('too quiet')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    ours, theirs = (json.loads(line) for line in done.stderr.splitlines())
    assert (ours["event"], ours["job"], ours["token"], ours["level"]) == ("job.done", "1", HIDDEN, "info")
    assert (theirs["event"], theirs["level"]) == (f"GET /a?{HIDDEN}", "warning")


def test_the_test_runner_is_not_louder_than_production() -> None:
    assert logging.getLogger().getEffectiveLevel() == logging.WARNING
