"""Which reader reads which kind."""

from collections.abc import Callable

from ingestion.domain.kinds import ARCHIVES, Kind
from ingestion.pipeline.readers.archives.layout import ArchiveReader
from ingestion.pipeline.readers.arrow import ArrowReader
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.delimited import DelimitedReader
from ingestion.pipeline.readers.jsonl import JsonLinesReader
from ingestion.pipeline.readers.parquet import ParquetReader
from ingestion.pipeline.readers.quick import QuickJsonLines, QuickReader
from ingestion.pipeline.readers.quick_delimited import QuickDelimited
from ingestion.pipeline.readers.single import SingleReader
from ingestion.pipeline.readers.text import TextReader
from ingestion.pipeline.readers.unpacking import unpack

PLAIN: dict[Kind, Callable[[Scan], Reader]] = {
    "jsonl": JsonLinesReader,
    "delimited": DelimitedReader,
    "text": TextReader,
    "parquet": ParquetReader,
    "arrow": ArrowReader,
    "arrow_stream": ArrowReader,
}
QUICK: dict[Kind, Callable[[Scan], QuickReader]] = {"jsonl": QuickJsonLines, "delimited": QuickDelimited}


def reader_for(scan: Scan) -> Reader:
    """By content. Raises BrokenFileError for what is not accepted."""
    kind = _kind(scan)
    if kind in PLAIN:
        return PLAIN[kind](scan)
    return ArchiveReader(scan, kind) if kind in ARCHIVES else SingleReader(scan, kind)


def quick_reader_for(scan: Scan) -> QuickReader | None:
    """The reader that may give up, for kinds that have one."""
    kind = _kind(scan)
    return QUICK[kind](scan) if kind in QUICK else None


def _kind(scan: Scan) -> Kind:
    """A piece from the middle of a file is of JSONL. What is packed has been unpacked when this returns."""
    return "jsonl" if scan.begin > 0 else unpack(scan)
