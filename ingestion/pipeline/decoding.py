"""Decoding a recording or picture to its last byte, once, so that a damaged one is found before it is sold.

Codecs run on users' bytes here, so this module is for the child process only.
"""

import io
from collections.abc import Iterator

import soundfile
from PIL import Image, UnidentifiedImageError

from ingestion.pipeline.limits import IMAGE_PIXELS
from ingestion.pipeline.media import AudioFacts, ImageFacts, UnreadableMediaError, is_approximate
from ingestion.pipeline.sights import Looker, Samples

BLOCK_FRAMES = 65_536
# Every other format of Pillow stays switched off: the fewer decoders see strange bytes, the better.
PICTURES = ["PNG", "JPEG", "WEBP"]
# What decoders of MP3 and Ogg add or leave out at both ends, and no cut recording could be excused with.
END_FRAMES = 4 * 1152
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, checked on the header before Pillow sees the file


def decode(data: bytes, facts: AudioFacts | ImageFacts, looker: Looker, *, row: int, column: str) -> None:
    """Raises UnreadableMediaError if the content is not what the header promises. `looker` sees what was decoded."""
    if isinstance(facts, AudioFacts):
        _decode_audio(data, facts, looker, row, column)
    else:
        _decode_image(data, facts, looker, row, column)


def _decode_audio(data: bytes, facts: AudioFacts, looker: Looker, row: int, column: str) -> None:
    blocks = _blocks(data, facts)
    looker.see_audio(row=row, column=column, facts=facts, data=data, blocks=blocks)
    for _ in blocks:  # a looker may have seen enough; we have not
        pass


def _blocks(data: bytes, facts: AudioFacts) -> Iterator[Samples]:
    """All of it. Raises UnreadableMediaError, at the latest when it ends too early or too late."""
    frames = 0
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            promised = facts.frames * sound.samplerate // facts.sampling_rate
            for block in sound.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True):
                frames += len(block)
                yield block
    except (soundfile.LibsndfileError, ValueError) as error:
        raise UnreadableMediaError("the sound cannot be decoded") from error
    if abs(frames - promised) > (END_FRAMES if is_approximate(data) else 0):
        raise UnreadableMediaError(f"it promises {promised} samples and has {frames}")


def _decode_image(data: bytes, facts: ImageFacts, looker: Looker, row: int, column: str) -> None:
    if facts.width * facts.height > IMAGE_PIXELS:
        raise UnreadableMediaError("it has more than 100 million pixels")
    try:
        with Image.open(io.BytesIO(data), formats=PICTURES) as picture:
            if picture.size != (facts.width, facts.height):
                raise UnreadableMediaError("its size is not what it promises")
            picture.load()
            looker.see_image(row=row, column=column, facts=facts, data=data, picture=picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableMediaError("the picture cannot be decoded") from error
