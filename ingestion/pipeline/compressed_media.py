"""Headers of MP3, Ogg (Vorbis, Opus) and WebP, in plain Python. See ISO 11172-3, RFC 3533, RFC 7845, RFC 9649."""

import struct

LAYER_III_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = (44_100, 48_000, 32_000)
# The version bits of a frame: MPEG 2.5, 2 and 1, by which the rates are divided.
DIVISORS = {0: 4, 2: 2, 3: 1}
OPUS_RATE = 48_000
OGG_HEADER = struct.Struct("<4sBBqIIIB")
NO_POSITION = -1


class CutOffError(Exception):
    """The file ends, or stops making sense, before its header says."""


def mp3_sound(data: bytes) -> tuple[int, int, int]:
    """Sampling rate, channels, frames of samples. Every frame header is visited, so a file that is cut is noticed."""
    at, rate, channels, samples = _after_id3(data), 0, 0, 0
    end = len(data) - (128 if data[-128:-125] == b"TAG" else 0)
    while at + 4 <= end and data[at : at + 8] != b"APETAGEX":
        size, rate_here, channels_here, samples_here = _mp3_frame(data[at : at + 4])
        if at + size > end or (rate and rate_here != rate):
            raise CutOffError("the sound is cut off or damaged")
        # The first frame of most files holds no sound, only how long the file is.
        if samples or not _is_info_frame(data[at : at + size]):
            samples += samples_here
        at, rate, channels = at + size, rate_here, channels_here
    return rate, channels, samples


def _after_id3(data: bytes) -> int:
    """Behind the tags at the start, whose size is in four times seven bits."""
    if not data.startswith(b"ID3"):
        return 0
    size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
    at = 10 + size
    while at < len(data) and data[at] == 0:
        at += 1
    return at


def _mp3_frame(header: bytes) -> tuple[int, int, int, int]:
    """Bytes, sampling rate, channels and samples of one frame."""
    bits = int.from_bytes(header, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    rate_at, bitrate_at = bits >> 10 & 3, bits >> 12 & 15
    if bits >> 21 != 0x7FF or layer != 1 or version == 1 or rate_at == 3 or bitrate_at in (0, 15):
        raise CutOffError("the sound is cut off or damaged")
    first = version == 3
    bitrate = LAYER_III_BITRATES[1 if first else 2][bitrate_at] * 1000
    rate = RATES[rate_at] // DIVISORS[version]
    size = (144 if first else 72) * bitrate // rate + (bits >> 9 & 1)
    return size, rate, 1 if bits >> 6 & 3 == 3 else 2, 1152 if first else 576


def _is_info_frame(frame: bytes) -> bool:
    return any(tag in frame[:64] for tag in (b"Xing", b"Info", b"VBRI"))


def ogg_sound(data: bytes) -> tuple[int, int, int]:
    """Sampling rate, channels, frames: from the identification header and the position of the last page."""
    at, last, ended, serial, packet = 0, 0, False, None, b""
    while at + OGG_HEADER.size <= len(data):
        mark, _, flags, position, page_serial, _, _, count = OGG_HEADER.unpack_from(data, at)
        sizes = data[at + OGG_HEADER.size : at + OGG_HEADER.size + count]
        body = at + OGG_HEADER.size + count
        if mark != b"OggS" or body + sum(sizes) > len(data):
            raise CutOffError("the sound is cut off or damaged")
        if serial is None:
            serial, packet = page_serial, data[body : body + sum(sizes)]
        if page_serial != serial:
            raise CutOffError("there is more than one stream in it")
        last = position if position != NO_POSITION else last
        at, ended = body + sum(sizes), bool(flags & 4)
    if at != len(data) or not ended:
        raise CutOffError("the sound is cut off")
    return _ogg_facts(packet, last)


def _ogg_facts(packet: bytes, last: int) -> tuple[int, int, int]:
    if packet.startswith(b"OpusHead"):
        skipped = struct.unpack_from("<H", packet, 10)[0]
        return OPUS_RATE, packet[9], last - skipped
    if packet.startswith(b"\x01vorbis"):
        return struct.unpack_from("<I", packet, 12)[0], packet[11], last
    raise CutOffError("it holds neither Vorbis nor Opus")


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that does not move."""
    if len(data) != 8 + struct.unpack_from("<I", data, 4)[0]:
        raise CutOffError("the picture is cut off, or something follows it")
    chunk = data[12:16]
    if chunk == b"VP8X":
        if data[20] & 0x02:
            raise CutOffError("it is animated")
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise CutOffError("it is no WebP picture")
