"""Which reader reads which kind."""

from ingestion.domain.problems import broken
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.delimited import DelimitedReader
from ingestion.pipeline.readers.jsonl import JsonLinesReader
from ingestion.pipeline.readers.media import ArchiveReader
from ingestion.pipeline.readers.parquet import ParquetReader
from ingestion.pipeline.readers.quick import QuickJsonLines, QuickReader
from ingestion.pipeline.readers.quick_delimited import QuickDelimited
from ingestion.pipeline.sniff import sniff


def reader_for(scan: Scan) -> Reader:
    """By content. Raises BrokenFileError for what is not accepted."""
    kind = sniff(scan.path)
    if kind == "jsonl":
        return JsonLinesReader(scan)
    if kind == "delimited":
        return DelimitedReader(scan)
    if kind == "parquet":
        return ParquetReader(scan)
    if kind in ("zip", "tar", "tar.gz"):
        return ArchiveReader(scan, kind)
    raise broken(
        "single_media_file",
        "This is one recording or picture.",
        "Put all of them into one ZIP file, together with a file metadata.csv that has the column file_name.",
    )


def quick_reader_for(scan: Scan) -> QuickReader | None:
    """The reader that may give up, for kinds that have one. A piece from the middle of a file is of JSONL."""
    kind = "jsonl" if scan.begin > 0 else sniff(scan.path)
    quick: dict[str, type[QuickReader]] = {"jsonl": QuickJsonLines, "delimited": QuickDelimited}
    return quick[kind](scan) if kind in quick else None
