"""The reader of a manifest, in the proof of a license: any JSON ends in an outcome, never in an error."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain.hashing import canonical_sha256
from licensing.domain.verification import verify
from tests.fuzz.corpus import LARGEST, fuzzing, kept
from tests.unit.licensing.test_verification import MANIFEST, claims, evidence, sign

SEEDS = kept("manifests")
PATHS = ["../../etc/passwd", "/etc/passwd", "data/train-00000.parquet", "a\0b", "C:\\x", "x" * 300]
NAMES = ["files", "path", "sha256", "size", "version", "x"]
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(max_size=12),
    st.sampled_from(PATHS),
)
files = st.fixed_dictionaries({"path": leaves, "sha256": leaves}, optional={"size": leaves})
values = st.recursive(
    leaves | files,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)


def outcome(manifest: Any, folder: Path, *, signed: bool) -> str:
    """`signed`: the grant names this very manifest, so it is read to the end."""
    told = claims()
    if signed:
        told["dc"]["manifest_sha256"] = canonical_sha256(manifest)
    return verify(evidence(token=sign(told), manifest=manifest, folder=folder)).code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloaded")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
@pytest.mark.parametrize("signed", [True, False])
def test_what_was_kept(folder: Path, seed: Path, *, signed: bool) -> None:
    assert len(seed.read_bytes()) < LARGEST
    assert outcome(json.loads(seed.read_bytes()), folder, signed=signed) != "ok"


@fuzzing
@given(manifest=values, signed=st.booleans())
def test_any_json(folder: Path, manifest: Any, signed: bool) -> None:
    assert outcome(manifest, folder, signed=signed).isidentifier()


@fuzzing
@given(listed=st.lists(files | values, max_size=4))
def test_any_list_of_files(folder: Path, listed: Any) -> None:
    assert outcome({**MANIFEST, "files": listed}, folder, signed=True).isidentifier()
