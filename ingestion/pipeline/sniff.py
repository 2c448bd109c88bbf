"""What a file is, by its content. The name is not asked. The kinds themselves are in `ingestion/domain/kinds.py`."""

import re
from pathlib import Path
from typing import BinaryIO

import puremagic

from ingestion.domain.kinds import PACKED, PICKLE, REFUSED, TAKEN, WEB_PAGE, Kind, Refused
from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.packing import UnpackingError, unpacked
from ingestion.pipeline.pickles import is_pickle
from ingestion.pipeline.texts import BOM, MARKS_16, not_utf8, text_kind, utf16

HEAD = 8192
# Enough lines to tell a table from prose.
TEXT_HEAD = 65_536
TAR_MAGIC_AT, TAR_BLOCK = 257, 512
MARKUP = re.compile(rb"\s*<(!doctype|html|script|svg|\?xml|\?php|body|head|iframe)\b", re.IGNORECASE)
# Inside something else: what a browser would run although the first bytes say otherwise.
HIDDEN_PAGE = re.compile(rb"<(html|script|iframe|!doctype html|\?php)[\s>]", re.IGNORECASE)
ENDS_ASKED = 1024
MPEG = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", re.DOTALL)
ARROW_STREAM = re.compile(rb"\xff\xff\xff\xff(?P<size>.{4})[\x04-\xff]\0\0\0", re.DOTALL)
# Beginnings that are no name of a file: a TAR that starts so is two things at once.
NO_NAME = (b"%PDF-", b"GIF8", b"#!", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", b"\x80", b"\x7fELF")
ACCEPTED = (
    "JSONL, CSV, TSV, text, Parquet, Arrow, a recording (WAV, FLAC, MP3, Ogg), a picture (PNG, JPEG, WebP), or a ZIP "
    "or TAR of recordings, pictures or texts"
)


def sniff(path: Path) -> Kind:
    """The kind of a file. Raises BrokenFileError for anything that is not on the list of accepted kinds."""
    with path.open("rb") as file:
        head = file.read(TEXT_HEAD)
        kind = kind_of_bytes(head)
        if kind != "zip" and _ends_like_zip(file):
            raise ambiguous("This file can be read as two different formats, so we do not read it as either.")
    if kind is None or kind not in ("tar", "zip"):
        refuse(head)
    if kind == "tar" and (head.startswith(NO_NAME) or MARKUP.match(head)):
        raise ambiguous("This file is a TAR archive and something else at the same time.")
    if kind in PACKED:
        return _inside(path, kind)
    return kind or kind_of_text(head, whole=len(head) < TEXT_HEAD)


def kind_of_bytes(head: bytes) -> Kind | None:
    """Binary kinds that their first bytes name."""
    if head[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar":
        return "tar"
    if head.startswith(b"RIFF"):
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12])  # type: ignore[return-value]  # both are kinds
    if MPEG.match(head):
        return "mp3"
    if (stream := ARROW_STREAM.match(head)) and 0 < int.from_bytes(stream["size"], "little") < 2**26:
        return "arrow_stream"
    return next((each.kind for each in TAKEN if head.startswith(each.magic) and each.magic), None)


def refused_kind(head: bytes) -> Refused | None:
    """What it is, if it is something that is never accepted."""
    for each in REFUSED:
        if head.startswith(each.magic) and (not each.binary or b"\0" in head):
            return each
    if MARKUP.match(head.removeprefix(BOM)):
        return WEB_PAGE
    return PICKLE if kind_of_bytes(head) is None and is_pickle(head[:HEAD]) else None


def refuse(head: bytes, name: str = "") -> None:
    """Raises for what is never accepted; `name` is that of a file in an archive."""
    found = refused_kind(head)
    if found:
        which = f"“{name[:100]}” in the archive" if name else "This"
        raise broken(
            found.code,
            f"{which} is {found.what}, which this site does not take.",
            found.instead,
            example=name[:100] or None,
        )


def refuse_hidden(data: bytes, name: str) -> None:
    """Raises if a recording or picture is an archive or a web page too: such a file attacks whoever is given it."""
    ends = data[:ENDS_ASKED], data[-ENDS_ASKED:]
    if _is_zip_end(data[-65_557:]) or any(HIDDEN_PAGE.search(end) or b"%PDF-" in end for end in ends):
        raise ambiguous(f"“{name[:100]}” can be read as two different formats.", example=name[:100])


def ambiguous(message: str, example: str | None = None) -> BrokenFileError:
    return broken("ambiguous_container", message, "Export the file again with a common program.", example=example)


def kind_of_text(head: bytes, *, whole: bool) -> Kind:
    """JSONL, a table or plain text. `whole`: there is nothing behind `head`."""
    for mark in MARKS_16:
        if head.startswith(mark):
            raise utf16(mark)
    if b"\x00" in head:
        raise broken("unknown_format", f"This is {_guess(head)}, not a format we read.", f"Use {ACCEPTED}.")
    cut = head if whole else head[: head.rfind(b"\n") + 1] or head
    try:
        return text_kind(cut.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if not whole and error.start >= len(cut) - 4 and cut is head:
            return text_kind(cut[: error.start].decode("utf-8-sig"))
        line = cut[: error.start].count(b"\n") + 1
        raise not_utf8(cut, error, line=line, offset=0) from error


def _inside(path: Path, packing: Kind) -> Kind:
    """A packed TAR is an archive; anything else that is packed must be text, which its reader finds out."""
    try:
        with unpacked(path, packing) as stream:
            inside = stream.read(TAR_BLOCK)
    except UnpackingError:
        return packing
    if kind_of_bytes(inside) == "tar":
        return "tar.gz" if packing == "gzip" else "tar.zst"
    return packing


def _ends_like_zip(file: BinaryIO) -> bool:
    """Whether an end-of-central-directory record lies where a ZIP reader would look for it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    return _is_zip_end(file.read())


def _is_zip_end(tail: bytes) -> bool:
    found = tail.rfind(b"PK\x05\x06")
    return (
        found >= 0
        and len(tail) - found >= 22
        and found + 22 + int.from_bytes(tail[found + 20 : found + 22], "little") == len(tail)
    )


def _guess(head: bytes) -> str:
    try:
        return f"probably {puremagic.from_string(head)} data"
    except (puremagic.PureError, ValueError):
        return "binary data"
