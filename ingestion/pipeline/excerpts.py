"""Cutting a clip or a thumbnail out of a recording or picture, for the public preview.

Codecs run on users' bytes here, so this module is for the child process only. What comes out is encoded anew: nothing
of the original's metadata (a place, a device, a name) is in it, but the record's id is, so that no two records share
an object and erasing one takes nothing from another.
"""

import io

import soundfile
from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from ingestion.pipeline.limits import IMAGE_PIXELS
from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts

SECONDS = 10
PIXELS = 256
MODES = {"1": "L", "L": "L", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA"}
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, checked on the header before Pillow sees the file


def excerpt(data: bytes, record_id: str) -> bytes:
    """FLAC of the first seconds in mono, or PNG that fits a small square. Raises UnreadableMediaError."""
    facts = media_facts(data)
    if isinstance(facts, AudioFacts):
        return _clip(data, record_id)
    if facts.width * facts.height > IMAGE_PIXELS:
        raise UnreadableMediaError("it has more than 100 million pixels")
    return _thumbnail(data, record_id)


def _clip(data: bytes, record_id: str) -> bytes:
    out = io.BytesIO()
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            samples = sound.read(SECONDS * sound.samplerate, dtype="float32", always_2d=True).mean(axis=1)
            with soundfile.SoundFile(out, "w", sound.samplerate, 1, "PCM_16", format="FLAC") as clip:
                clip.comment = record_id
                clip.write(samples)
    except (soundfile.LibsndfileError, ValueError) as error:
        raise UnreadableMediaError("the sound cannot be cut") from error
    return out.getvalue()


def _thumbnail(data: bytes, record_id: str) -> bytes:
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", record_id)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert(MODES.get(upright.mode, "RGBA" if "transparency" in upright.info else "RGB"))
            small.thumbnail((PIXELS, PIXELS))
            small.info.clear()
            small.save(out, "PNG", pnginfo=told)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableMediaError("the picture cannot be made small") from error
    return out.getvalue()
