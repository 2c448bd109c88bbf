"""What a researcher does, with the clients as they are installed, over real HTTP; `make test-clients` does far more."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.contract.hub.clients import Client, did_its_work
from tests.contract.hub.published import Market, greeting

ClientFor = Callable[[str], Client]
pytestmark = [pytest.mark.once, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
EXPECTED = [greeting("1.0.0", index) for index in range(40)]


def test_load_dataset_in_one_call(client_for: ClientFor, buyer_key: str) -> None:
    rows, features = client_for(buyer_key).python("""
        from datasets import load_dataset
        loaded = load_dataset("acme/greetings", split="train")
        tell([loaded["text"][:], {name: value.dtype for name, value in loaded.features.items()}])
    """)
    assert rows == EXPECTED
    assert features == {"text": "string", "label": "int64"}


def test_load_dataset_streaming(client_for: ClientFor, buyer_key: str) -> None:
    rows = client_for(buyer_key).python("""
        from datasets import load_dataset
        tell([row["text"] for row in load_dataset("acme/greetings", split="train", streaming=True)])
    """)
    assert rows == EXPECTED


def test_snapshot_download_has_every_file_and_its_bytes(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    hashes = client_for(buyer_key).python("""
        import hashlib, pathlib
        from huggingface_hub import snapshot_download
        root = pathlib.Path(snapshot_download("acme/greetings", repo_type="dataset"))
        files = [path for path in root.rglob("*") if path.is_file()]
        tell({str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    """)
    assert hashes == dict(market.version.files.values_list("path", "sha256"))


def test_ranged_reads_through_the_file_system(client_for: ClientFor, buyer_key: str) -> None:
    said = client_for(buyer_key).python("""
        import pandas, pyarrow.parquet
        from huggingface_hub import HfFileSystem
        files = HfFileSystem()
        path = "datasets/acme/greetings/en/train-00000-of-00004.parquet"
        with files.open(path, "rb", block_size=64) as file:
            file.seek(4)
            middle = file.read(9)
        whole = files.cat_file(path)
        with files.open(path) as file:
            rows = pyarrow.parquet.read_table(file, columns=["label"]).num_rows
        tell({
            "same": whole[4:13] == middle,
            "tail": whole[-4:].decode(),
            "glob": len(files.glob("datasets/acme/greetings/en/*.parquet")),
            "pandas": pandas.read_parquet(f"hf://{path}")["label"].tolist(),
            "pyarrow": rows,
        })
    """)
    assert said == {"same": True, "tail": "PAR1", "glob": 4, "pandas": [0, 1] * 5, "pyarrow": 10}


def test_the_example(client_for: ClientFor, buyer_key: str) -> None:
    done = client_for(buyer_key).script(ROOT / "examples" / "load_with_datasets.py", "acme/greetings")
    assert did_its_work(done), done.stderr
    assert done.stdout.splitlines()[0] == "columns: text, label"
    assert greeting("1.0.0", 2) in done.stdout


def test_the_example_with_duckdb(client_for: ClientFor, buyer_key: str) -> None:
    query = "select label, count(*) as texts from data group by all order by label"
    example = ROOT / "examples" / "explore_with_duckdb.py"
    done = client_for(buyer_key).script(example, "acme/greetings", "--sql", query)
    assert did_its_work(done), done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["acme/greetings 1.0.0: 40 rows in 4 files", "read by huggingface_hub"]
    assert [line.split() for line in lines[-4:-2]] == [["│", "0", "│", "20", "│"], ["│", "1", "│", "20", "│"]]


def test_the_example_of_a_killed_job(client_for: ClientFor, buyer_key: str, tmp_path: Path) -> None:
    client, job = client_for(buyer_key), tmp_path / "job.json"
    example, options = ROOT / "examples" / "resume_after_kill.py", ["acme/greetings", str(job), "--every", "4"]
    client.killed_script(example, *options, "--pause", "0.3", after="saved at row 12")
    saved = json.loads(job.read_text())["rows"]
    assert 12 <= saved < 40
    done = client.script(example, *options)
    assert did_its_work(done), done.stderr
    assert done.stdout.splitlines()[0] == f"goes on after row {saved}"
    once = Counter(before + after for text in EXPECTED for before, after in pairwise(text))
    assert json.loads(job.read_text())["pairs"] == once
