"""Files for tests: recordings, pictures, archives, honest and hostile."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from functools import reduce
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import soundfile
from PIL import Image


def wav(seconds: float = 0.1, rate: int = 8000, pitch: float = 440.0) -> bytes:
    return _sound(seconds, rate, pitch, "WAV")


def flac(seconds: float = 0.1, rate: int = 8000, pitch: float = 440.0) -> bytes:
    return _sound(seconds, rate, pitch, "FLAC")


def mp3(seconds: float = 0.1, rate: int = 16000, pitch: float = 440.0) -> bytes:
    return _sound(seconds, rate, pitch, "MP3", "MPEG_LAYER_III")


def ogg(seconds: float = 0.1, rate: int = 16000, pitch: float = 440.0, codec: str = "VORBIS") -> bytes:
    return _sound(seconds, rate, pitch, "OGG", codec)


def png(width: int = 4, height: int = 3, color: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    return _picture(width, height, color, "PNG")


def jpeg(width: int = 4, height: int = 3, color: tuple[int, int, int] = (30, 30, 200)) -> bytes:
    return _picture(width, height, color, "JPEG")


def webp(width: int = 4, height: int = 3, color: tuple[int, int, int] = (30, 200, 30)) -> bytes:
    return _picture(width, height, color, "WEBP")


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def gzipped_run(head: bytes, block: bytes, times: int, tail: bytes = b"") -> bytes:
    """`head + block * times + tail` in one member; the block is packed once, which saves seconds."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a full flush nothing refers to what came before.
    begin = packed.compress(head) + packed.flush(zlib.Z_FULL_FLUSH)
    again = packed.compress(block) + packed.flush(zlib.Z_FULL_FLUSH)
    end = packed.compress(tail) + packed.flush()
    crc = reduce(lambda found, part: zlib.crc32(part, found), [head, *repeat(block, times), tail], 0)
    size = len(head) + len(block) * times + len(tail)
    return b"\x1f\x8b\x08" + bytes(7) + begin + again * times + end + struct.pack("<II", crc, size)


def zstandard(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def parquet(table: pa.Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()


def arrow(table: pa.Table, *, stream: bool = False, compression: str | None = None, rows: int | None = None) -> bytes:
    """Arrow IPC, as a file or as a stream; `rows` per batch."""
    target = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(target, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)
    return target.getvalue()


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is a test's
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def tar_with(info: tarfile.TarInfo) -> bytes:
    """A TAR whose one member is a header without data: a link, a device, a strange name."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(info)
    return target.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has nothing more."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
        + b"\0" * 8
        + b"IEND\xaeB`\x82"
    )


def _sound(seconds: float, rate: int, pitch: float, kind: str, codec: str = "PCM_16") -> bytes:
    target = io.BytesIO()
    wave = np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate).astype("float32")
    soundfile.write(target, wave, rate, format=kind, subtype=codec)
    return target.getvalue()


def _picture(width: int, height: int, color: tuple[int, int, int], kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), color).save(target, kind)
    return target.getvalue()
