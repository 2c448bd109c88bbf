"""Delta Sharing's JSON, format Parquet: pure functions from catalog rows to what its clients parse.

Everything is ASCII: clients cut an answer into lines wherever Unicode knows an end of line.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from collective.accounts.models import ApiKey
from collective.catalog.models import DatasetVersion
from collective.interop.delta.schema import schema_string
from collective.interop.delta.tables import Table
from licensing.services.delivery import Delivery

Json = dict[str, Any]
TABLES = UUID("6f0c7f4e-9a53-4d55-9a2e-0b6a5f1d2c11")
PROTOCOL: Json = {"protocol": {"minReaderVersion": 1}}


def metadata(version: DatasetVersion, table: Table, *, number: int) -> Json:
    """`id` stays the same over all versions of a table."""
    named = f"{version.dataset_id}/{table.config}/{table.split}"
    return {
        "metaData": {
            "id": str(uuid5(TABLES, named)),
            "name": table.name,
            "description": version.dataset.summary,
            "format": {"provider": "parquet"},
            "schemaString": schema_string(version.columns),
            "partitionColumns": [],
            "configuration": {},
            "version": number,
            "size": table.size,
            "numFiles": table.files,
        }
    }


def file_line(given: Delivery, *, rows: int) -> Json:
    if given.expires_at is None:
        raise ValueError(f"{given.path} came without an address")
    return {
        "file": {
            "url": given.url,
            "id": given.sha256,
            "partitionValues": {},
            "size": given.size,
            "stats": json.dumps({"numRecords": rows}),
            "expirationTimestamp": int(given.expires_at.timestamp() * 1000),
        }
    }


def lines(objects: Iterable[Json]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in objects)


def profile(key: ApiKey, *, endpoint: str, token: str) -> Json:
    return {
        "shareCredentialsVersion": 1,
        "endpoint": endpoint,
        "bearerToken": token,
        "expirationTime": instant(key.expires_at),
    }


def instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
