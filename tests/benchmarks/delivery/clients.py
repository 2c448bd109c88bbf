"""Unmodified clients in their own environment. Imports come before the clock starts; every run has an empty cache."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.contract.hub.clients import did_its_work
from tests.services.instance import ROOT

PYTHON = ROOT / ".clients" / "hub-2" / "bin" / "python"
# Arguments: where to read from (a repository, or a folder of this machine). The last line is seconds and what was read.
FRAME = """
import json, os, pathlib, shutil, sys, time
import datasets, huggingface_hub
datasets.disable_progress_bars()
source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
begun = time.perf_counter()
{work}
print(json.dumps([time.perf_counter() - begun, read]), flush=True)
"""
LOCAL = 'dict(path="parquet", data_files=sorted(map(str, pathlib.Path(source).rglob("*.parquet"))))'
WHERE = f'(dict(path=source) if "HF_ENDPOINT" in os.environ else {LOCAL})'
SIZE = 'sum(path.stat().st_size for path in root.rglob("*") if path.is_file())'
WORKS = {
    "snapshot": f'root = pathlib.Path(huggingface_hub.snapshot_download(source, repo_type="dataset"))\nread = {SIZE}',
    "copy": f'root = pathlib.Path(shutil.copytree(source, folder / "copy"))\nread = {SIZE}',
    "load": f'read = datasets.load_dataset(**{WHERE}, split="train").num_rows',
    "stream": (
        f'stream = datasets.load_dataset(**{WHERE}, split="train", streaming=True)\n'
        'read = sum(batch.num_rows for batch in stream.with_format("arrow").iter(10_000))'
    ),
}


class ClientFailedError(Exception):
    """The text is what it said last."""


def run(work: str, source: str, folder: Path, *, endpoint: str = "", key: str = "") -> tuple[float, int]:
    """Seconds, and what was read: bytes or rows. Raises ClientFailedError."""
    home = folder / "home"
    home.mkdir(parents=True)
    site = {"HF_ENDPOINT": endpoint, "HF_TOKEN": key} if endpoint else {"HF_HUB_OFFLINE": "1"}
    quiet = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_UPDATE_DOWNLOAD_COUNTS": "0"}
    command = [str(PYTHON), "-c", FRAME.format(work=WORKS[work]), source, str(folder)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_HOME": str(home), **site, **quiet}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not did_its_work(done):
            raise ClientFailedError(done.stderr[-3000:])
        seconds, read = json.loads(done.stdout.splitlines()[-1])
        return seconds, read
    finally:
        shutil.rmtree(folder)
