"""What `examples/` gives people to copy, run as they would run it: with HF_ENDPOINT and HF_TOKEN, and nothing else."""

import json
import re
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.clients.place import Place
from tests.clients.seed import ROWS, SECOND_VERSION_ROWS, TONES, sentence
from tests.contract.hub.clients import Client, did_its_work
from tests.services.instance import ROOT

COLUMNS = ["record_id", *sentence(0)]
EXAMPLES = ROOT / "examples"
ALL = [sentence(number) for number in range(ROWS + SECOND_VERSION_ROWS)]
TRAIN = [row for row in ALL if row["part"] == "train"]
ENGLISH = [str(row["text"]) for row in TRAIN if row["lang"] == "en"]

# With DuckDB's extension installed, and without.
WAYS = {"plain": "httpfs, over signed addresses", "hub-2": "huggingface_hub"}


def researcher(place: Place, family: str, key: str) -> Client:
    """Who knows the address of the site and has a key; nothing else of the site is in the environment."""
    return replace(place.client(family, key), env={})


@pytest.fixture
def learner(place: Place) -> Client:
    """With scikit-learn beside `datasets`, as in the project's own environment."""
    return replace(researcher(place, "hub-2", place.key), interpreter=Path(sys.executable))


def said(client: Client, name: str, *arguments: str) -> list[str]:
    done = client.script(EXAMPLES / name, *arguments)
    assert did_its_work(done), done.stderr
    return done.stdout.splitlines()


def test_text_is_learned_from_a_stream(place: Place, learner: Client) -> None:
    lines = said(learner, "train_text_streaming.py", place.dataset, "--label", "lang", "--epochs", "2")
    assert lines[:2] == [f"{place.dataset} at main: 2 config(s), columns {', '.join(COLUMNS)}", "labels: ar, en"]
    learned, accuracy, others = learned_from(lines[-1])
    assert learned + others == len(TRAIN)
    assert others > 0
    assert accuracy == 1


def test_recordings_are_learned_from_a_stream(place: Place, learner: Client) -> None:
    first, last = said(learner, "train_spoken_digits.py", place.audio, "--label", "pitch")
    assert first == f"{place.audio} at main: {TONES} recordings, labels high, low"
    learned, accuracy, others = learned_from(last)
    assert learned + others == TONES
    assert accuracy > 0.5


@pytest.mark.parametrize("family", WAYS)
def test_duckdb_explores(place: Place, family: str) -> None:
    client = researcher(place, family, place.key)
    query = "select lang, count(*) as texts, min(text) as first_text from data group by all order by lang"
    lines = said(client, "explore_with_duckdb.py", place.dataset, "--sql", query)
    assert lines[0].startswith(f"{place.dataset} 1.1.0: {len(ALL)} rows in ")
    assert lines[1] == f"read by {WAYS[family]}"
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    counted = Counter(str(row["lang"]) for row in ALL)
    assert cells[-2:] == [["ar", str(counted["ar"]), "مرحبا 0000"], ["en", str(counted["en"]), "hello 0001"]]


def test_a_killed_job_ends_as_an_undisturbed_one(place: Place, learner: Client) -> None:
    """Killed twice; the second time after it had gone on from where the first had saved last."""
    undisturbed, killed = learner.home / "undisturbed.json", learner.home / "killed.json"
    whole = said(learner, "resume_after_kill.py", place.dataset, str(undisturbed), "--config", "en")
    slowly = [place.dataset, str(killed), "--config", "en", "--every", "10", "--pause", "0.3"]
    learner.killed_script(EXAMPLES / "resume_after_kill.py", *slowly, after="saved at row 40")
    first = saved_at(killed)
    learner.killed_script(EXAMPLES / "resume_after_kill.py", *slowly, after=f"saved at row {first + 30}")
    second = saved_at(killed)
    assert 40 <= first < first + 30 <= second < len(ENGLISH)
    rest = said(learner, "resume_after_kill.py", place.dataset, str(killed), "--config", "en")
    assert (whole[0], rest[0]) == ("starts after row 0", f"goes on after row {second}")
    assert rest[-1] == whole[-1]
    once = Counter(before + after for text in ENGLISH for before, after in pairwise(text))
    for state in (json.loads(job.read_text()) for job in (undisturbed, killed)):
        assert (state["rows"], state["pairs"]) == (len(ENGLISH), once)


def saved_at(job: Path) -> int:
    return int(json.loads(job.read_text())["rows"])


def learned_from(line: str) -> list[float]:
    """The numbers of a line of an epoch: rows learned from, accuracy, rows tested on."""
    return [float(each) for each in re.findall(r"(?<!epoch )\b\d+(?:\.\d+)?\b", line)]
