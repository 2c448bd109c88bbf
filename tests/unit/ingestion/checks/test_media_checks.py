"""Recordings and pictures that decode and are still of little use."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from PIL import Image

from ingestion.pipeline.checks.media import Block, MediaChecks
from ingestion.pipeline.media import AudioFacts, ImageFacts, media_facts
from tests.unit.ingestion.makers import jpeg, png, wav


def samples(*levels: float, count: int = 8000) -> Block:
    return np.resize(np.array(levels, np.float32), count)


def heard(*recordings: Block, rates: tuple[int, ...] = ()) -> dict[str, tuple[int, ...]]:
    checks = MediaChecks()
    for row, recording in enumerate(recordings, start=1):
        rate = rates[row - 1] if rates else 8000
        blocks = np.array_split(recording, 3)
        facts = AudioFacts(rate, 1, len(recording))
        checks.see_audio(row=row, column="audio", facts=facts, data=recording.tobytes(), blocks=blocks)
    return {each.code: each.rows for each in checks.findings()}


def looked_at(*pictures: bytes) -> dict[str, tuple[int, ...]]:
    checks = MediaChecks()
    for row, data in enumerate(pictures, start=1):
        facts = media_facts(data)
        assert isinstance(facts, ImageFacts)
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            checks.see_image(row=row, column="image", facts=facts, data=data, picture=picture)
    return {each.code: each.rows for each in checks.findings()}


def test_silence() -> None:
    almost = samples(0.0009)
    almost[:7] = 0.5
    audible = samples(0.0009)
    audible[:9] = 0.5
    assert heard(samples(0), almost, audible, samples(0.0011)) == {"silent": (1, 2)}


def test_clipping() -> None:
    few, many = samples(0.5, -0.5), samples(0.5, -0.4)
    few[:8], many[:9] = 1, -1
    assert heard(few, many) == {"clipped": (2,)}


def test_a_16_bit_recording_clips_at_its_largest_number() -> None:
    target = io.BytesIO()
    soundfile.write(target, np.full(8000, 1.0), 8000, format="WAV", subtype="PCM_16")
    decoded, _ = soundfile.read(io.BytesIO(target.getvalue()), dtype="float32")
    assert heard(decoded) == {"clipped": (1,)}


def test_short_ones_and_other_rates() -> None:
    short, long = samples(0.1, count=799), samples(0.2, count=4410)
    assert heard(short, samples(0.3), long, rates=(8000, 8000, 44100)) == {"very_short": (1,), "mixed_rates": (3,)}


def test_the_same_again_is_counted_from_the_second_on() -> None:
    assert heard(samples(0.3), samples(0.4), samples(0.3), samples(0.3)) == {"identical_media": (3, 4)}


def test_a_recording_that_breaks_leaves_nothing_behind() -> None:
    def broken() -> Iterator[Block]:
        yield samples(0)
        raise ValueError("broken")

    checks = MediaChecks()
    with pytest.raises(ValueError, match="broken"):
        checks.see_audio(row=1, column="audio", facts=AudioFacts(8000, 1, 1), data=b"", blocks=broken())
    assert checks.findings() == []


def test_pictures() -> None:
    mixed = Image.effect_noise((40, 40), 90)
    target = io.BytesIO()
    mixed.save(target, "PNG")
    assert looked_at(target.getvalue(), png(40, 40), jpeg(31, 64), png(40, 40)) == {
        "one_color": (2, 3, 4),
        "tiny_image": (3,),
        "identical_media": (4,),
    }


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_one_color_in_every_kind_of_picture(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (40, 40)).save(target, "PNG")
    assert looked_at(target.getvalue()) == {"one_color": (1,)}


def test_a_whole_recording_is_what_the_decoder_reads() -> None:
    decoded, _ = soundfile.read(io.BytesIO(wav(0.5)), dtype="float32")
    assert heard(decoded * np.float32(0.5)) == {}
