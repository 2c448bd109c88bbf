"""Packed texts, tables and media that mean harm, each with the code it is refused with."""

import io
import pickle  # noqa: TID251 - what is made here is refused, never loaded
import struct
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

from tests.unit.ingestion.hostile.zips import AMBIGUOUS, Case
from tests.unit.ingestion.makers import arrow, flac, gzipped, gzipped_run, png, png_header, wav, zipped, zstandard

MIB = 1024**2
LINE = b'{"text": "one"}\n'


def _wide_parquet(rows: int = 1_000_000, width: int = 200_000) -> bytes:
    """One text that stands in every row: the footer says 0.2 MB, written out it is 200 GB."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * width]))
    target = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), target)
    return target.getvalue()


def _nested_wide_parquet() -> bytes:
    lists = pa.array([["x" * 100_000] * 10] * 500)
    target = io.BytesIO()
    pq.write_table(pa.table({"texts": lists}), target)
    return target.getvalue()


def _many_nulls() -> bytes:
    """Rows without any bytes, in a batch that says it has 2^40 of them."""
    made = arrow(pa.table({"a": pa.nulls(7777)}), stream=True)
    return made.replace(struct.pack("<q", 7777), struct.pack("<q", 2**40))


def _arrow_dictionary_bomb() -> bytes:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int8()), pa.array(["x" * 100_000]))
    return arrow(pa.table({"text": texts}))


def _lying_wav() -> bytes:
    data = bytearray(wav())
    data[40:44] = struct.pack("<I", 0x7FFFFFF0)
    return bytes(data)


def _lying_flac() -> bytes:
    data = bytearray(flac())
    packed = int.from_bytes(data[18:26], "big")
    data[18:26] = (packed & ~((1 << 36) - 1) | (1 << 35)).to_bytes(8, "big")
    return bytes(data)


def _png_with_less_than_it_says() -> bytes:
    """The header says 81 million pixels; the data end after the first rows."""
    body = zlib.compress(bytes(1000), 9)
    chunk = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    header = b"IHDR" + struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return start + chunk + b"\0\0\0\0IEND\xaeB`\x82"


CASES: dict[str, Case] = {
    "gz-one-line": (lambda: gzipped_run(b'{"text": "', b"x" * MIB, 500, b'"}\n'), "line_too_long"),
    "gz-bomb": (lambda: gzipped_run(b"", LINE * (MIB // len(LINE)), 300), "expands_too_much"),
    "zst-one-line": (lambda: zstandard(b'{"text": "' + b"x" * 300 * MIB + b'"}\n'), "line_too_long"),
    "zst-bomb": (lambda: zstandard(LINE * (300 * MIB // len(LINE))), "expands_too_much"),
    "gz-in-gz": (lambda: gzipped(gzipped(LINE)), "nested_archive"),
    "zip-in-gz": (lambda: gzipped(zipped({"a": b"b"})), "nested_archive"),
    "pickle-in-gz": (lambda: gzipped(pickle.dumps({"a": 1})), "refused_format"),
    "page-in-zst": (lambda: zstandard(b"<html><script>x()</script>"), "refused_format"),
    "gz-cut": (lambda: gzipped(LINE * 1000)[:-10], "damaged_compression"),
    "gz-behind": (lambda: gzipped(LINE) + b"hidden", "damaged_compression"),
    "zst-cut": (lambda: zstandard(LINE * 1000)[:-3], "damaged_compression"),
    "zst-behind": (lambda: zstandard(LINE) + b"hidden", "damaged_compression"),
    "gz-not-utf8": (lambda: gzipped("naïve\n".encode("latin-1")), "not_utf8"),
    "deep-json": (lambda: b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "too_deep"),
    "one-line": (lambda: b"x" * 20 * MIB, "line_too_long"),
    "parquet-bomb": (_wide_parquet, "expands_too_much"),
    "parquet-nested-bomb": (_nested_wide_parquet, "expands_too_much"),
    "parquet-in-name-only": (lambda: b"PAR1" + bytes(100) + b"PAR1", "invalid_parquet"),
    "pickle-as-parquet": (lambda: pickle.dumps({"a": 1}), "refused_format"),
    "arrow-bomb": (lambda: arrow(pa.table({"a": pa.array([0] * 8_000_000)}), compression="zstd"), "batch_too_large"),
    "arrow-bomb-in-parts": (
        lambda: arrow(pa.table({"a": pa.array([0] * 30_000_000)}), compression="zstd", rows=500_000),
        "expands_too_much",
    ),
    "arrow-dictionary-bomb": (_arrow_dictionary_bomb, "expands_too_much"),
    "arrow-nulls": (_many_nulls, "batch_too_large"),
    "arrow-cut": (lambda: arrow(pa.table({"a": [1, 2]}), stream=True)[:-60], "invalid_arrow"),
    "arrow-without-end": (lambda: arrow(pa.table({"a": [1, 2]}))[:-4], "invalid_arrow"),
    "arrow-strange-type": (
        lambda: arrow(pa.table({"a": pa.array([{1: 2}], pa.map_(pa.int8(), pa.int8()))})),
        "unsupported_type",
    ),
    "wav-lies": (_lying_wav, "unreadable_media"),
    "flac-lies": (_lying_flac, "unreadable_media"),
    "png-lies": (lambda: png_header(60_000, 60_000), "unreadable_media"),
    "png-says-more": (_png_with_less_than_it_says, "unreadable_media"),
    "page-in-a-picture": (lambda: png()[:33] + b"<script>x()</script>" + png()[33:], AMBIGUOUS),
    "pdf-in-a-recording": (lambda: wav() + b"%PDF-1.7", AMBIGUOUS),
}
