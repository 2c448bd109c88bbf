"""The calls of the upload protocol (the site's `docs/reference/upload-protocol.md`), for one contribution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from data_collective.errors import RefusedError
from data_collective.local import LocalFile
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


class Uploads:
    def __init__(self, site: Site, contribution: str) -> None:
        self.site = site
        self._here = f"contributions/{contribution}/uploads"

    def summary(self) -> Summary:
        said = self.site.get(f"{self._here}/summary")
        limits = said["limits"]
        return Summary(said["assembling"], limits["batch_files"], limits["batch_file_bytes"])

    def listed(self, state: str = "") -> Iterator[Upload]:
        path = f"{self._here}?limit=100" + (f"&state={state}" if state else "")
        while path:
            page = self.site.get(path)
            yield from (Upload.told(each) for each in page["results"])
            path = next_page(self._here, page)

    def begin(self, file: LocalFile) -> Upload:
        """A new upload, or one's own unfinished one of the same file."""
        asked = {"name": file.name, "size": file.size, "fingerprint": file.fingerprint()}
        return Upload.told(self.site.post(self._here, asked))

    def arrived(self, upload: Upload) -> dict[int, str]:
        """Number and MD5 of each part that the store holds: the only truth for resuming."""
        said = self.site.get(f"uploads/{upload.id}/parts")
        return {part["number"]: part["etag"] for part in said["parts"]}

    def sign(self, upload: Upload, part: Part, digests: Digests) -> Signed:
        announced = {"number": part.number, "size": part.size, "md5": digests.md5, "sha256": digests.sha256}
        said = self.site.post(f"uploads/{upload.id}/parts", {"parts": [announced]})
        return Signed.told(said["parts"][0])

    def complete(self, upload: Upload) -> bool:
        """False: a part is missing in the store."""
        try:
            self.site.post(f"uploads/{upload.id}/complete")
        except RefusedError as error:
            if error.code != "parts_missing":
                raise
            return False
        return True

    def read(self, upload: Upload) -> Upload:
        return Upload.told(self.site.get(f"uploads/{upload.id}"))

    def discard(self, upload: Upload) -> None:
        self.site.delete(f"uploads/{upload.id}")

    def begin_batch(self, files: Sequence[tuple[LocalFile, Digests]]) -> list[Begun]:
        """In the order of `files`. Raises RefusedError for the first file that the site does not take."""
        asked = [
            {"name": file.name, "size": file.size, "md5": digests.md5, "sha256": digests.sha256}
            for file, digests in files
        ]
        said = self.site.post(f"{self._here}/batch", {"files": asked})
        return [_begun(entry) for entry in said["files"]]

    def complete_batch(self, uploads: Sequence[Upload]) -> set[str]:
        """The ids of those that have not arrived yet."""
        said = self.site.post(f"{self._here}/batch/complete", {"uploads": [each.id for each in uploads]})
        entries = zip(uploads, said["uploads"], strict=True)
        return {upload.id for upload, entry in entries if _is_missing(entry["problem"])}


def next_page(path: str, page: Mapping[str, Any]) -> str:
    """The address of the next page under the site that we know; "" after the last."""
    query = urlsplit(page["next"] or "").query
    return f"{path}?{query}" if "cursor" in parse_qs(query) else ""


def _begun(entry: Mapping[str, Any]) -> Begun:
    if entry["problem"]:
        raise RefusedError(entry["problem"]["detail"], code=entry["problem"]["code"])
    return Begun(Upload.told(entry["upload"]), Signed.told(entry["request"]) if entry["request"] else None)


def _is_missing(problem: Mapping[str, Any] | None) -> bool:
    if problem and problem["code"] != "parts_missing":
        raise RefusedError(problem["detail"], code=problem["code"])
    return problem is not None
