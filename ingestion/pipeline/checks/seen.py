"""A batch as checks see it: every text in it, wherever it is nested, as one run of bytes with the rows beside it."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.checks.places import Bytes, Lookout, Places, Sights
from ingestion.pipeline.schema import is_media

# Arrow makes the machine for a pattern anew for each batch: so many texts are looked at one by one in the same time.
FEW = 20


class Texts:
    """The texts at one place of the schema: `title`, `address.street`, `tags[]`.

    `values` may hold several texts of one row (a list), or none; `parents` says which row of the batch each belongs to.
    """

    def __init__(self, name: str, values: pa.Array, parents: Places, lookout: Lookout) -> None:
        self.name, self.values, self.parents = name, values, parents
        self._lookout = lookout
        offset_type = np.int64 if pa.types.is_large_string(values.type) else np.int32
        _, offsets, self._content = values.buffers()
        held = np.frombuffer(offsets, offset_type) if offsets else np.zeros(1, offset_type)
        self._offsets = held[values.offset : values.offset + len(values) + 1]

    @cached_property
    def data(self) -> Bytes:
        """The bytes of all texts, one directly after the other."""
        if self._content is None or not len(self.values):
            return np.zeros(0, np.uint8)
        return np.frombuffer(self._content, np.uint8)[self._offsets[0] : self._offsets[-1]]

    @cached_property
    def sights(self) -> Sights:
        return self._lookout.look(self.data)

    @cached_property
    def bounds(self) -> Places:
        """Text `i` is `data[bounds[i]:bounds[i + 1]]`."""
        return self._offsets.astype(np.int64) - int(self._offsets[0] if len(self._offsets) else 0)

    @cached_property
    def lengths(self) -> Places:
        """In bytes. -1: there is no text."""
        lengths: Places = np.diff(self.bounds)
        if self.values.null_count:
            lengths[self.values.is_null().to_numpy(zero_copy_only=False)] = -1
        return lengths

    def rows(self, texts: Places) -> list[int]:
        """The rows of the batch, from 0, that hold any of these texts."""
        rows: list[int] = np.unique(self.parents[texts]).tolist()
        return rows

    def touched(self, starts: Places, width: int) -> Places:
        """The texts that overlap any of the windows of `width` bytes which begin at `starts`, ascending."""
        if not len(starts):
            return np.zeros(0, np.int64)
        first = np.searchsorted(self.bounds, starts, "right") - 1
        last = np.searchsorted(self.bounds, np.minimum(starts + width, len(self.data)), "left")
        most = len(self.values) + 1
        open_windows = np.cumsum(np.bincount(first, minlength=most) - np.bincount(last, minlength=most))
        return np.flatnonzero((open_windows[:-1] > 0) & (self.lengths > 0))

    def holding(self, starts: Places, width: int) -> Places:
        """The texts that hold any of these windows whole, ascending."""
        first = np.searchsorted(self.bounds, starts, "right") - 1
        inside = starts + width <= self.bounds[first + 1]
        texts = first[inside]
        return texts[(np.diff(texts, prepend=-1) > 0) & (self.lengths[texts] > 0)]

    def within(self, text: int, places: Places, before: int = 0) -> list[int]:
        """Which of the places are in this text, or at most so many bytes before it."""
        low, high = np.searchsorted(places, [self.bounds[text] - before, self.bounds[text + 1]])
        inside: list[int] = places[low:high].tolist()
        return inside

    def matching(self, texts: Places, pattern: str) -> Places:
        """Those of `texts` in which the RE2 pattern is found."""
        if not len(texts):
            return texts
        found = pc.match_substring_regex(self.values.take(pa.array(texts)), pattern)
        matching: Places = texts[found.to_numpy(zero_copy_only=False)]
        return matching

    def whole(self, text: int) -> bytes:
        return self.data[self.bounds[text] : self.bounds[text + 1]].tobytes()

    def part(self, text: int, start: int, end: int) -> bytes:
        """`data[start:end]`, cut at the ends of the text."""
        low, high = int(self.bounds[text]), int(self.bounds[text + 1])
        return self.data[max(start, low) : min(end, high)].tobytes()


class Seen:
    """`first_row` is the number of the batch's first row in the piece, from 1."""

    def __init__(self, batch: pa.RecordBatch, first_row: int, lookout: Lookout) -> None:
        self.batch, self.first_row, self._lookout = batch, first_row, lookout

    @cached_property
    def texts(self) -> list[Texts]:
        """Not looked at: binary columns, numbers, and the file names in media columns."""
        fields = zip(self.batch.schema, self.batch.columns, strict=True)
        rows = np.arange(self.batch.num_rows)
        found = [_texts(field.name, column, rows) for field, column in fields if not is_media(field)]
        return [Texts(*each, self._lookout) for column in found for each in column]

    def numbers(self, texts: Texts, which: Places) -> list[int]:
        """Row numbers in the piece of these texts."""
        return [row + self.first_row for row in texts.rows(which)]


def _texts(name: str, values: pa.Array, parents: Places) -> Iterator[tuple[str, pa.Array, Places]]:
    """Every place below with texts, its values, and the row of the batch for each value."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield name, values, parents
    elif pa.types.is_struct(kind):
        for field, child in zip(kind, values.flatten(), strict=True):
            yield from _texts(f"{name}.{field.name}", child, parents)
    elif _is_list(kind):
        lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
        yield from _texts(f"{name}[]", values.flatten(), np.repeat(parents, lengths))
    elif (plainer := _plainer(values)) is not None:
        yield from _texts(name, plainer, parents)


def _is_list(kind: pa.DataType) -> bool:
    tests = ("list", "large_list", "fixed_size_list", "list_view", "large_list_view")
    return any(getattr(pa.types, f"is_{test}")(kind) for test in tests)


def _plainer(values: pa.Array) -> pa.Array | None:
    """The same values in one of the types above, if there may be texts in them."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return values.dictionary_decode()
    if isinstance(values, pa.ExtensionArray):
        return values.storage
    if pa.types.is_string_view(kind):
        return values.cast(pa.large_string())
    if pa.types.is_map(kind):
        entries = pa.struct([pa.field("key", kind.key_type), pa.field("value", kind.item_type)])
        return values.cast(pa.list_(entries))
    return None
