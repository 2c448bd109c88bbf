"""What people read when they may not: our sentence and the link, through clients that know nothing of us."""

from collections.abc import Callable

import pytest

from licensing.services import withdraw_contribution
from tests.contract.hub.clients import Client
from tests.contract.hub.published import Market

ClientFor = Callable[[str], Client]
pytestmark = [pytest.mark.once, pytest.mark.slow]

LOAD = 'from datasets import load_dataset; load_dataset("acme/greetings")'
STREAM = 'from datasets import load_dataset; list(load_dataset("acme/greetings", split="train", streaming=True))'
SNAPSHOT = 'from huggingface_hub import snapshot_download; snapshot_download("acme/greetings", repo_type="dataset")'


def test_without_a_license_the_error_says_where_to_get_one(
    client_for: ClientFor, live_site: str, stranger_key: str
) -> None:
    error = client_for(stranger_key).failing_python(LOAD)
    assert "GatedRepoError: 403" in error
    assert f"{live_site}/datasets/acme/greetings/" in error
    assert "license" in error.lower()
    assert "huggingface.co" not in error.replace("huggingface_hub", "")


def test_without_a_key_the_error_says_how_to_send_one(client_for: ClientFor, live_site: str) -> None:
    error = client_for("").failing_python(LOAD)
    assert "GatedRepoError: 401" in error
    assert "HF_TOKEN" in error
    assert f"{live_site}/datasets/acme/greetings/" in error


def test_a_bad_key_is_called_bad(client_for: ClientFor) -> None:
    error = client_for("dck_live_wrong").failing_python(LOAD)
    assert "Invalid credentials in Authorization header" in error
    said = client_for("dck_live_wrong").failing_python("from huggingface_hub import whoami; whoami()")
    assert "Invalid" in said


def test_an_unknown_dataset(client_for: ClientFor, buyer_key: str) -> None:
    for name in ("acme/nothing", "nothing"):
        error = client_for(buyer_key).failing_python(f'from datasets import load_dataset; load_dataset("{name}")')
        assert f"DatasetNotFoundError: Dataset '{name}' doesn't exist" in error


def test_an_unknown_revision(client_for: ClientFor, buyer_key: str) -> None:
    script = 'from datasets import load_dataset; load_dataset("acme/greetings", revision="v9.0.0")'
    assert "Revision 'v9.0.0' doesn't exist" in client_for(buyer_key).failing_python(script)


def test_withdrawn_data_ends_with_the_reason(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)
    for script in (LOAD, STREAM, SNAPSHOT):
        error = client_for(buyer_key).failing_python(script)
        assert "Version 1.0.0 holds data that was withdrawn" in error
