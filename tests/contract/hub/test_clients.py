"""What a researcher does, with the clients as they are installed, over real HTTP."""

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


def test_load_dataset_of_a_tag_and_of_a_commit(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    commit = market.version.commit_id
    counts = client_for(buyer_key).python(f"""
        from datasets import load_dataset
        names = ["v1.0.0", "1.0.0", "{commit}"]
        tell([load_dataset("acme/greetings", revision=name, split="train").num_rows for name in names])
    """)
    assert counts == [40, 40, 40]


def test_snapshot_download_has_every_file_and_its_bytes(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    hashes = client_for(buyer_key).python("""
        import hashlib, pathlib
        from huggingface_hub import snapshot_download
        root = pathlib.Path(snapshot_download("acme/greetings", repo_type="dataset"))
        files = [path for path in root.rglob("*") if path.is_file()]
        tell({str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    """)
    assert hashes == dict(market.version.files.values_list("path", "sha256"))


def test_hf_download(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    client = client_for(buyer_key)
    target = client.home / "out"
    done = client.hf("download", "acme/greetings", "--repo-type", "dataset", "--local-dir", str(target))
    assert done.returncode == 0, done.stderr
    stored = market.version.files.values_list("path", "size")
    assert {path: (target / path).stat().st_size for path, _ in stored} == dict(stored)


def test_the_api_of_the_hub(client_for: ClientFor, market: Market, buyer_key: str) -> None:
    commit = market.version.commit_id
    said = client_for(buyer_key).python("""
        from huggingface_hub import HfApi
        api, id = HfApi(), "acme/greetings"
        info = api.dataset_info(id, files_metadata=True)
        api.auth_check(id, repo_type="dataset")
        refs = api.list_repo_refs(id, repo_type="dataset")
        tell({
            "who": [api.whoami()["name"], api.whoami()["orgs"]],
            "listed": [each.id for each in api.list_datasets(author="acme", filter="language:ar", search="greet")],
            "absent": [each.id for each in api.list_datasets(filter="language:fr")],
            "info": [info.sha, info.gated, info.card_data.pretty_name, len(info.siblings)],
            "tagged": api.dataset_info(id, revision="v1.0.0").sha,
            "tree": [each.path for each in api.list_repo_tree(id, repo_type="dataset", recursive=True, expand=True)],
            "paths": [each.path for each in api.get_paths_info(id, ["en", "README.md", "no"], repo_type="dataset")],
            "refs": [[each.name, each.target_commit] for each in [*refs.branches, *refs.tags]],
            "commits": [[each.commit_id, each.title] for each in api.list_repo_commits(id, repo_type="dataset")],
            "exists": [api.file_exists(id, name, repo_type="dataset") for name in ("README.md", "no.txt")],
        })
    """)
    shards = [f"en/train-{index:05d}-of-00004.parquet" for index in range(4)]
    assert said == {
        "who": ["bela", []],
        "listed": ["acme/greetings"],
        "absent": [],
        "info": [commit, "auto", "Greetings — مرحبا", 7],
        "tagged": commit,
        "tree": ["README.md", "croissant.json", "en", *shards, "manifest.json"],
        "paths": ["en", "README.md"],
        "refs": [["main", commit], ["v1.0.0", commit]],
        "commits": [[commit, "v1.0.0"]],
        "exists": [True, False],
    }


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
