"""Hugging Face's clients push: into a draft of the key's owner, and nobody else sees anything of it."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.clients.place import Place
from tests.contract.hub.clients import Client
from tests.services.instance import eventually

ROWS = """
from datasets import Dataset
rows = Dataset.from_dict({"text": [f"row {number}" for number in range(60)], "label": [0, 1] * 30})
"""
SETTLED = {"stored", "failed"}


@pytest.fixture(params=["hub-2", "hub-1", "hub-0"])
def pair(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def steward(place: Place, pair: str) -> Client:
    return pushing(place, pair, place.steward_key)


@pytest.fixture
def contributor(place: Place, pair: str) -> Client:
    return pushing(place, pair, place.seeded.contributor_key)


def pushing(place: Place, pair: str, key: str) -> Client:
    client = place.client(pair, key)
    return replace(client, env={**client.env, "HF_HUB_DISABLE_XET": "1"})


def api(place: Place, key: str, path: str) -> Any:
    answer = httpx.get(f"{place.site}/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def draft_behind(place: Place, commit_url: str) -> str:
    """Where the address of a commit leads: the id of the contribution."""
    answer = httpx.get(commit_url, timeout=30)
    assert answer.headers["Location"].startswith("/contributions/")
    return answer.headers["Location"].split("/")[2]


def stored(place: Place, key: str, draft: str) -> dict[str, int]:
    """The sizes of the draft's files by name, when all of them are hashed."""

    def files() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = api(place, key, f"contributions/{draft}/uploads")["results"]
        return [row for row in rows if row["state"] not in {"aborted", "removed", "open"}]

    assert eventually(lambda: all(row["state"] in SETTLED for row in files()), seconds=60), files()
    assert {row["state"] for row in files()} <= {"stored"}, files()
    return {row["name"]: row["size"] for row in files()}


def test_push_to_hub_opens_a_draft_that_nobody_else_sees(place: Place, pair: str, steward: Client) -> None:
    name = f"acme/pushed-{pair}"
    first, second = steward.python(f"""
        {ROWS.strip().replace(chr(10), chr(10) + " " * 8)}
        first = rows.push_to_hub("{name}", num_shards=3)
        second = rows.push_to_hub("{name}", num_shards=2)
        tell([first.commit_url, second.commit_url])
    """)
    assert first.startswith(f"{place.site}/datasets/{name}/commit/")
    draft = draft_behind(place, first)
    assert draft_behind(place, second) == draft
    files = stored(place, place.steward_key, draft)
    assert sorted(files) == [f"data/train-{number:05d}-of-00002.parquet" for number in range(2)]
    said = api(place, place.steward_key, f"contributions/{draft}")
    assert (said["state"], said["file_count"]) == ("draft", 2)
    others = place.client(pair, place.key).failing_python(f"""
        from datasets import load_dataset
        load_dataset("{name}")
    """)
    assert "DatasetNotFoundError" in others
    assert httpx.get(f"{place.site}/api/datasets/{name}", timeout=30).status_code == 401


def test_push_to_hub_adds_to_a_published_dataset_without_changing_it(place: Place, contributor: Client) -> None:
    before, after, url = contributor.python(f"""
        {ROWS.strip().replace(chr(10), chr(10) + " " * 8)}
        from datasets import DatasetDict
        from huggingface_hub import HfApi
        before = HfApi().dataset_info("{place.dataset}")
        pushed = DatasetDict({{"train": rows, "test": rows.select(range(9))}}).push_to_hub("{place.dataset}", "sw")
        after = HfApi().dataset_info("{place.dataset}")
        tell([[each.sha, sorted(file.rfilename for file in each.siblings)] for each in (before, after)] + [str(pushed)])
    """)
    assert before == after
    files = stored(place, place.seeded.contributor_key, draft_behind(place, url))
    assert {"sw/train-00000-of-00001.parquet", "sw/test-00000-of-00001.parquet"} <= set(files)


def test_upload_file_and_folder_and_what_is_deleted(place: Place, pair: str, steward: Client) -> None:
    name = f"acme/files-{pair}"
    (steward.home / "folder" / "sub").mkdir(parents=True)
    (steward.home / "folder" / "a.jsonl").write_text('{"text": "a"}\n')
    (steward.home / "folder" / "sub" / "b.jsonl").write_text('{"text": "b"}\n')
    (steward.home / "folder" / "empty.txt").touch()
    url, sizes = steward.python(f"""
        import pathlib
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
        api, to = HfApi(), {{"repo_id": "{name}", "repo_type": "dataset"}}
        made = [str(api.create_repo(**to, exist_ok=True)) for _ in range(2)]
        assert made == ["{place.site}/datasets/{name}"] * 2, made
        api.upload_folder(**to, folder_path="{steward.home}/folder", path_in_repo="in")
        large = b"".join(b'{{"text": "%d"}}\\n' % number for number in range(1_500_000))
        api.upload_file(**to, path_or_fileobj=large, path_in_repo="large.jsonl")
        api.upload_file(**to, path_or_fileobj=b'{{"text": "first"}}\\n', path_in_repo="one.jsonl")
        api.upload_file(**to, path_or_fileobj=b'{{"text": "second one"}}\\n', path_in_repo="one.jsonl")
        operations = [
            CommitOperationAdd("two.jsonl", b'{{"text": "two"}}\\n'),
            CommitOperationDelete("in/a.jsonl"),
            CommitOperationDelete("in/sub/"),
        ]
        commit = api.create_commit(**to, operations=operations, commit_message="Two")
        tell([commit.commit_url, len(large)])
    """)
    assert stored(place, place.steward_key, draft_behind(place, url)) == {
        "in/empty.txt": 0,
        "large.jsonl": sizes,
        "one.jsonl": len('{"text": "second one"}\n'),
        "two.jsonl": len('{"text": "two"}\n'),
    }


def test_what_was_pushed_is_listed_replaced_and_deleted(place: Place, pair: str, steward: Client) -> None:
    name = f"acme/drafted-{pair}"
    folder = steward.home / "folder"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "a"}\n')
    (folder / "b.jsonl").write_text('{"text": "b"}\n')
    first, second, card, url = steward.python(f"""
        {ROWS.strip().replace(chr(10), chr(10) + " " * 8)}
        import pathlib
        from huggingface_hub import DatasetCard, HfApi
        api, to = HfApi(), {{"repo_id": "{name}", "repo_type": "dataset"}}
        api.create_repo(**to)
        api.upload_folder(**to, folder_path="{folder}")
        first = api.list_repo_files(**to)
        pathlib.Path("{folder}/b.jsonl").rename("{folder}/c.jsonl")
        api.upload_folder(**to, folder_path="{folder}", delete_patterns="*.jsonl")
        second = api.list_repo_files(**to)
        rows.push_to_hub("{name}", split="train")
        rows.select(range(9)).push_to_hub("{name}", split="test")
        pushed = rows.push_to_hub("{name}", "sw")
        card = DatasetCard.load("{name}").data.to_dict()["configs"]
        tell([first, second, card, str(pushed.commit_url if hasattr(pushed, "commit_url") else pushed)])
    """)
    assert (first, second) == (["a.jsonl", "b.jsonl"], ["a.jsonl", "c.jsonl"])
    assert {each["config_name"]: sorted(part["split"] for part in each["data_files"]) for each in card} == {
        "default": ["test", "train"],
        "sw": ["train"],
    }
    assert sorted(stored(place, place.steward_key, draft_behind(place, url))) == [
        "a.jsonl",
        "c.jsonl",
        "data/test-00000-of-00001.parquet",
        "data/train-00000-of-00001.parquet",
        "sw/train-00000-of-00001.parquet",
    ]


def test_what_is_refused_says_why(contributor: Client) -> None:
    told = contributor.python(f"""
        {ROWS.strip().replace(chr(10), chr(10) + " " * 8)}
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
        def refused(push):
            try:
                return f"not refused: {{push()}}"
            except HfHubHTTPError as error:
                return str(error)
        tell([
            refused(lambda: rows.push_to_hub("acme/greetings", create_pr=True)),
            refused(lambda: rows.push_to_hub("acme/greetings", revision="dev")),
            refused(lambda: rows.push_to_hub("acme/nothing-here")),
            refused(lambda: HfApi().create_repo("acme/model")),
        ])
    """)
    expected = [
        "There are no pull requests here",
        "Only main takes pushes",
        "only an owner or admin of acme may open one",
        "This site has datasets only",
    ]
    assert [each for each, said in zip(expected, told, strict=True) if each not in said] == [], told


def test_a_key_that_may_only_read_pushes_nothing(place: Place, pair: str) -> None:
    failed = pushing(place, pair, place.stranger_key).failing_python(f"""
        {ROWS.strip().replace(chr(10), chr(10) + " " * 8)}
        rows.push_to_hub("{place.dataset}")
    """)
    assert "This key may not upload" in failed
