"""The parsing process: limited, killed when it hangs, and believed in nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ingestion.domain.own_keys import MOST_OWN_KEYS, OwnKey
from ingestion.domain.problems import problem_from_json
from ingestion.pipeline import sandbox
from ingestion.pipeline.sandbox import Outcome, Task, parse_in_child

PART: dict[str, Any] = {"statistics": {}, "preview": []}


@pytest.fixture
def task(tmp_path: Path) -> Task:
    source, output = tmp_path / "input", tmp_path / "output"
    source.write_bytes(b'{"text": "one"}\n')
    output.mkdir()
    return Task(source, output, "a seed")


def quiet(rows: int, read: int) -> None:
    """Nobody listens."""


def imposter(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the child's place: what a file that took it over could do."""

    def start(_task: Task) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)

    monkeypatch.setattr(sandbox, "start_parser", start)


def code_of(outcome: Outcome) -> str:
    assert outcome.parts == []
    (problem,) = outcome.problems
    return problem.code


def test_the_child_gets_no_environment_of_ours(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    started: list[dict[str, str]] = []
    popen = subprocess.Popen

    def spying(*arguments: object, env: dict[str, str], **named: object) -> "subprocess.Popen[bytes]":
        started.append(env)
        return popen(*arguments, env=env, **named)  # type: ignore[call-overload,no-any-return]  # passed on as they are

    monkeypatch.setattr(subprocess, "Popen", spying)
    monkeypatch.setattr(sandbox, "_nursery", None)
    assert parse_in_child(task, quiet).problems == []
    assert "canary" not in str(started)
    assert set(started[0]) == {
        "PYTHONPATH",
        "LANG",
        "ARROW_DEFAULT_MEMORY_POOL",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MALLOC_ARENA_MAX",
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
    }


def test_a_child_that_hangs_is_killed_with_its_whole_group(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = task.output / "grandchild"
    program = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(marker)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    imposter(monkeypatch, program)
    began = time.monotonic()
    assert code_of(parse_in_child(task, quiet, wall_seconds=8)) == "reader_timed_out"
    assert time.monotonic() - began < 60
    with pytest.raises(ProcessLookupError):
        _wait_gone(int(marker.read_text()))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "not json",
        json.dumps({"answer": []}),
        json.dumps({"answer": {"problems": [], "parts": [PART], "findings": [], "warnings": [], "own_keys": []}}),
        json.dumps({"answer": {"problems": [{"code": "<script>", "message": "x", "action": "y"}], "problem_count": 1}}),
        json.dumps({"answer": {"problems": [{"code": "x", "message": ["x"]}], "problem_count": 1}}),
        json.dumps({"answer": {"problems": "many", "problem_count": 1}}),
        json.dumps({"progress": {"rows": -1, "bytes": 0}}),
        json.dumps({"progress": {"rows": True, "bytes": 0}}),
        json.dumps({"progress": 7}),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_answer(task: Task, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    imposter(monkeypatch, f"print({said!r})")
    assert code_of(parse_in_child(task, quiet)) == "reader_crashed"


def test_an_endless_line_is_cut_off(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    imposter(monkeypatch, "import sys\nwhile True: sys.stdout.write('x' * 65536)")
    assert code_of(parse_in_child(task, quiet)) == "reader_crashed"


def test_a_planted_link_is_not_taken_for_a_part(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    (task.output / "part-00000.parquet").symlink_to("/etc/passwd")
    answer = {"answer": {"problems": [], "parts": [PART], "findings": [], "warnings": [], "own_keys": []}}
    imposter(monkeypatch, f"print({json.dumps(answer)!r})")
    assert code_of(parse_in_child(task, quiet)) == "reader_crashed"


def test_what_a_taken_over_child_counts_is_looked_at(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("part-00000.parquet", "part-00000.records"):
        (task.output / name).write_bytes(b"x")
    parts: list[dict[str, Any]] = [{**PART, "statistics": []}, {**PART, "preview": [{}] * 6}, {"statistics": {}}]
    for part in parts:
        answer = {"answer": {"problems": [], "parts": [part], "findings": [], "warnings": [], "own_keys": []}}
        imposter(monkeypatch, f"print({json.dumps(answer)!r})")
        assert code_of(parse_in_child(task, quiet)) == "reader_crashed"


def test_keys_that_a_taken_over_child_made_up_are_looked_at(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("part-00000.parquet", "part-00000.records"):
        (task.output / name).write_bytes(b"x")
    good: dict[str, Any] = {"id": "abcd1234", "secret_sha256": "0" * 64}
    wrong = ["abcd1234", {"id": "abcd1234"}, {**good, "id": "abcd123%"}, {**good, "secret_sha256": 7}]
    for key in [good, *wrong]:
        answer = {"problems": [], "parts": [PART], "findings": [], "warnings": [], "own_keys": [key] * 100}
        imposter(monkeypatch, f"print({json.dumps({'answer': answer})!r})")
        outcome = parse_in_child(task, quiet)
        if key is good:
            assert (outcome.problems, outcome.own_keys) == ([], [OwnKey("abcd1234", "0" * 64)] * MOST_OWN_KEYS)
        else:
            assert (code_of(outcome), outcome.own_keys) == ("reader_crashed", [])


def test_the_child_dies_with_its_worker(tmp_path: Path) -> None:
    """As when a worker is killed outright: nothing of it goes on reading."""
    os.mkfifo(tmp_path / "input")  # nobody writes into it, so the child waits for ever
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from pathlib import Path\n"
        "from ingestion.pipeline import sandbox\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "fork = sandbox.start_parser(sandbox.Task(folder / 'input', folder, 'seed'))\n"
        "print(fork.pid, fork.nursery.process.pid, flush=True)\n"
        "import time; time.sleep(600)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=sandbox.PROJECT)
    assert worker.stdout is not None
    left = [int(pid) for pid in worker.stdout.readline().split()]
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    for pid in left:
        with pytest.raises(ProcessLookupError):
            _wait_gone(pid)


def test_a_nursery_that_was_killed_is_replaced(task: Task) -> None:
    assert parse_in_child(task, quiet).problems == []
    nursery = sandbox._nursery
    assert nursery is not None
    os.kill(nursery.process.pid, signal.SIGKILL)
    for path in task.output.iterdir():
        path.unlink()
    assert parse_in_child(task, quiet).problems == []
    assert sandbox._nursery is not nursery


def test_long_texts_of_a_problem_are_cut(task: Task) -> None:
    told = problem_from_json({"code": "x", "message": "y" * 10_000, "action": "z\x00z", "row": 3})
    assert (len(told.message), told.action, told.row, told.column) == (500, "zz", 3, None)


def _wait_gone(pid: int) -> None:
    """Raises ProcessLookupError once the process is gone; returns if it lives for 20 seconds."""
    for _ in range(200):
        os.kill(pid, 0)
        if _is_zombie(pid):
            raise ProcessLookupError
        time.sleep(0.1)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].startswith("Z")
    except FileNotFoundError:
        return True
