"""Routes about withdrawals: licensees read and answer, contributors and stewards follow. Nobody else knows of them."""

from typing import Any

from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Withdrawal
from collective.catalog.services import withdraw_records
from licensing.domain.deletion import STATEMENT_SHA256
from licensing.models import WithdrawalNotice
from licensing.services import tell_licensees
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def withdrawal(world: World) -> Withdrawal:
    """Made in the cell's own transaction."""
    place = RecordPlace("0" * 32, "0" * 64, "0" * 64, 0)
    contribution = world.contribution
    made = withdraw_records(actor=contribution.contributor, contribution_id=contribution.pk, places=[place])
    assert made is not None
    tell_licensees(withdrawal_id=made.pk)
    return made


def number(world: World) -> dict[str, Any]:
    return {"number": withdrawal(world).number}


def notice(world: World) -> dict[str, Any]:
    return {"notice_id": WithdrawalNotice.objects.get(withdrawal=withdrawal(world)).pk}


def attestation(_world: World) -> dict[str, Any]:
    return {"signer_name": "Bela Kovacs", "statement_sha256": STATEMENT_SHA256}


LICENSEE = only("buyer", 200, others=404, anonymous=401)
PAGE = only("buyer", 200, others=404, anonymous=302)

ROWS = [
    Row("licensing-api:withdrawals", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:withdrawal-records", "GET", path=number, **LICENSEE),
    # Whoever sees the dataset may ask; without a license the list is empty.
    Row("licensing-api:tombstones", "GET", path="dataset_path", **everybody(200, anonymous=401)),
    Row(
        "licensing-api:tombstones",
        "GET",
        path="draft_dataset_path",
        **only("steward", 200, others=404, anonymous=401),
    ),
    Row("licensing-api:notices", "GET", **everybody(200, anonymous=401)),
    Row("licensing-api:notice", "GET", path=notice, **LICENSEE),
    Row("licensing-api:notice-acknowledge", "POST", path=notice, **LICENSEE),
    Row("licensing-api:notice-attest", "POST", path=notice, body=attestation, **LICENSEE),
    Row(
        "licensing-api:contribution-answers",
        "GET",
        path="contribution_path",
        **only("contributor", 200, others=404, steward=200, anonymous=401),
    ),
    Row(
        "licensing-api:dataset-answers",
        "GET",
        path="dataset_path",
        **only("steward", 200, others=403, anonymous=401),
    ),
    Row(
        "licensing-api:dataset-answers",
        "GET",
        path="draft_dataset_path",
        **only("steward", 200, others=404, anonymous=401),
    ),
    Row("licensing:notices", "GET", **everybody(200, anonymous=302)),
    Row("licensing:notice", "GET", path=notice, **PAGE),
    Row(
        "licensing:notice",
        "POST",
        path=notice,
        body=attestation,
        **only("buyer", 302, others=404, anonymous=302),
    ),
    Row("licensing:notice-acknowledge", "POST", path=notice, **only("buyer", 302, others=404, anonymous=302)),
    Row("licensing:notice-csv", "GET", path=notice, **PAGE),
    Row("licensing:notice-json", "GET", path=notice, **PAGE),
]
