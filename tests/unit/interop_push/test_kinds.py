"""What kind of data a push brings."""

import pytest

from collective.interop.hub.uploads.kinds import kind_of

pytestmark = pytest.mark.once


def card(*dtypes: str) -> str:
    rows = "".join(f"  - name: c{number}\n    dtype: {dtype}\n" for number, dtype in enumerate(dtypes))
    return f"---\ndataset_info:\n  features:\n{rows}---\n"


@pytest.mark.parametrize(
    ("paths", "readme", "kind"),
    [
        (["data/train-00000-of-00001.parquet"], None, ""),
        (["a.WAV", "metadata.csv"], None, "audio"),
        (["a.png", "b.txt"], None, "image"),
        (["a.txt"], None, "text"),
        (["a.parquet"], card("string", "audio"), "audio"),
        (["a.parquet"], card("{audio: {sampling_rate: 16000}}"), "audio"),
        (["a.parquet"], card("image", "string"), "image"),
        (["a.parquet"], card("string", "{class_label: {names: [a, b]}}"), "text"),
        (["a.parquet"], card("string", "int64"), ""),
        (["a.parquet"], card("int64"), ""),
        (["a.parquet"], "---\ndataset_info:\n- features:\n  - {dtype: audio}\n---\n", "audio"),
        (
            ["a.parquet"],
            "---\ndataset_info: [3, {features: {a: 1}}, {features: [{dtype: {}}, {dtype: [1]}]}]\n---\n",
            "",
        ),
        (["a.parquet"], "---\ndataset_info: 2026-13-45\n---\n", ""),
    ],
)
def test_by_endings_and_by_columns(paths: list[str], readme: str | None, kind: str) -> None:
    assert kind_of(paths, readme) == kind
