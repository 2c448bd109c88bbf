"""Bytes to the store: one part to where it was signed for, until the store has it."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2

from data_collective.errors import IntegrityError, PassingError, RefusedError
from data_collective.local import LocalFile, changed
from data_collective.parts import Digests, Part, blocks, digests_of
from data_collective.progress import Progress
from data_collective.retry import Patience
from data_collective.site import TIMEOUT, USER_AGENT, broken, retry_after
from data_collective.uploads import Signed, Upload, Uploads

BLOCK = 256 * 1024
# How often the store may refuse one part before that is no accident.
MOST_REFUSALS = 5


@dataclass(frozen=True)
class Parcel:
    """A part of a file on its way. `signed` is where it may go at once; otherwise an address is asked for."""

    upload: Upload
    file: LocalFile
    part: Part
    digests: Digests
    signed: Signed | None = None


class Sender:
    """Used by several threads. Never knows the key: the address may be that of another server."""

    def __init__(self, *, uploads: Uploads, patience: Patience, progress: Progress) -> None:
        self.uploads, self.patience, self.progress = uploads, patience, progress
        self._http = httpx2.Client(headers={"User-Agent": USER_AGENT}, timeout=TIMEOUT)

    def send(self, parcel: Parcel) -> None:
        refusals = 0
        signed = parcel.signed

        def once() -> None:
            nonlocal refusals, signed
            address = signed or self.uploads.sign(parcel.upload, parcel.part, parcel.digests)
            signed = None
            answer = self._put(parcel, address)
            if not answer.is_success:
                refusals += 1
                raise self._refusal(parcel, answer, refusals)

        self.patience.keep_trying(once)

    def _put(self, parcel: Parcel, signed: Signed) -> httpx2.Response:
        sent = _Count(self.progress)
        headers = {**signed.headers, "Content-Length": str(parcel.part.size)}
        try:
            answer = self._http.request(
                signed.method, signed.url, headers=headers, content=self._bytes_of(parcel, sent)
            )
        except httpx2.TransportError as error:
            sent.take_back()
            raise broken(error, "The store") from error
        if not answer.is_success:
            sent.take_back()
        return answer

    def _bytes_of(self, parcel: Parcel, sent: "_Count") -> Iterator[bytes]:
        length = 0
        with parcel.file.reading() as file:
            for block in blocks(file, parcel.part, BLOCK):
                self.patience.check()
                length += len(block)
                yield block
                sent.add(len(block))
        if length != parcel.part.size:
            raise changed(parcel.file)

    def _refusal(self, parcel: Parcel, answer: httpx2.Response, count: int) -> Exception:
        status, name = answer.status_code, parcel.file.name
        if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status == httpx2.codes.TOO_MANY_REQUESTS:
            return PassingError(f"The store answers {status}.", retry_after=retry_after(answer))
        if status == httpx2.codes.NOT_FOUND:
            state = self.uploads.read(parcel.upload).state
            return RefusedError(f"The site takes no more of “{name}”: its upload is {state}. Run the command again.")
        if status == httpx2.codes.FORBIDDEN and count < MOST_REFUSALS:
            return PassingError("The address of a part had expired.")
        if status == httpx2.codes.BAD_REQUEST:
            return self._corrupted(parcel, count)
        return RefusedError(
            f"The store refuses part {parcel.part.number} of “{name}” ({status}). Ask the site's operator."
        )

    def _corrupted(self, parcel: Parcel, count: int) -> Exception:
        with parcel.file.reading() as file:
            if digests_of(file, parcel.part) != parcel.digests:
                return changed(parcel.file)
        if count < MOST_REFUSALS:
            return PassingError("A part did not arrive as it was sent.")
        return IntegrityError(
            f"Part {parcel.part.number} of “{parcel.file.name}” arrives changed each time. Try another network."
        )


class _Count:
    """What one attempt has sent; taken back when it fails."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.sent = progress, 0

    def add(self, count: int) -> None:
        self.sent += count
        self.progress.advance(count)

    def take_back(self) -> None:
        self.progress.advance(-self.sent)
        self.sent = 0
