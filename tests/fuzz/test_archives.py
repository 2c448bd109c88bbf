"""The archive walker: whatever the bytes, names and data come out, or a refusal with a reason. Nothing else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.kinds import ARCHIVES, Kind
from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.archives import members
from ingestion.pipeline.limits import MEMBER_NAME_BYTES
from tests.fuzz.corpus import LARGEST, fuzzing, is_reason, kept
from tests.unit.ingestion.reads import read

SEEDS = kept("archives")


def walked(data: bytes, kind: Kind) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        try:
            for member in members(path, kind):
                assert ".." not in member.name.split("/")
                assert not member.name.startswith("/")
                assert len(member.name.encode("utf-8")) <= MEMBER_NAME_BYTES
                assert isinstance(member.read(), bytes)
        except BrokenFileError as error:
            if not is_reason(error):
                raise
        assert [each.name for each in Path(folder).iterdir()] == ["input"]


def read_whole(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(Path(folder), data)
            assert found.rows or found.codes or not len(found.schema)
        except BrokenFileError as error:
            if not is_reason(error):
                raise


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_what_was_kept(seed: Path) -> None:
    data = seed.read_bytes()
    assert len(data) < LARGEST
    for kind in ARCHIVES:
        walked(data, kind)
    read_whole(data)


@fuzzing
@given(data=st.binary(max_size=600), kind=st.sampled_from(ARCHIVES))
def test_any_bytes(data: bytes, kind: Kind) -> None:
    walked(data, kind)


@fuzzing
@given(
    seed=st.sampled_from([path.read_bytes() for path in SEEDS]),
    changes=st.lists(st.tuples(st.integers(0, LARGEST), st.binary(max_size=8), st.integers(0, 8)), max_size=4),
)
def test_archives_with_other_bytes_in_them(seed: bytes, changes: list[tuple[int, bytes, int]]) -> None:
    """Each change puts some bytes in the place of others, or between them, or takes them out."""
    data = seed
    for place, new, gone in changes:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + gone :]
    for kind in ARCHIVES:
        walked(data, kind)
    read_whole(data)
