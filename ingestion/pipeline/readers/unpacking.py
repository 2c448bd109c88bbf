"""JSONL, CSV or text in gzip or Zstandard: unpacked beside the file, where the readers of texts read it as ever."""

from ingestion.domain.kinds import PACKED, Kind
from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import FILE_SIZE, GIB, LINE_BYTES, MIB
from ingestion.pipeline.packing import Budget, UnpackingError, unpacked
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.sniff import kind_of_bytes, kind_of_text, refuse, sniff

UNPACKED = "unpacked"
TEXT_HEAD = 65_536


def unpack(scan: Scan) -> Kind:
    """The kind of the file. A packed one is unpacked, and `scan` leads to what was in it. Raises BrokenFileError."""
    kind = sniff(scan.path)
    if kind not in PACKED:
        return kind
    packed_bytes = scan.path.stat().st_size
    target = scan.path.with_name(UNPACKED)
    try:
        size = _write(scan, kind)
    except UnpackingError as error:
        raise broken(
            "damaged_compression",
            "The compressed file is damaged, or something follows it.",
            "Pack it again and replace the file.",
        ) from error
    inside = _text_inside(scan)
    told = scan.progress
    # From here on it is the file inside, all of it.
    scan.path, scan.begin, scan.end, scan.sample = target, 0, None, None
    scan.progress = lambda rows, read: told(rows, packed_bytes * read // max(1, size))
    return inside


def _write(scan: Scan, kind: Kind) -> int:
    """Bytes written. A line that never ends is found here, before anybody waits for the rest of the bomb."""
    budget, written, open_line = Budget(scan.path.stat().st_size), 0, 0
    with unpacked(scan.path, kind) as stream, scan.path.with_name(UNPACKED).open("wb") as file:
        while block := stream.read(MIB):
            written, at = written + len(block), block.rfind(b"\n")
            open_line = open_line + len(block) if at < 0 else len(block) - at - 1
            budget.take(len(block))
            _check(written, open_line)
            file.write(block)
    return written


def _check(written: int, open_line: int) -> None:
    if open_line > LINE_BYTES:
        raise broken(
            "line_too_long", f"A line is longer than {LINE_BYTES // MIB} MiB.", "Check that the file has line ends."
        )
    if written >= FILE_SIZE:
        raise broken(
            "unpacks_too_large",
            f"The file unpacks to more than {FILE_SIZE // GIB} GiB.",
            "Upload it unpacked, or split it.",
        )


def _text_inside(scan: Scan) -> Kind:
    path = scan.path.with_name(UNPACKED)
    with path.open("rb") as file:
        head = file.read(TEXT_HEAD)
    refuse(head)
    if kind_of_bytes(head) is not None:
        raise nested()
    return kind_of_text(head, whole=len(head) < TEXT_HEAD)


def nested() -> BrokenFileError:
    return broken(
        "nested_archive",
        "Inside the compressed file is a file that is compressed or binary itself.",
        "Upload the file that is inside.",
    )
