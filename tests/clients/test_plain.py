"""Tools that know nothing of this site: HTTP, a key, and addresses."""

import hashlib
import json
import subprocess

import pytest

from tests.clients.place import Place
from tests.clients.seed import ROWS, SECOND_VERSION_ROWS, sentence
from tests.contract.hub.clients import Client

# From the package index; DuckDB itself would fetch it from its own site.
HTTPFS = """
        import duckdb, duckdb_extensions
        duckdb_extensions.import_extension("httpfs")
        query = "select text from read_parquet(?)"
"""
TEXTS = sorted(str(sentence(number)["text"]) for number in range(ROWS + SECOND_VERSION_ROWS))
MANIFEST = """
        import httpx, os
        site, key, dataset = os.environ["SITE"], os.environ["KEY"], os.environ["DATASET"]
        sent = {"Authorization": f"Bearer {key}"}
        manifest = httpx.get(f"{site}/api/v1/datasets/{dataset}/manifest", headers=sent).raise_for_status().json()
        addresses = [each["url"] for each in manifest["files"]]
        resolved = [f"{site}/datasets/{dataset}/resolve/main/{each['path']}" for each in manifest["files"]]
"""


@pytest.fixture
def plain(place: Place) -> Client:
    return place.client("plain", place.key)


def test_duckdb_with_a_bearer_secret(place: Place, plain: Client) -> None:
    told = plain.python(f"""{MANIFEST}{HTTPFS}
        duckdb.sql(f"create secret (type http, bearer_token '{{key}}', scope '{{site}}')")
        tell(sorted(row[0] for row in duckdb.sql(query, params=[resolved]).fetchall()))
    """)
    assert told == TEXTS


def test_duckdb_over_signed_addresses(plain: Client) -> None:
    told = plain.python(f"""{MANIFEST}{HTTPFS}
        tell(sorted(row[0] for row in duckdb.sql(query, params=[addresses]).fetchall()))
    """)
    assert told == TEXTS


def test_polars_over_signed_addresses(plain: Client) -> None:
    told = plain.python(f"""{MANIFEST}
        import io, polars
        opened = (io.BytesIO(httpx.get(each).raise_for_status().content) for each in addresses)
        tell(sorted(polars.concat([polars.read_parquet(each) for each in opened])["text"].to_list()))
    """)
    assert told == TEXTS


def test_polars_scan_asks_with_head(place: Place, plain: Client) -> None:
    """Signed for GET alone by S3, whose answer to HEAD is 403; the local store's links are good for both."""
    scan = f"""{MANIFEST}
        import polars
        tell(sorted(polars.concat([polars.scan_parquet(each) for each in addresses]).collect()["text"].to_list()))
    """
    if place.mode == "local":
        assert plain.python(scan) == TEXTS
    else:
        assert "PermissionError" in plain.failing_python(scan)


def test_pandas_over_signed_addresses(plain: Client) -> None:
    told = plain.python(f"""{MANIFEST}
        import pandas
        tell(sorted(pandas.concat([pandas.read_parquet(each) for each in addresses])["text"]))
    """)
    assert told == TEXTS


def test_webdataset_opens_shards_with_basic(plain: Client) -> None:
    told = plain.python(f"""{MANIFEST}
        import io, pyarrow.parquet, webdataset
        basic = [each.replace("://", f"://token:{{key}}@", 1) for each in resolved]
        files = [webdataset.gopen(each).read() for each in basic]
        rows = [pyarrow.parquet.read_table(io.BytesIO(each))["text"].to_pylist() for each in files]
        tell(sorted(text for each in rows for text in each))
    """)
    assert told == TEXTS


def test_webdataset_reads_samples_from_the_archive(plain: Client) -> None:
    """Each recording with what is said of it, in one stream and by the reader that people have."""
    told = plain.python("""
        import httpx, io, os, time, wave, webdataset
        asked = f"{os.environ['SITE']}/mdc/api/datasets/{os.environ['AUDIO']}/download"
        sent = {"Authorization": f"Bearer {os.environ['KEY']}"}
        while (answer := httpx.post(asked, headers=sent)).status_code == 503:
            time.sleep(int(answer.headers["Retry-After"]))
        address = answer.raise_for_status().json()["downloadUrl"]
        clips = webdataset.WebDataset(address, shardshuffle=False).select(lambda sample: "wav" in sample)
        sounds = [(each["json"], wave.open(io.BytesIO(each["wav"])).getnframes()) for each in clips.decode()]
        tell(sorted([said["transcription"], said["split"], frames] for said, frames in sounds))
    """)
    assert told == sorted([f"tone {number}", "train", 800] for number in range(12))


def test_mlcroissant_on_a_snapshot(place: Place, plain: Client) -> None:
    hub = place.client("hub-2", place.key)
    folder = hub.python(f"""
        from huggingface_hub import snapshot_download
        tell(snapshot_download("{place.dataset}", repo_type="dataset"))
    """)
    told = plain.python(f"""
        import mlcroissant
        described = mlcroissant.Dataset(jsonld="{folder}/croissant.json")
        names = [each.name for each in described.metadata.record_sets]
        rows = [row for name in names for row in described.records(name)]
        texts = [value.decode() for row in rows for field, value in row.items() if field.endswith("/text")]
        tell([len(names), sorted(texts)])
    """)
    assert told == [4, TEXTS]  # a record set for each config and split


def test_curl_with_resume(place: Place, plain: Client) -> None:
    [_, first] = plain.python(f"""{MANIFEST}
        tell([len(addresses), [resolved[0], manifest["files"][0]["sha256"], manifest["files"][0]["size"]]])
    """)
    address, sha256, size = first
    relayed = address.replace(place.site, place.relayed_site, 1)
    place.relay.cut_next("/resolve/" if place.mode == "local" else "X-Amz-Signature", after=1000)
    target = plain.home / "shard.parquet"
    command = ["curl", "-sSfL", "-C", "-", "-u", f"token:{place.key}", "-o", str(target), relayed]
    cut = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert cut.returncode == 18, cut.stderr  # "transferred a partial file"
    assert 0 < target.stat().st_size < size
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(target.read_bytes()).hexdigest() == sha256


def test_curl_with_a_bearer_key_and_without_a_license(place: Place) -> None:
    address = f"{place.site}/api/v1/datasets/{place.dataset}/manifest"

    def ask(key: str) -> tuple[str, dict[str, object]]:
        command = ["curl", "-sS", "-w", "\n%{http_code}", "-H", f"Authorization: Bearer {key}", address]
        body, _, status = subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=True
        ).stdout.rpartition("\n")
        return status, json.loads(body)

    assert ask(place.key)[0] == "200"
    status, problem = ask(place.stranger_key)
    assert (status, problem["code"]) == ("403", "license_required")
