"""A config is called after a value of a column, which is written in any script."""

from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.test import RequestFactory

from collective.interop.hub.views import files
from collective.interop.web.panels import clients_panel
from tests.contract.hub.published import Market, publish
from tests.integration.hub.conftest import Caller
from tests.integration.hub.test_resolve import body

pytestmark = pytest.mark.once
API, CONFIG = "/api/datasets/acme/greetings", "日本語"
PATH = f"{CONFIG}/train-00000-of-00002.parquet"


def test_names_in_any_script_are_listed_and_read(
    market: Market, buyer: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PAGE", 1)
    newer = publish(market.dataset, market.steward, market.contribution, tmp_path, shards=2, config=CONFIG)
    page = buyer.get(f"{API}/tree/main/{quote(CONFIG)}")
    assert [each["path"] for each in page.json()] == [PATH]
    following = urlsplit(page.headers["Link"].partition(">")[0].removeprefix("<"))
    rest = buyer.get(f"{following.path}?{following.query}").json()
    assert [each["path"] for each in rest] == [PATH.replace("00000", "00001")]
    found = buyer.post(f"{API}/paths-info/main", f"paths={quote(PATH)}", "application/x-www-form-urlencoded").json()
    assert [each["path"] for each in found] == [PATH]
    shard = f"/datasets/acme/greetings/resolve/main/{quote(PATH)}"
    head = buyer.head(shard)
    assert (head.status_code, head["X-Linked-Size"]) == (200, str(found[0]["size"]))
    assert body(buyer.get(shard, Range="bytes=0-3")) == b"PAR1"
    panel = clients_panel(RequestFactory().get("/"), version=newer)
    assert f"/resolve/{newer.tag}/{quote(PATH)}" in panel
