"""How many requests a call costs: printed, to be read beside the reference, and not asserted."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.core.signals import request_started

from tests.contract.hub.clients import Client

ClientFor = Callable[[str], Client]
pytestmark = [pytest.mark.once, pytest.mark.slow]
CALLS = {
    "load_dataset": 'from datasets import load_dataset; tell(load_dataset("acme/greetings")["train"].num_rows)',
    "streaming": """
        from datasets import load_dataset
        tell(len(list(load_dataset("acme/greetings", split="train", streaming=True))))
    """,
    "snapshot_download": """
        from huggingface_hub import snapshot_download
        tell(snapshot_download("acme/greetings", repo_type="dataset"))
    """,
    "hf_hub_download": """
        from huggingface_hub import hf_hub_download
        tell(hf_hub_download("acme/greetings", "README.md", repo_type="dataset"))
    """,
    "read_parquet": """
        import pandas
        tell(len(pandas.read_parquet("hf://datasets/acme/greetings/en/train-00000-of-00004.parquet")))
    """,
}


@pytest.fixture
def requests_seen() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(environ: dict[str, str], **_: object) -> None:
        seen.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")

    request_started.connect(note)
    yield seen
    request_started.disconnect(note)


@pytest.mark.parametrize("name", CALLS)
def test_requests_per_call(
    client_for: ClientFor, buyer_key: str, requests_seen: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_for(buyer_key)
    client.python(CALLS[name])
    cold = len(requests_seen)
    client.python(CALLS[name])
    with capsys.disabled():
        print(f"\n{name}: cold {cold}, warm {len(requests_seen) - cold}", Counter(requests_seen[:cold]).most_common(3))
    assert cold > 0
