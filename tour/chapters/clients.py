"""The tools that people have, each with the key of somebody who licensed the dataset: one step for each."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pyarrow.parquet

from tour.journey import Journey
from tour.report import expect
from tour.wire import PATIENCE, wrong_files

Step = Callable[[Journey], tuple[str, None]]
HALF = 1000


def duckdb(journey: Journey) -> tuple[str, None]:
    return every_record(journey, "duckdb", "SQL over the files, with the key as a secret")


def polars(journey: Journey) -> tuple[str, None]:
    return every_record(journey, "polars", "read_parquet over signed addresses")


def pandas(journey: Journey) -> tuple[str, None]:
    return every_record(journey, "pandas", "read_parquet over signed addresses")


def webdataset(journey: Journey) -> tuple[str, None]:
    read = journey.run_reader("plain", "webdataset")
    stated = {file["path"]: file["sha256"] for file in data_files(journey)}
    expect(read == stated, f"WebDataset read {read}, and the version states {stated}")
    return f"gopen with the key in the address: {len(read)} file(s), every sha256 as stated", None


def mlcroissant(journey: Journey) -> tuple[str, None]:
    return every_record(journey, "mlcroissant", "the record sets of the snapshot")


def curl(journey: Journey) -> tuple[str, None]:
    """The beginning of a file, and in a second transfer the rest of it."""
    file = data_files(journey)[0]
    target = journey.home / "by-curl" / file["path"]
    address = f"{journey.site}/datasets/{journey.repo}/resolve/main/{file['path']}"
    command = ["curl", "-sSfL", "--create-dirs", "-u", f"token:{journey.cast.buyer.key}", "-o", str(target), address]
    transferred = [run_curl([*command, *more]) for more in (["-r", f"0-{HALF - 1}"], ["-C", "-"])]
    expect(transferred == [HALF, file["size"] - HALF], f"{transferred} bytes came of {file['size']}")
    wrong = wrong_files(journey.home / "by-curl", [file])
    expect(not wrong, f"these files differ from the manifest: {wrong}")
    return f"{HALF} bytes, then the other {transferred[1]} with -C -; sha256 as stated", None


FAMILIES: dict[str, Step] = {
    "DuckDB": duckdb,
    "polars": polars,
    "pandas": pandas,
    "WebDataset": webdataset,
    "mlcroissant": mlcroissant,
    "curl": curl,
}


def every_record(journey: Journey, reader: str, how: str) -> tuple[str, None]:
    """What a client read is what the downloaded files hold, whose bytes are as the version states them."""
    read = journey.run_reader("plain", reader)
    expect(len(read) == journey.total_records, f"{len(read)} rows instead of {journey.total_records}")
    expect(sorted(read) == downloaded(journey), "the records are not those of the version")
    return f"{how}: {len(read)} rows, each record of the version once", None


def downloaded(journey: Journey) -> list[str]:
    folder = journey.home / "snapshot"
    tables = [pyarrow.parquet.read_table(folder / file["path"], columns=["record_id"]) for file in data_files(journey)]
    return sorted(value for table in tables for value in table["record_id"].to_pylist())


def data_files(journey: Journey) -> list[dict[str, Any]]:
    return [file for file in journey.version["files"] if file["kind"] == "data"]


def run_curl(command: list[str]) -> int:
    """Bytes that came."""
    told = [*command, "-w", "%{json}"]
    done = subprocess.run(told, capture_output=True, text=True, timeout=PATIENCE.seconds, check=False)  # noqa: S603 - our own command
    expect(done.returncode == 0, f"curl ended with {done.returncode}: {done.stderr[-300:]}")
    return int(json.loads(done.stdout)["size_download"])
