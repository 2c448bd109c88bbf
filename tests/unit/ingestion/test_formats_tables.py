"""Tables and texts, plain and packed: the same rows from every way to write them."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.schema import feature_of
from tests.unit.ingestion.makers import arrow, flac, gzipped, parquet, wav, zstandard
from tests.unit.ingestion.reads import read, refusal

JSONL = '{"n": 1, "text": "ሰላም"}\n{"n": 2, "text": "e\u0301"}\n'.encode()
CSV = "n,text\n1,ሰላም\n2,e\u0301\n".encode()
ROWS = [{"n": 1, "text": "ሰላም"}, {"n": 2, "text": "e\u0301"}]
TABLE = pa.Table.from_pylist(ROWS)
WRITTEN: dict[str, Callable[[], bytes]] = {
    "jsonl": lambda: JSONL,
    "jsonl.gz": lambda: gzipped(JSONL),
    "jsonl.zst": lambda: zstandard(JSONL),
    "jsonl.gz of two members": lambda: gzipped(JSONL[:10]) + gzipped(JSONL[10:]),
    "jsonl.zst of two frames": lambda: zstandard(JSONL[:10]) + zstandard(JSONL[10:]),
    "csv": lambda: CSV,
    "csv.gz": lambda: gzipped(CSV),
    "tsv.zst": lambda: zstandard(CSV.replace(b",", b"\t")),
    "parquet": lambda: parquet(TABLE),
    "parquet with dictionaries": lambda: parquet(pa.table({"n": [1, 2], "text": TABLE["text"].dictionary_encode()})),
    "arrow": lambda: arrow(TABLE),
    "arrow with dictionaries": lambda: arrow(pa.table({"n": [1, 2], "text": TABLE["text"].dictionary_encode()})),
    "arrow in lz4": lambda: arrow(TABLE, compression="lz4"),
    "arrow stream": lambda: arrow(TABLE, stream=True, rows=1),
    "arrow stream in zstd": lambda: arrow(TABLE, stream=True, compression="zstd"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_the_same_rows_however_they_are_written(tmp_path: Path, how: str) -> None:
    found = read(tmp_path, WRITTEN[how]())
    assert found.rows == ROWS
    assert found.dtypes == {"n": "int64", "text": "string"}
    assert found.codes == found.warnings == []


@pytest.mark.parametrize("pack", [bytes, gzipped, zstandard])
def test_plain_text_is_a_record_per_line(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    text = "Habari, dunia. Ni siku nzuri.\r\n\n \t\nמה שלומך? \u2028 same line\nlast, line, without, end"
    found = read(tmp_path, pack(b"\xef\xbb\xbf" + text.encode()))
    assert found.rows == [
        {"text": "Habari, dunia. Ni siku nzuri."},
        {"text": "מה שלומך? \u2028 same line"},
        {"text": "last, line, without, end"},
    ]
    assert found.warnings == ["read_as_text"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,b\n1,2\n3\n4,5\n6,7\n", ["a", "b"]),  # a table with a mistake stays a table, and the mistake is told
        ("a;b;c\nx;y\nx;y\nx;y\n", ["a", "b", "c"]),
        ('sentence\n"one, two"\n', ["sentence"]),
        ('whatever\n"one\ntwo"\n', ["whatever"]),
        ("text\nHello, you\nBye\n", ["text"]),
        ('name,quote\nx,"one\ntwo, three"\ny,"four"\n', ["name", "quote"]),
    ],
)
def test_what_is_a_table(tmp_path: Path, text: str, columns: list[str]) -> None:
    found = read(tmp_path, text.encode())
    assert found.schema.names == columns
    assert "read_as_text" not in found.warnings


def test_nested_types_and_dictionaries_become_plain_columns(tmp_path: Path) -> None:
    rows = [
        {"l": ["aa", "bb"], "s": {"x": "k", "y": [{"z": "q"}]}},
        {"l": None, "s": None},
        {"l": [], "s": {"x": "k", "y": None}},
    ]
    texts = pa.array(["aa", "bb"]).dictionary_encode()
    listed = pa.table(
        {
            "d": pa.ListArray.from_arrays(pa.array([0, 1, 2]), texts),
            "f": pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2)),
        }
    )
    table = pa.Table.from_pylist(rows)
    for data in (parquet(table), arrow(table, compression="zstd")):
        assert read(tmp_path, data).rows == rows
    found = read(tmp_path, arrow(listed))
    assert found.rows == [{"d": ["aa"], "f": [1, 2]}, {"d": ["bb"], "f": [3, 4]}]
    assert found.schema == pa.schema([("d", pa.list_(pa.string())), ("f", pa.list_(pa.int8()))])


@pytest.mark.parametrize("write", [parquet, arrow])
def test_media_inside_a_table_are_media_and_decoded(tmp_path: Path, write: Callable[[pa.Table], bytes]) -> None:
    good = [{"audio": {"bytes": wav(rate=16000), "path": "a.wav"}}, {"audio": None}]
    found = read(tmp_path, write(pa.Table.from_pylist(good)))
    assert feature_of(found.schema.field("audio")) == {"_type": "Audio", "sampling_rate": 16000}
    assert found.rows == good
    # A whole header before sound that was cut: only decoding shows it.
    cut = [{"audio": {"bytes": data, "path": None}} for data in (flac(1.0), flac(1.0)[:-500])]
    assert read(tmp_path, write(pa.Table.from_pylist(cut))).codes == ["unreadable_media"]


def test_large_rows_are_handed_on_in_small_batches(tmp_path: Path) -> None:
    table = pa.table({"text": [f"{n}" + "x" * 1_000_000 for n in range(40)]})
    path = tmp_path / "sizes"
    path.mkdir()
    found = read(path, arrow(table))
    assert len(found.rows) == 40


def test_too_wide_a_message_of_a_stream_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BrokenFileError) as caught:
        read(tmp_path, gzipped(b"\x1f\x8b\x08nothing"))
    assert caught.value.problem.code == "nested_archive"


ENCODINGS = [
    ("n,text\n1,naïve\n".encode("latin-1"), 2, 11, "Latin-1 or Windows-1252"),
    ("n,text\n1,“quoted”\n".encode("cp1252"), 2, 9, "Windows-1252"),
    ("n,text\n".encode("utf-16"), 1, 0, "UTF-16 (little endian)"),
    (b"\xfe\xff" + "n,text\n".encode("utf-16-be"), 1, 0, "UTF-16 (big endian)"),
    (b'{"a": "x"}\n' * 20_000 + '{"a": "é"}\n'.encode("latin-1"), 20_001, 220_007, "Latin-1"),
    ("Привет, мир. Привет, мир.\n".encode("koi8-r"), 1, 0, "an older encoding of its own script"),
]


@pytest.mark.parametrize("pack", [bytes, gzipped])
@pytest.mark.parametrize(("data", "line", "offset", "guess"), ENCODINGS)
def test_a_wrong_encoding_is_named_with_its_place(
    tmp_path: Path, data: bytes, line: int, offset: int, guess: str, pack: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(BrokenFileError) as caught:
        read(tmp_path, pack(data))
    problem = caught.value.problem
    assert (problem.code, problem.row) == ("not_utf8", line)
    assert f"Line {line} " in problem.message
    assert f"offset {offset:,}" in problem.message
    assert guess in problem.message
    assert "UTF-8" in problem.action


def test_packed_bytes_are_counted_as_they_appear(tmp_path: Path) -> None:
    """Below the floor anything may unpack; above it, not more than fifty times the size."""
    line = b'{"text": "one"}\n'
    assert len(read(tmp_path, gzipped(line * 100_000)).rows) == 100_000
    assert refusal(tmp_path, gzipped(line * 6_000_000)) == "expands_too_much"
