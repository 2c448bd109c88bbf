"""Every recording and picture is decoded once, and whoever wants to look is handed what came out."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from PIL.Image import Image

from ingestion.pipeline.media import AudioFacts, ImageFacts
from ingestion.pipeline.sights import Samples
from tests.unit.ingestion.makers import flac, parquet, png, tarred, wav, zipped
from tests.unit.ingestion.reads import read


class Notes:
    """Of everything it is shown. It reads one block of each recording only, if `lazy`."""

    def __init__(self, *, lazy: bool = False) -> None:
        self.lazy = lazy
        self.sounds: list[tuple[int, str, list[tuple[int, ...]]]] = []
        self.pictures: list[tuple[int, str, tuple[int, int]]] = []

    def see_audio(self, *, row: int, column: str, facts: AudioFacts, data: bytes, blocks: Iterable[Samples]) -> None:
        if self.lazy:
            next(iter(blocks))
            return
        self.sounds.append((row, column, [block.shape for block in blocks]))

    def see_image(self, *, row: int, column: str, facts: ImageFacts, data: bytes, picture: Image) -> None:
        self.pictures.append((row, column, picture.copy().size))


FILES = {"1.wav": wav(20.0), "1.txt": b"a", "2.wav": wav(0.5), "2.txt": b"b"}
WAYS = {
    "archive": zipped({"1.wav": FILES["1.wav"], "x/README.md": b"hi", "2.wav": FILES["2.wav"]}),
    "webdataset": tarred(FILES),
    "table": parquet(pa.table({"audio": [{"bytes": FILES[f"{n}.wav"], "path": None} for n in (1, 2)]})),
}


@pytest.mark.parametrize("way", WAYS)
def test_sounds_come_in_blocks_with_their_rows(tmp_path: Path, way: str) -> None:
    notes = Notes()
    assert len(read(tmp_path, WAYS[way], looker=notes).rows) == 2
    assert notes.sounds == [
        (1, "audio", [(65_536, 1), (65_536, 1), (160_000 - 2 * 65_536, 1)]),
        (2, "audio", [(4000, 1)]),
    ]


def test_pictures_are_handed_over_decoded(tmp_path: Path) -> None:
    notes = Notes()
    read(tmp_path, zipped({"a.png": png(9, 8), "b.png": png(7, 6)}), looker=notes)
    read(tmp_path, png(5, 4), looker=notes)
    assert notes.pictures == [(1, "image", (9, 8)), (2, "image", (7, 6)), (1, "image", (5, 4))]


def test_a_recording_is_decoded_to_its_end_whoever_looks(tmp_path: Path) -> None:
    cut = flac(20.0)[:-2000]
    assert read(tmp_path, zipped({"a.flac": cut}), looker=Notes(lazy=True)).codes == ["unreadable_media"]
