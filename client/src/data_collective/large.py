"""A file in parts. What the store holds already is compared with this computer's bytes, not believed."""

import hashlib
import unicodedata
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from data_collective.crew import Crew, finish
from data_collective.errors import IntegrityError
from data_collective.local import LocalFile, changed
from data_collective.parts import Digests, Part, cut, digests_of
from data_collective.progress import Progress
from data_collective.sending import Parcel, Sender
from data_collective.uploads import Sent, Upload, Uploads
from data_collective.waiting import wait_until_checked

# Parts can go missing between two looks only if the store loses them.
ROUNDS = 3
LANES = 2


class LargeFiles:
    def __init__(self, *, uploads: Uploads, sender: Sender, crew: Crew, progress: Progress) -> None:
        self.uploads, self.sender, self.crew, self.progress = uploads, sender, crew, progress

    def send(self, files: Sequence[LocalFile]) -> list[Sent]:
        """Two at a time, so that the next one travels while the end of the one before is on its way."""
        lanes = Crew(hands=LANES, patience=self.crew.patience)
        self._wait_for_an_earlier_run(files)
        stored = {(each.name, each.size): each for each in self.uploads.listed("stored")} if files else {}
        return finish([lanes.give(partial(self._send, file, stored.get(_on_the_site(file)))) for file in files])

    def _wait_for_an_earlier_run(self, files: Sequence[LocalFile]) -> None:
        """It may have ended after the last byte; what the site still joins is not sent once more."""
        names = {_on_the_site(file) for file in files}
        if names and any((each.name, each.size) in names for each in self.uploads.listed("assembling")):
            self.progress.say("The site is still hashing what an earlier run has sent.")
            wait_until_checked(self.uploads, self.crew.patience)

    def _send(self, file: LocalFile, stored: Upload | None) -> Sent:
        if stored is not None and sha256_of(file) == stored.sha256:
            self.progress.present(file.size)
            return Sent(file, stored, stored.sha256)
        upload = self.uploads.begin(file)
        sha256, digests = self._send_missing(file, upload)
        self._check_unchanged(file, upload)
        for _ in range(ROUNDS):
            if self.uploads.complete(upload):
                return Sent(file, upload, sha256)
            self._send_again(file, upload, digests)
        raise IntegrityError(f"The store keeps losing parts of “{file.name}”. Ask the site's operator.")

    def _send_missing(self, file: LocalFile, upload: Upload) -> tuple[str, dict[int, Digests]]:
        """One pass over the file: hash each part, and hand on those that the store does not hold."""
        arrived, whole = self.uploads.arrived(upload), hashlib.sha256()
        digests: dict[int, Digests] = {}
        given: list[Future[None]] = []
        with file.reading() as opened:
            for part in cut(file.size, upload.part_size):
                self.crew.patience.check()
                found = digests_of(opened, part, whole)
                if found is None:
                    raise changed(file)
                digests[part.number] = found
                if arrived.get(part.number) == found.md5:
                    self.progress.present(part.size)
                else:
                    given.append(self._give(file, upload, part, found))
        finish(given)
        return whole.hexdigest(), digests

    def _send_again(self, file: LocalFile, upload: Upload, digests: dict[int, Digests]) -> None:
        arrived = self.uploads.arrived(upload)
        missing = [part for part in cut(file.size, upload.part_size) if part.number not in arrived]
        self.progress.advance(-sum(part.size for part in missing))
        finish([self._give(file, upload, part, digests[part.number]) for part in missing])

    def _give(self, file: LocalFile, upload: Upload, part: Part, digests: Digests) -> "Future[None]":
        return self.crew.give(partial(self.sender.send, Parcel(upload, file, part, digests)))

    def _check_unchanged(self, file: LocalFile, upload: Upload) -> None:
        """What arrived of a file that changed is of no use to anybody."""
        try:
            file.check_unchanged()
        except IntegrityError:
            self.uploads.discard(upload)
            raise


def sha256_of(file: LocalFile) -> str:
    with file.reading() as opened:
        found = digests_of(opened, Part(1, 0, file.size))
    return found.sha256 if found else ""


def _on_the_site(file: LocalFile) -> tuple[str, int]:
    return unicodedata.normalize("NFC", file.name), file.size
