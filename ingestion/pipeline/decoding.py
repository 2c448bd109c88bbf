"""Decoding a recording or picture to its last byte, so that a damaged one is found before it is sold.

Codecs run on users' bytes here, so this module is for the child process only.
"""

import io

import soundfile
from PIL import Image, UnidentifiedImageError

from ingestion.pipeline.limits import IMAGE_PIXELS
from ingestion.pipeline.media import AudioFacts, ImageFacts, UnreadableMediaError

BLOCK_FRAMES = 65_536
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, checked on the header before Pillow sees the file


def check_decodes(data: bytes, facts: AudioFacts | ImageFacts) -> None:
    """Raises UnreadableMediaError if the content is not what the header promises."""
    if isinstance(facts, AudioFacts):
        _check_audio(data, facts)
    else:
        _check_image(data, facts)


def _check_audio(data: bytes, facts: AudioFacts) -> None:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            frames = sum(len(block) for block in sound.blocks(BLOCK_FRAMES, dtype="float32"))
    except (soundfile.LibsndfileError, ValueError) as error:
        raise UnreadableMediaError("the sound cannot be decoded") from error
    if frames != facts.frames:
        raise UnreadableMediaError(f"it promises {facts.frames} samples and has {frames}")


def _check_image(data: bytes, facts: ImageFacts) -> None:
    if facts.width * facts.height > IMAGE_PIXELS:
        raise UnreadableMediaError("it has more than 100 million pixels")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            picture.load()
            size = picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableMediaError("the picture cannot be decoded") from error
    if size != (facts.width, facts.height):
        raise UnreadableMediaError("its size is not what it promises")
