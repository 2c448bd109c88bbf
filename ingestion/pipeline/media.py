"""What the first bytes of a recording or picture say about it, read in plain Python: no codec sees the bytes here."""

import struct
from dataclasses import dataclass
from typing import Any

from ingestion.pipeline.compressed_media import CutOffError, mp3_sound, ogg_sound, webp_size
from ingestion.pipeline.sniff import kind_of_bytes

JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STREAMINFO_BYTES = 42
# What a program writes for a length that it does not know yet.
STREAMED = 0xFFFFFFFF
PNG_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class AudioFacts:
    sampling_rate: int
    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        return self.frames / self.sampling_rate


@dataclass(frozen=True)
class ImageFacts:
    width: int
    height: int


class UnreadableMediaError(Exception):
    """The header does not say what it must."""


def is_approximate(data: bytes) -> bool:
    """MP3 and Ogg cut and fill at both ends, so decoders differ by some thousand samples."""
    return kind_of_bytes(data[:512]) in ("mp3", "ogg")


def media_facts(data: bytes) -> AudioFacts | ImageFacts:
    """Raises UnreadableMediaError."""
    reader = READERS.get(kind_of_bytes(data[:512]))
    if reader is None:
        raise UnreadableMediaError("neither WAV, FLAC, MP3, Ogg, PNG, JPEG nor WebP")
    try:
        facts: AudioFacts | ImageFacts = reader(data)
    except CutOffError as error:
        raise UnreadableMediaError(str(error)) from error
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise UnreadableMediaError("the header is cut off") from error
    if min(vars(facts).values()) <= 0:
        raise UnreadableMediaError("the header names an empty recording or picture")
    return facts


def _wav(data: bytes) -> AudioFacts:
    at, rate, channels, block = 12, 0, 0, 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            _, channels, rate, _, block = struct.unpack_from("<HHIIH", data, at + 8)
        elif name == b"data":
            there = len(data) - at - 8
            if size > there and size != STREAMED:
                raise UnreadableMediaError("the sound is cut off")
            return AudioFacts(rate, channels, min(size, there) // block)
        at += 8 + size + size % 2
    raise UnreadableMediaError("the WAV file has no sound in it")


def _flac(data: bytes) -> AudioFacts:
    if len(data) < STREAMINFO_BYTES:
        raise UnreadableMediaError("the FLAC header is cut off")
    packed = int.from_bytes(data[18:26], "big")
    return AudioFacts(packed >> 44, (packed >> 41 & 0b111) + 1, packed & (1 << 36) - 1)


def _png(data: bytes) -> ImageFacts:
    if not data.endswith(PNG_END):
        raise UnreadableMediaError("the picture is cut off, or something follows it")
    return ImageFacts(*struct.unpack_from(">II", data, 16))


def _jpeg(data: bytes) -> ImageFacts:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            raise UnreadableMediaError("the JPEG markers are broken")
        marker = data[at + 1]
        if marker in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return ImageFacts(width, height)
        standalone = marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01
        at += (1 if marker == 0xFF else 2) if standalone else 2 + struct.unpack_from(">H", data, at + 2)[0]
    raise UnreadableMediaError("the JPEG file names no size")


def _mp3(data: bytes) -> AudioFacts:
    return AudioFacts(*mp3_sound(data))


def _ogg(data: bytes) -> AudioFacts:
    return AudioFacts(*ogg_sound(data))


def _webp(data: bytes) -> ImageFacts:
    return ImageFacts(*webp_size(data))


READERS: dict[str | None, Any] = {
    "wav": _wav,
    "flac": _flac,
    "mp3": _mp3,
    "ogg": _ogg,
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
}
