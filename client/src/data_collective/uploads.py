"""The calls of the upload protocol (the site's `docs/reference/upload-protocol.md`), for one contribution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from data_collective.errors import RefusedError
from data_collective.local import LocalFile
from data_collective.pages import Page
from data_collective.parts import Digests, Part
from data_collective.site import Site


@dataclass(frozen=True)
class Upload:
    id: str
    name: str
    size: int
    part_size: int
    state: str
    sha256: str
    problem: str

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> Self:
        return cls(**{name: said[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Signed:
    """Send the bytes with exactly this method, address and headers."""

    method: str
    url: str
    headers: Mapping[str, str]

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> Self:
        return cls(said["method"], said["url"], said["headers"])


@dataclass(frozen=True)
class Begun:
    """`signed` is None when there is nothing to send."""

    upload: Upload
    signed: Signed | None


@dataclass(frozen=True)
class Sent:
    """A file that has arrived: its upload, and the SHA-256 of the bytes that lie here."""

    file: LocalFile
    upload: Upload
    sha256: str


@dataclass(frozen=True)
class Summary:
    assembling: int
    batch_files: int
    batch_file_bytes: int

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> Self:
        limits = said["limits"]
        return cls(said["assembling"], limits["batch_files"], limits["batch_file_bytes"])


class Uploads:
    def __init__(self, site: Site, contribution: str) -> None:
        self.site = site
        self._here = f"contributions/{contribution}/uploads"

    def summary(self) -> Summary:
        return self.site.get(f"{self._here}/summary", Summary.told)

    def listed(self, state: str = "") -> Iterator[Upload]:
        path = f"{self._here}?limit=100" + (f"&state={state}" if state else "")
        while path:
            page = self.site.get(path, partial(Page.told, path=self._here))
            yield from map(Upload.told, page.results)
            path = page.following

    def begin(self, file: LocalFile) -> Upload:
        """A new upload, or one's own unfinished one of the same file."""
        asked = {"name": file.name, "size": file.size, "fingerprint": file.fingerprint()}
        return self.site.post(self._here, asked, Upload.told)

    def arrived(self, upload: Upload) -> dict[int, str]:
        """Number and MD5 of each part that the store holds: the only truth for resuming."""
        return self.site.get(f"uploads/{upload.id}/parts", _etags)

    def sign(self, upload: Upload, part: Part, digests: Digests) -> Signed:
        announced = {"number": part.number, "size": part.size, "md5": digests.md5, "sha256": digests.sha256}
        return self.site.post(
            f"uploads/{upload.id}/parts", {"parts": [announced]}, lambda said: Signed.told(said["parts"][0])
        )

    def complete(self, upload: Upload) -> bool:
        """False: a part is missing in the store."""
        try:
            self.site.post(f"uploads/{upload.id}/complete", None, Upload.told)
        except RefusedError as error:
            if error.code != "parts_missing":
                raise
            return False
        return True

    def read(self, upload: Upload) -> Upload:
        return self.site.get(f"uploads/{upload.id}", Upload.told)

    def discard(self, upload: Upload) -> None:
        self.site.delete(f"uploads/{upload.id}")

    def begin_batch(self, files: Sequence[tuple[LocalFile, Digests]]) -> list[Begun]:
        """In the order of `files`. Raises RefusedError for the first file that the site does not take."""
        asked = [
            {"name": file.name, "size": file.size, "md5": digests.md5, "sha256": digests.sha256}
            for file, digests in files
        ]
        return self.site.post(f"{self._here}/batch", {"files": asked}, lambda said: list(map(_begun, said["files"])))

    def complete_batch(self, uploads: Sequence[Upload]) -> set[str]:
        """The ids of those that have not arrived yet."""
        asked = {"uploads": [each.id for each in uploads]}
        missing = self.site.post(
            f"{self._here}/batch/complete",
            asked,
            lambda said: [_is_missing(each["problem"]) for each in said["uploads"]],
        )
        return {upload.id for upload, is_missing in zip(uploads, missing, strict=True) if is_missing}


def _etags(said: Mapping[str, Any]) -> dict[int, str]:
    return {part["number"]: part["etag"] for part in said["parts"]}


def _begun(entry: Mapping[str, Any]) -> Begun:
    if entry["problem"]:
        raise RefusedError(entry["problem"]["detail"], code=entry["problem"]["code"])
    return Begun(Upload.told(entry["upload"]), Signed.told(entry["request"]) if entry["request"] else None)


def _is_missing(problem: Mapping[str, Any] | None) -> bool:
    if problem and problem["code"] != "parts_missing":
        raise RefusedError(problem["detail"], code=problem["code"])
    return problem is not None
