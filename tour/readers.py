"""What other people's clients read of a dataset: `python -m tour.readers NAME`, by an interpreter below .clients/.

SITE, KEY and DATASET say where, who and what, and FOLDER where it was downloaded. Prints one line of JSON: the ids of
the records, or the sha256 of each file.
"""

import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

SITE, KEY, DATASET, FOLDER = (os.environ[name] for name in ("SITE", "KEY", "DATASET", "FOLDER"))


@cache
def files() -> list[dict[str, Any]]:
    """The manifest's: path, sha256, and an address that needs no key."""
    import httpx

    sent = {"Authorization": f"Bearer {KEY}"}
    answer = httpx.get(f"{SITE}/api/v1/datasets/{DATASET}/manifest", headers=sent, timeout=60).raise_for_status()
    return list(answer.json()["files"])


def resolved(site: str = SITE) -> list[str]:
    return [f"{site}/datasets/{DATASET}/resolve/main/{file['path']}" for file in files()]


def duckdb() -> list[str]:
    """With the key as a secret. The extension comes from the package index: DuckDB's own site may be out of reach."""
    import duckdb
    import duckdb_extensions

    duckdb_extensions.import_extension("httpfs")
    duckdb.sql(f"create secret (type http, bearer_token '{KEY}', scope '{SITE}')")
    return [row[0] for row in duckdb.sql("select record_id from read_parquet(?)", params=[resolved()]).fetchall()]


def polars() -> list[str]:
    import httpx
    import polars as pl

    opened = [io.BytesIO(httpx.get(file["url"], timeout=60).raise_for_status().content) for file in files()]
    return list(pl.concat([pl.read_parquet(each, columns=["record_id"]) for each in opened])["record_id"])


def pandas() -> list[str]:
    import pandas as pd

    return list(pd.concat([pd.read_parquet(file["url"], columns=["record_id"]) for file in files()])["record_id"])


def webdataset() -> dict[str, str]:
    """Opened as WebDataset opens its shards, with the key in the address."""
    import webdataset

    addresses = resolved(SITE.replace("://", f"://token:{KEY}@", 1))
    contents = [webdataset.gopen(each).read() for each in addresses]
    return {file["path"]: hashlib.sha256(each).hexdigest() for file, each in zip(files(), contents, strict=True)}


def mlcroissant() -> list[str]:
    import mlcroissant

    described = mlcroissant.Dataset(jsonld=f"{FOLDER}/croissant.json")
    names = [each.uuid for each in described.metadata.record_sets]
    return [row[f"{name}/record_id"].decode() for name in names for row in described.records(name)]


def delta() -> list[str]:
    """The site makes the profile from the key; each config and split of the dataset is a table."""
    import delta_sharing
    import pandas as pd
    import requests

    made = requests.get(f"{SITE}/delta/profile", headers={"Authorization": f"Bearer {KEY}"}, timeout=60)
    made.raise_for_status()
    profile = Path(FOLDER).with_name("config.share")
    profile.write_bytes(made.content)
    tables = delta_sharing.SharingClient(str(profile)).list_all_tables()
    names = [f"{each.share}.{each.schema}.{each.name}" for each in tables if f"{each.share}/{each.schema}" == DATASET]
    frames = [delta_sharing.load_as_pandas(f"{profile}#{name}") for name in names]
    return list(pd.concat(frames)["record_id"])


def datacollective() -> dict[str, Any]:
    """The archive is made when somebody first asks for it; until then the answer says to come again."""
    import datacollective
    import datacollective.schema
    import requests

    datacollective.schema.SCHEMA_REGISTRY_RAW_BASE_URL = os.environ["MDC_API_URL"]
    folder = Path(FOLDER).with_name("archives")
    folder.mkdir(exist_ok=True)
    kept = {"download_directory": str(folder), "show_progress": False}
    while True:
        try:
            archive = datacollective.download_dataset(DATASET, **kept)
            break
        except requests.HTTPError as error:
            if error.response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(int(error.response.headers["Retry-After"]))
    return {
        "records": list(datacollective.load_dataset(DATASET, **kept)["record_id"]),
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "stated": datacollective.get_dataset_details(DATASET).checksum,
    }


def push() -> list[str]:
    """A file sent as to the Hub: the address of the commit, and the file's sha256."""
    from huggingface_hub import HfApi

    content = b"".join(b'{"text": "Sent with one call, number %d."}\n' % number for number in range(100))
    sent = HfApi().upload_file(path_or_fileobj=content, path_in_repo="sent.jsonl", repo_id=DATASET, repo_type="dataset")
    return [sent.commit_url, hashlib.sha256(content).hexdigest()]


READERS: dict[str, Callable[[], object]] = {
    each.__name__: each for each in (duckdb, polars, pandas, webdataset, mlcroissant, delta, datacollective, push)
}

if __name__ == "__main__":
    print(json.dumps(READERS[sys.argv[1]]()))
