"""What a file is, by its content. The name is not asked."""

import re
from pathlib import Path
from typing import BinaryIO, Literal

import puremagic

from ingestion.domain.problems import BrokenFileError, broken

Kind = Literal["jsonl", "delimited", "parquet", "zip", "tar", "tar.gz", "wav", "flac", "png", "jpeg"]

HEAD = 8192
TAR_MAGIC_AT = 257
GZIP = b"\x1f\x8b"
TEXT_PICKLE = re.compile(rb"(c[\w.]+\n[\w.]+\n|\([dl]p\d|\(i[\w.]+\n)")
MARKUP = re.compile(rb"\s*<(!doctype|html|script|svg|\?xml|body|head|iframe)\b", re.IGNORECASE)
BYTE_ORDER_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
ACCEPTED = "JSONL, CSV, TSV, Parquet, or a ZIP or TAR of WAV, FLAC, PNG or JPEG files with a metadata file"

TAKEN: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"fLaC", "flac"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a script"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"%PDF", "a PDF file"),
    (b"ARROW1", "an Arrow file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"SQLite format 3", "a SQLite database"),
)


def sniff(path: Path) -> Kind:
    """The kind of a file. Raises BrokenFileError for anything that is not on the list of accepted kinds."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        _refuse(head)
        kind = kind_of_bytes(head)
        if kind is None and head.startswith(GZIP):
            kind = _inside_gzip(file)
        if kind != "zip" and _ends_like_zip(file):
            raise broken(
                "ambiguous_container",
                "This file can be read as two different formats, so we do not read it as either.",
                f"Save the data again as {ACCEPTED}.",
            )
    return kind or _text_kind(head)


def kind_of_bytes(head: bytes) -> Kind | None:
    """Binary kinds that their first bytes name."""
    if head[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar":
        return "tar"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    return next((kind for magic, kind in TAKEN if head.startswith(magic)), None)


def refused_kind(head: bytes) -> str | None:
    """What it is, if it is something that is never accepted."""
    for magic, what in REFUSED:
        if head.startswith(magic):
            return what
    if TEXT_PICKLE.match(head):
        return "a Python pickle"
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "a web page or XML file"
    return None


def _refuse(head: bytes) -> None:
    what = refused_kind(head)
    if what:
        raise broken("refused_format", f"This is {what}, which this site does not take.", f"Use {ACCEPTED}.")
    if head.startswith(BYTE_ORDER_MARKS_16):
        raise _not_utf8()


def _inside_gzip(file: BinaryIO) -> Kind:
    import gzip  # noqa: PLC0415 - most files are not compressed
    import zlib  # noqa: PLC0415

    file.seek(0)
    try:
        inside = gzip.GzipFile(fileobj=file).read(HEAD)
    except (OSError, EOFError, zlib.error):
        inside = b""
    if kind_of_bytes(inside) == "tar":
        return "tar.gz"
    raise broken(
        "compressed_file", "This file is compressed with gzip.", "Unpack it and upload the file that is inside."
    )


def _ends_like_zip(file: BinaryIO) -> bool:
    """Whether an end-of-central-directory record lies where a ZIP reader would look for it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    return (
        found >= 0
        and len(tail) - found >= 22
        and found + 22 + int.from_bytes(tail[found + 20 : found + 22], "little") == len(tail)
    )


def _text_kind(head: bytes) -> Kind:
    if b"\x00" in head:
        raise broken("unknown_format", f"This is {_guess(head)}, not a format we read.", f"Use {ACCEPTED}.")
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 or len(head) < HEAD:
            raise _not_utf8(head[: error.start].count(b"\n") + 1) from error
        text = head[: error.start].decode("utf-8-sig")
    start = text.lstrip()[:1]
    if start == "[":
        raise broken(
            "json_array",
            "This is one JSON list. We read JSONL: one object per line.",
            "Write every record as a JSON object on a line of its own and upload that file.",
        )
    return "jsonl" if start == "{" else "delimited"


def _not_utf8(row: int | None = None) -> BrokenFileError:
    return broken(
        "not_utf8",
        "The text in this file is not in UTF-8.",
        "Save the file with the encoding UTF-8. In a spreadsheet program choose “CSV UTF-8”.",
        row=row,
    )


def _guess(head: bytes) -> str:
    try:
        return f"probably {puremagic.from_string(head)} data"
    except (puremagic.PureError, ValueError):
        return "binary data"
