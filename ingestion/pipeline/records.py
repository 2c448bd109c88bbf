"""The identity of records: an id that tells nothing, and a hash of the values. Both without a loop over the columns.

`record_bytes` is the definition of what is hashed; `RecordHasher` gives the same for whole batches. A column that is
null in a record takes no part, so a record keeps its hash when its dataset gains a column.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.schema import MEDIA, RECORD_ID

ID_BYTES, HASH_BYTES = 16, 32
ENTRY_BYTES = ID_BYTES + HASH_BYTES
# Ids come from one stream of bytes, in blocks, so that they do not depend on how rows were batched.
ID_BLOCK = 4096


class RecordIds:
    """16 opaque bytes for each row, the same for every run over the same `seed`."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._block, self._number, self._at = b"", 0, 0

    def take(self, count: int) -> bytes:
        """The next `count` ids, one after another."""
        taken = []
        while count:
            if self._at == len(self._block):
                self._next_block()
            some = min(count, (len(self._block) - self._at) // ID_BYTES)
            taken.append(self._block[self._at : self._at + some * ID_BYTES])
            self._at, count = self._at + some * ID_BYTES, count - some
        return b"".join(taken)

    def _next_block(self) -> None:
        named = f"{self.seed}:{self._number}".encode()
        self._block = hashlib.shake_128(named).digest(ID_BYTES * ID_BLOCK)
        self._number, self._at = self._number + 1, 0


def id_column(ids: bytes) -> pa.Array:
    """Ids as 32 hex characters each."""
    count = len(ids) // ID_BYTES
    ends = np.arange(count + 1, dtype=np.int32) * (2 * ID_BYTES)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(ends), pa.py_buffer(ids.hex().encode())])


def row_of_record(records: BinaryIO, record_id: bytes) -> int | None:
    """Its row from 0 in a record list."""
    before = 0
    while block := records.read(ID_BLOCK * ENTRY_BYTES):
        at = block.find(record_id)
        while at >= 0 and at % ENTRY_BYTES:  # by chance inside an entry
            at = block.find(record_id, at + 1)
        if at >= 0:
            return before + at // ENTRY_BYTES
        before += len(block) // ENTRY_BYTES
    return None


def ids_in(column: pa.Array) -> bytes:
    """What `id_column` was made of. Raises ValueError for anything else."""
    return bytes.fromhex("".join(column.to_pylist()))


def entries(ids: bytes, hashes: Sequence[bytes]) -> bytes:
    """A piece of a record list: ENTRY_BYTES for each record, id then hash, in the order of the rows."""
    both = np.empty((len(hashes), ENTRY_BYTES), dtype=np.uint8)
    both[:, :ID_BYTES] = np.frombuffer(ids, dtype=np.uint8).reshape(-1, ID_BYTES)
    both[:, ID_BYTES:] = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, HASH_BYTES)
    return both.tobytes()


def record_sha256(row: dict[str, Any]) -> str:
    return hashlib.sha256(record_bytes(row)).hexdigest()


def record_bytes(row: dict[str, Any]) -> bytes:
    """What stands for a record, as one batch of a row: see `docs/reference/record-hashes.md` for the words."""
    present = {name: value for name, value in row.items() if value is not None and name != RECORD_ID}
    cells = [(name, *_cell(present[name])) for name in sorted(present)]
    head = json.dumps([[name, kind] for name, kind, _, _ in cells], ensure_ascii=False, separators=(",", ":"))
    return b"".join([head.encode(), *(fixed for _, _, fixed, _ in cells), *(rest for _, _, _, rest in cells)])


def _cell(value: Any) -> tuple[str, bytes, bytes]:
    """Kind, eight bytes, and the bytes behind: a number fits into the eight, of anything else they hold the length."""
    if isinstance(value, bool | int) and -(2**63) <= value < 2**63:
        return ("bool" if isinstance(value, bool) else "int"), struct.pack("<q", value), b""
    if isinstance(value, float):
        return "float", struct.pack("<d", value), b""
    kind, data = ("text", value.encode()) if isinstance(value, str) else ("json", _as_json(value))
    if isinstance(value, dict) and set(value) == {"bytes", "path"}:
        kind, data = "media", value["bytes"] or b""
    return kind, struct.pack("<q", len(data)), data


def _as_json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class _Cells:
    """One column of a batch: eight bytes per row, and for all but numbers where the rest of each row lies."""

    def __init__(self, column: pa.Array) -> None:
        # From the buffers: asking Arrow for NumPy arrays loads pandas where it is installed.
        valid = pc.is_valid(column).cast(pa.int8())
        self.present = np.frombuffer(valid.buffers()[1], dtype=np.int8, count=len(column)).astype(bool)
        self.kind, storage = _storage(column)
        self.data: memoryview | None = None
        if self.kind in ("int", "float", "bool"):
            self.fixed = np.frombuffer(storage.buffers()[1], dtype="<i8", offset=8 * storage.offset, count=len(column))
            return
        _, ends, data = storage.buffers()
        self.ends = np.frombuffer(ends, dtype=np.int64)[storage.offset : storage.offset + len(storage) + 1]
        self.fixed = np.diff(self.ends)
        self.data = memoryview(data) if data else memoryview(b"")


def _storage(column: pa.Array) -> tuple[str, pa.Array]:
    """Kind, and the values as int64, double or large_binary."""
    kind = column.type
    if kind.equals(MEDIA):
        return "media", pc.struct_field(column, "bytes").cast(pa.large_binary())
    if pa.types.is_boolean(kind):
        return "bool", column.cast(pa.int8()).cast(pa.int64())
    if pa.types.is_integer(kind) and not kind.equals(pa.uint64()):
        return "int", column.cast(pa.int64())
    if pa.types.is_floating(kind):
        return "float", column.cast(pa.float64())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text", column.cast(pa.large_binary())
    rest = [None if value is None else _as_json(value) for value in column.to_pylist()]
    return "json", pa.array(rest, pa.large_binary())


def record_hashes(batch: pa.RecordBatch) -> list[bytes]:
    """SHA-256 of `record_bytes` of every row, 32 bytes each."""
    names = sorted(name for name in batch.schema.names if name != RECORD_ID)
    cells = {name: _Cells(batch.column(name)) for name in names}
    if not names:
        return [hashlib.sha256(b"[]").digest()] * batch.num_rows
    hashes: list[Any] = [None] * batch.num_rows
    for present, rows in _patterns([cells[name] for name in names], batch.num_rows):
        held = [(name, cells[name]) for name, is_present in zip(names, present, strict=True) if is_present]
        for row, digest in zip(rows.tolist(), _hash_rows(held, rows), strict=True):
            hashes[row] = digest
    return hashes


def _patterns(cells: Sequence[_Cells], count: int) -> Iterator[tuple[list[bool], np.ndarray[Any, Any]]]:
    """Rows that have the same columns, and which those are. Most batches are one pattern."""
    if all(each.present.all() for each in cells):
        yield [True] * len(cells), np.arange(count)
        return
    table = np.stack([each.present for each in cells], axis=1)
    bits = np.packbits(table, axis=1)
    codes = bits[:, 0] if bits.shape[1] == 1 else bits.view(f"V{bits.shape[1]}")[:, 0]
    _, firsts, which = np.unique(codes, return_index=True, return_inverse=True)
    for number, first in enumerate(firsts.tolist()):
        yield table[first].tolist(), np.flatnonzero(which == number)


def _hash_rows(held: list[tuple[str, _Cells]], rows: np.ndarray[Any, Any]) -> list[bytes]:
    head = json.dumps([[name, each.kind] for name, each in held], ensure_ascii=False, separators=(",", ":"))
    start, width = hashlib.sha256(head.encode()), 8 * len(held)
    fixed = memoryview(b"")
    if held:
        fixed = memoryview(np.stack([each.fixed[rows] for _, each in held], axis=1).astype("<i8").tobytes())
    hashes = []
    for at in range(0, width * len(rows), width) if width else [0] * len(rows):
        digest = start.copy()
        digest.update(fixed[at : at + width])
        hashes.append(digest)
    for _, each in held:
        if each.data is None:
            continue
        data = each.data
        for digest, begin, end in zip(hashes, each.ends[rows].tolist(), each.ends[rows + 1].tolist(), strict=True):
            digest.update(data[begin:end])
    return [digest.digest() for digest in hashes]
