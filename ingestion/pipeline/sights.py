"""Whoever wants to look at recordings and pictures is handed them while they are decoded, which happens once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ingestion.pipeline.media import AudioFacts, ImageFacts

if TYPE_CHECKING:  # most files hold no pictures, and Pillow is slow to import
    from PIL.Image import Image

Samples = np.ndarray[Any, np.dtype[np.float32]]


class Looker(Protocol):
    """`row` counts from 1, in the order in which the records will be written."""

    def see_audio(self, *, row: int, column: str, facts: AudioFacts, data: bytes, blocks: Iterable[Samples]) -> None:
        """`blocks` are frames x channels from -1 to 1, to be read to the end; what they raise passes."""

    def see_image(self, *, row: int, column: str, facts: ImageFacts, data: bytes, picture: "Image") -> None:
        """`picture` is loaded, and closed afterwards."""


class Nobody:
    """For those who only want to know whether it decodes."""

    def see_audio(self, *, row: int, column: str, facts: AudioFacts, data: bytes, blocks: Iterable[Samples]) -> None:
        for _ in blocks:
            pass

    def see_image(self, *, row: int, column: str, facts: ImageFacts, data: bytes, picture: "Image") -> None:
        """A loaded picture has been decoded."""
