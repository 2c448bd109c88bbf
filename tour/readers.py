"""What other people's clients read of a dataset: `python -m tour.readers NAME`, by an interpreter below .clients/.

SITE, KEY and DATASET say where, who and what, and FOLDER where it was downloaded. Prints one line of JSON: the ids of
the records, or the sha256 of each file.
"""

import hashlib
import io
import json
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

SITE, KEY, DATASET = (os.environ[name] for name in ("SITE", "KEY", "DATASET"))


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

    described = mlcroissant.Dataset(jsonld=f"{os.environ['FOLDER']}/croissant.json")
    names = [each.uuid for each in described.metadata.record_sets]
    return [row[f"{name}/record_id"].decode() for name in names for row in described.records(name)]


READERS: dict[str, Callable[[], object]] = {
    each.__name__: each for each in (duckdb, polars, pandas, webdataset, mlcroissant)
}

if __name__ == "__main__":
    print(json.dumps(READERS[sys.argv[1]]()))
