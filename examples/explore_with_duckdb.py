"""Look into a licensed dataset with SQL, without downloading it: DuckDB reads only the columns that a query needs.

    pip install duckdb huggingface_hub
    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scopes "read datasets" and "download"
    python explore_with_duckdb.py organization/dataset --sql "select language, count(*) from data group by all"

`data` is all rows of the version. DuckDB reads over HTTP by an extension, httpfs, which it fetches from its own site;
not every machine may go there. Therefore this takes the extension from the package index, if it is installed,

    pip install duckdb==1.5.5 duckdb-extensions==1.5.5 duckdb-extension-httpfs==1.5.5

and reads through huggingface_hub if not.
"""

import argparse
import json
import os
import sys
from urllib.request import Request, urlopen

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

import duckdb

LARGE = {"struct", "list", "map", "blob"}


def main(repo, revision, sql):
    described = manifest(repo, revision)
    rows = sum(file["rows"] for file in described["files"])
    print(f"{repo} {described['version']}: {rows} rows in {len(described['files'])} files")
    way, addresses = httpfs(described) or file_system(described)
    print(f"read by {way}")
    data = duckdb.read_parquet(addresses)
    data.create_view("data")
    [[counted]] = duckdb.sql("select count(*) from data").fetchall()
    if counted != rows:
        sys.exit(f"Read {counted} rows, and the manifest promises {rows}.")
    # Without recordings and images: to summarize a column is to read all of it.
    small = [f'"{name}"' for name, kind in zip(data.columns, data.types, strict=True) if kind.id not in LARGE]
    summary = f"from (summarize select {', '.join(small)} from data)"
    print(duckdb.sql(f"select column_name, column_type, approx_unique, min, max {summary}"))
    if sql:
        print(duckdb.sql(sql))


def manifest(repo, revision):
    """Every file with its rows, its sha256 and an address that is good for some minutes."""
    address = f"{os.environ['HF_ENDPOINT']}/api/v1/datasets/{repo}/manifest?revision={revision}"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {os.environ['HF_TOKEN']}"})) as answer:
        return json.load(answer)


def httpfs(described):
    try:
        import duckdb_extensions
    except ImportError:
        return None
    duckdb_extensions.import_extension("httpfs")
    return "httpfs, over signed addresses", [file["url"] for file in described["files"]]


def file_system(described):
    from huggingface_hub import HfFileSystem

    duckdb.register_filesystem(HfFileSystem())
    # By its commit, so that a new version in the meantime changes nothing.
    folder = f"hf://datasets/{described['dataset']}@{described['commit_id']}"
    return "huggingface_hub", [f"{folder}/{file['path']}" for file in described["files"]]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Look into a licensed dataset with SQL.")
    asked.add_argument("repo")
    asked.add_argument("--revision", default="main", help="a tag, as v1.0.0, makes a run repeatable")
    asked.add_argument("--sql", help="a query on data")
    main(**vars(asked.parse_args()))
