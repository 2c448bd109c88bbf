"""The tools that people have, each with the key of somebody who licensed the dataset: one step for each."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pyarrow.parquet

from tour.journey import Journey
from tour.report import expect
from tour.wire import PATIENCE, wait, wrong_files

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


def delta_sharing(journey: Journey) -> tuple[str, None]:
    return every_record(journey, "delta", "load_as_pandas with the profile of the key", family="delta")


def datacollective(journey: Journey) -> tuple[str, None]:
    read = journey.run_reader("mdc", "datacollective")
    expect(read["sha256"] == read["stated"], f"the archive has another sha256 than stated: {read['sha256']}")
    return f"archive as stated, load_dataset: {whole(journey, read['records'])}", None


def push(journey: Journey) -> tuple[str, None]:
    """What is sent with the Hub's client is a draft of the sender's: nobody else sees it, nothing is published."""
    sender = next(iter(journey.cast.contributors.values()))
    before = published(journey)
    commit, sha256 = journey.run_reader("hub-2", "push", key=sender.make_key("datasets:read", "upload"))
    draft = sender.http.get(commit, follow_redirects=False).headers["Location"].split("/")[2]

    def stored() -> bool:
        return [(file["state"], file["sha256"]) for file in sender.pages(f"/contributions/{draft}/uploads")] == [
            ("stored", sha256)
        ]

    wait("the file that was sent to be stored under its sha256", stored)
    expect(sender.api("GET", f"/contributions/{draft}")["state"] == "draft", "what was sent is no draft")
    journey.cast.buyer.api("GET", f"/contributions/{draft}", status=(404,))
    expect(published(journey) == before, "what was sent changed what is published")
    return "upload_file: a private draft with the sha256 of what was sent; nothing published", None


FAMILIES: dict[str, Step] = {
    "DuckDB": duckdb,
    "polars": polars,
    "pandas": pandas,
    "WebDataset": webdataset,
    "mlcroissant": mlcroissant,
    "curl": curl,
    "Delta Sharing": delta_sharing,
    "datacollective": datacollective,
    "a push": push,
}


def every_record(journey: Journey, reader: str, how: str, *, family: str = "plain") -> tuple[str, None]:
    return f"{how}: {whole(journey, journey.run_reader(family, reader))}", None


def whole(journey: Journey, read: list[str]) -> str:
    """What a client read is what the downloaded files hold, whose bytes are as the version states them."""
    expect(len(read) == journey.total_records, f"{len(read)} rows instead of {journey.total_records}")
    expect(sorted(read) == downloaded(journey), "the records are not those of the version")
    return f"{len(read)} rows, each record of the version once"


def downloaded(journey: Journey) -> list[str]:
    folder = journey.home / "snapshot"
    tables = [pyarrow.parquet.read_table(folder / file["path"], columns=["record_id"]) for file in data_files(journey)]
    return sorted(value for table in tables for value in table["record_id"].to_pylist())


def published(journey: Journey) -> dict[str, Any]:
    return dict(journey.cast.buyer.http.get(f"/api/datasets/{journey.repo}").raise_for_status().json())


def data_files(journey: Journey) -> list[dict[str, Any]]:
    return [file for file in journey.version["files"] if file["kind"] == "data"]


def run_curl(command: list[str]) -> int:
    """Bytes that came."""
    told = [*command, "-w", "%{json}"]
    done = subprocess.run(told, capture_output=True, text=True, timeout=PATIENCE.seconds, check=False)  # noqa: S603 - our own command
    expect(done.returncode == 0, f"curl ended with {done.returncode}: {done.stderr[-300:]}")
    return int(json.loads(done.stdout)["size_download"])
