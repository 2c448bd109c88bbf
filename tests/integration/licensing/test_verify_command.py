"""`manage.py verify_grant` on what a licensee downloaded, at first in a process with no database at hand."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from collective.accounts.models import User
from collective.catalog.models import Contribution, DatasetVersion
from collective.core.storage import published
from licensing import services
from licensing.models import LicenseGrant
from licensing.services import keys
from licensing.services.status import status_token

pytestmark = pytest.mark.once


@pytest.fixture
def bundle(grant: LicenseGrant, version: DatasetVersion, tmp_path: Path) -> Path:
    """What a licensee keeps: grant, keys, text, status list, and the downloaded folder."""
    saved = {"grant.jws": grant.jws, "jwks.json": json.dumps(keys.jwks()), "status.jwt": status_token(1)}
    for name, text in saved.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "license.txt").write_bytes(grant.license_version.text_bytes)
    for file in version.files.all():
        target = tmp_path / "data" / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with published().open(file.sha256) as source:
            target.write_bytes(source.read())
    return tmp_path


def arguments(bundle: Path, options: tuple[str, ...], files: dict[str, str]) -> list[str]:
    named = {"jwks": "jwks.json", "license": "license.txt", "dir": "data", "status": "status.jwt", **files}
    return [str(bundle / "grant.jws"), *(f"--{name}={bundle / path}" for name, path in named.items()), *options]


def verified_offline(bundle: Path) -> tuple[int, str]:
    """Exit status and outcome. The database's address leads nowhere, and the data folder is an empty one."""
    environment = {
        **os.environ,
        "DATA": str(bundle / "elsewhere"),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "collective.settings.base",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_grant", *arguments(bundle, (), {})],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout or done.stderr).partition(":")[0]


def verified(bundle: Path, *options: str, **files: str) -> tuple[int, str]:
    """Exit status and outcome, in this process."""
    said, status = StringIO(), 0
    try:
        call_command("verify_grant", *arguments(bundle, options, files), stdout=said)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, said.getvalue().partition(":")[0]


def test_a_bundle_is_verified_offline_and_each_harm_is_named(bundle: Path) -> None:
    assert verified_offline(bundle) == verified(bundle) == (0, "ok")
    assert verified(bundle, "--at", "2001-01-01") == (1, "not_yet")
    assert verified(bundle, "--issuer", "https://other.example") == (1, "issuer_or_audience")
    assert verified(bundle, license="jwks.json") == (1, "license_text_mismatch")
    with (bundle / "data/data/train-00000.parquet").open("ab") as shard:
        shard.write(b".")
    assert verified_offline(bundle) == verified(bundle) == (1, "file_mismatch")
    with pytest.raises(CommandError, match="cannot be read") as refused:
        verified(bundle, jwks="nothing.json")
    assert refused.value.returncode == 2


def test_after_a_withdrawal_the_old_grant_still_verifies_what_was_licensed(
    bundle: Path, contribution: Contribution, contributor: User
) -> None:
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    assert verified(bundle) == (0, "ok")


def test_a_revoked_grant_is_named_by_a_fresh_list(bundle: Path, grant: LicenseGrant) -> None:
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="breach")
    (bundle / "status.jwt").write_text(status_token(1))
    assert verified(bundle) == (1, "revoked")
