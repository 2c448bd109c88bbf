"""The same clients when the bytes lie in an S3 store: the API is `localhost`, the store another host name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.contract.hub.clients import Client
from tests.contract.hub.published import Market, greeting, key_for, licensed_buyer, open_market
from tests.services.s3 import S3Server
from tests.services.stores import MOTO, RCLONE

pytestmark = pytest.mark.slow


@pytest.fixture(params=[MOTO, RCLONE])
def market(request: pytest.FixtureRequest, transactional_db: None, settings: Settings, tmp_path: Path) -> Market:
    server: S3Server = request.getfixturevalue({"rclone": "s3_server", "moto": "moto_server"}[request.param])
    settings.STORAGE_URL = server.storage_url
    built = tmp_path / "built"
    built.mkdir()
    return open_market(built)


@pytest.fixture
def licensed(client_for: Callable[[str], Client], market: Market) -> Client:
    return client_for(key_for(licensed_buyer(market)))


def test_loading_and_downloading_through_signed_addresses(licensed: Client, market: Market) -> None:
    said = licensed.python("""
        import hashlib, pathlib
        from datasets import load_dataset
        from huggingface_hub import snapshot_download
        root = pathlib.Path(snapshot_download("acme/greetings", repo_type="dataset"))
        files = [path for path in root.rglob("*") if path.is_file()]
        tell({
            "texts": load_dataset("acme/greetings", split="train")["text"][:],
            "hashes": {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        })
    """)
    assert said == {
        "texts": [greeting("1.0.0", index) for index in range(40)],
        "hashes": dict(market.version.files.values_list("path", "sha256")),
    }


def test_head_redirects_to_a_signed_get_and_tells_hash_and_size(licensed: Client, market: Market) -> None:
    file = market.version.files.filter(kind="data").order_by("path")[0]
    said = licensed.python(f"""
        import httpx, os
        base, key = os.environ["HF_ENDPOINT"], os.environ["HF_TOKEN"]
        url = base + "/datasets/acme/greetings/resolve/main/{file.path}"
        sent = {{"Authorization": "Bearer " + key}}
        head, get = (httpx.request(method, url, headers=sent) for method in ("HEAD", "GET"))
        stored = httpx.get(head.headers["location"])
        refused = httpx.head(url)
        tell([head.status_code, get.status_code, dict(head.headers), len(stored.content), refused.status_code,
              "location" in refused.headers, httpx.URL(head.headers["location"]).host, httpx.URL(base).host])
    """)
    head, get, headers, size, refused, leaked, store, site = said
    assert (head, get, size, refused, leaked) == (302, 302, file.size, 401, False)
    assert headers["x-linked-etag"] == f'"{file.sha256}"'
    assert headers["x-linked-size"] == str(file.size)
    assert headers["x-repo-commit"] == market.version.commit_id
    assert store != site
