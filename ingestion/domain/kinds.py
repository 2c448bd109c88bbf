"""Every kind of file that is taken or refused, in one table: for `sniff`, and for the page that tells people."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "jsonl",
    "delimited",
    "text",
    "parquet",
    "arrow",
    "arrow_stream",
    "zip",
    "tar",
    "tar.gz",
    "tar.zst",
    "gzip",
    "zstd",
    "wav",
    "flac",
    "mp3",
    "ogg",
    "png",
    "jpeg",
    "webp",
]
AUDIO: tuple[Kind, ...] = ("wav", "flac", "mp3", "ogg")
IMAGES: tuple[Kind, ...] = ("png", "jpeg", "webp")
MEDIA_KINDS = AUDIO + IMAGES
ARCHIVES: tuple[Kind, ...] = ("zip", "tar", "tar.gz", "tar.zst")
PACKED: tuple[Kind, ...] = ("gzip", "zstd")
TABLES: tuple[Kind, ...] = ("jsonl", "delimited", "parquet", "arrow", "arrow_stream")


@dataclass(frozen=True)
class Taken:
    """`magic` is what the first bytes are; () where more than the first bytes decides. `becomes` says what we make."""

    kind: Kind
    name: str
    becomes: str
    magic: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Refused:
    """`what` ends the sentence “This is …”; `instead` is what to do.

    `binary`: its first bytes are letters, so it is only meant when there is a NUL among the bytes that follow.
    """

    what: str
    instead: str
    magic: tuple[bytes, ...]
    binary: bool = False
    code: str = "refused_format"


TAKEN: tuple[Taken, ...] = (
    Taken("jsonl", "JSONL", "one record per line"),
    Taken("delimited", "CSV or TSV", "one record per row below the header"),
    Taken("text", "plain text in UTF-8", "one record per line, in the column “text”"),
    Taken("parquet", "Parquet", "one record per row", (b"PAR1",)),
    Taken("arrow", "Arrow IPC file (Feather)", "one record per row", (b"ARROW1\0\0",)),
    Taken("arrow_stream", "Arrow IPC stream", "one record per row"),
    Taken("gzip", "JSONL, CSV, TSV or text in gzip", "what the file inside becomes", (b"\x1f\x8b",)),
    Taken("zstd", "JSONL, CSV, TSV or text in Zstandard", "what the file inside becomes", (b"\x28\xb5\x2f\xfd",)),
    Taken(
        "zip",
        "ZIP of recordings, pictures or texts",
        "one record per file, or per row of its metadata",
        (b"PK\x03\x04", b"PK\x05\x06"),
    ),
    Taken("tar", "TAR of recordings, pictures or texts; WebDataset", "one record per file, or per base name"),
    Taken("tar.gz", "the same in gzip", "one record per file, or per base name"),
    Taken("tar.zst", "the same in Zstandard", "one record per file, or per base name"),
    Taken("wav", "WAV", "one record with the recording"),
    Taken("flac", "FLAC", "one record with the recording", (b"fLaC",)),
    Taken("mp3", "MP3", "one record with the recording", (b"ID3",)),
    Taken("ogg", "Ogg Vorbis or Opus", "one record with the recording", (b"OggS",)),
    Taken("png", "PNG", "one record with the picture", (b"\x89PNG\r\n\x1a\n",)),
    Taken("jpeg", "JPEG", "one record with the picture", (b"\xff\xd8\xff",)),
    Taken("webp", "WebP, not animated", "one record with the picture"),
)

TAKE_OUT = "Take it out and upload the data alone."
AS_TABLE = "Save the data as JSONL, CSV or Parquet."
AS_WAV = "Convert the recordings to FLAC or WAV."
AS_PNG = "Convert the pictures to PNG or JPEG."
UNPACKED = "Unpack it and upload what is inside, or pack it as ZIP."

REFUSED: tuple[Refused, ...] = (
    Refused("a Python pickle", AS_TABLE, (b"\x80\x01", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")),
    Refused(
        "a program", TAKE_OUT, (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm")
    ),
    Refused("a program", TAKE_OUT, (b"MZ", b"dex\n"), binary=True),
    Refused("a script", TAKE_OUT, (b"#!", b"\xef\xbb\xbf#!")),
    Refused("an Office document, which can hold macros", AS_TABLE, (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")),
    Refused("a NumPy file", AS_TABLE, (b"\x93NUMPY",)),
    Refused("an HDF5 file", AS_TABLE, (b"\x89HDF",)),
    Refused("a MATLAB file", AS_TABLE, (b"MATLAB 5.0",), binary=True),
    Refused("a SQLite database", AS_TABLE, (b"SQLite format 3",)),
    Refused("a PDF file", "Take the text out and save it as JSONL or plain text.", (b"%PDF",)),
    Refused("a PostScript file", "Take the text out and save it as JSONL or plain text.", (b"%!PS",)),
    Refused("an Avro file", AS_TABLE, (b"Obj\x01",)),
    Refused("an ORC file", AS_TABLE, (b"ORC",), binary=True),
    Refused("a GIF picture", AS_PNG, (b"GIF87a", b"GIF89a")),
    Refused("a TIFF picture", AS_PNG, (b"II*\0", b"MM\0*")),
    Refused("an AIFF recording", AS_WAV, (b"FORM",), binary=True),
    Refused("a 7-Zip archive", UNPACKED, (b"7z\xbc\xaf",)),
    Refused("a RAR archive", UNPACKED, (b"Rar!\x1a\x07",)),
    Refused("a bzip2 file", UNPACKED, tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))),
    Refused("an xz file", UNPACKED, (b"\xfd7zXZ",)),
    Refused("an LZ4 file", UNPACKED, (b"\x04\x22\x4d\x18",)),
)
WEB_PAGE = Refused("a web page or XML file", AS_TABLE, ())
PICKLE = REFUSED[0]
# Found inside a ZIP by the names of its members.
OFFICE = Refused("an Office document", "Save the table as CSV, or the text as plain text.", ())
MACROS = Refused("an Office document with macros", "Save the table as CSV, or the text as plain text.", ())
MODEL = Refused("a saved model, which holds a Python pickle", "Upload the data, not the model.", ())


def taken(kind: Kind) -> Taken:
    return next(each for each in TAKEN if each.kind == kind)
