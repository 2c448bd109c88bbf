"""Every hostile file is refused with its reason by a child that stays small, and nothing appears anywhere else."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingestion.pipeline.sandbox import PROJECT
from tests.unit.ingestion.hostile import kinds, streams, tars, zips

FAMILIES = {"zip": zips.CASES, "tar": tars.CASES, "stream": streams.CASES, "kind": kinds.CASES}
SMALLEST_KIB, PEAK_KIB = 64 * 1024, 512 * 1024
# What readers may leave beside their input, in the folder that is theirs.
OWN = ("input", "output", "unpacked", "member-", "clips.tsv")


def each_family() -> list[Any]:
    """A family is run as a whole, so all its tests go to one process."""
    return [pytest.param(family, marks=pytest.mark.xdist_group(f"hostile-{family}")) for family in FAMILIES]


def each_case() -> list[Any]:
    return [
        pytest.param(family, name, marks=pytest.mark.xdist_group(f"hostile-{family}"))
        for family, cases in FAMILIES.items()
        for name in cases
    ]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """What became of all cases of a family, run once, in one process of its own."""

    @cache
    def family_said(family: str) -> dict[str, Any]:
        outside = tmp_path_factory.mktemp(family)
        folder = outside / "inside" / "cases"
        for name, (make, _) in FAMILIES[family].items():
            (folder / name).mkdir(parents=True)
            (folder / name / "input").write_bytes(make())
        answer = _run(folder)
        assert [path.name for path in outside.iterdir()] == ["inside"]
        assert [path.name for path in (outside / "inside").iterdir()] == ["cases"]
        for name, case in answer["cases"].items():
            case["left"] = _left(folder / name)
        return answer

    return family_said


def _run(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.unit.ingestion.hostile.run", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _left(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if not path.name.startswith(OWN)]


@pytest.mark.parametrize(("family", "name"), each_case())
def test_a_hostile_file_is_refused_and_leaves_nothing(
    said: Callable[[str], dict[str, Any]], family: str, name: str
) -> None:
    case = said(family)["cases"][name]
    assert case["codes"][:1] == [FAMILIES[family][name][1]]
    assert (case["parts"], case["left"]) == (0, [])


@pytest.mark.parametrize("family", each_family())
def test_the_children_stayed_small(said: Callable[[str], dict[str, Any]], family: str) -> None:
    """More than it takes to start, so the measure is one; less than a worker has to spare."""
    assert SMALLEST_KIB < said(family)["peak_kib"] < PEAK_KIB


@pytest.mark.parametrize("family", each_family())
def test_nothing_escaped_to_where_the_archives_pointed(said: Callable[[str], dict[str, Any]], family: str) -> None:
    assert said(family)
    assert not Path("/tmp/outside.wav").exists()  # noqa: S108 - where one of them wanted to write
    assert not Path("/etc/outside.wav").exists()
