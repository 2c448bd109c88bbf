"""`collective upload`: choose, send, wait, compare."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_collective.contributions import Contribution, contribution_by_id, contribution_of_title
from data_collective.crew import Crew
from data_collective.errors import StoppedError
from data_collective.large import LargeFiles
from data_collective.local import LocalFile, Selection, select
from data_collective.progress import Progress
from data_collective.report import print_report
from data_collective.retry import Patience
from data_collective.sending import Sender
from data_collective.settings import access_from
from data_collective.site import Site
from data_collective.small import SmallFiles
from data_collective.uploads import Sent, Uploads
from data_collective.waiting import check_stored, wait_until_checked


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line. `patience` is in seconds."""

    path: Path
    dataset: str
    contribution: str | None
    title: str | None
    site: str | None
    key_file: Path | None
    parallel: int
    patience: float


def upload(wishes: Wishes, environment: Mapping[str, str]) -> None:
    access = access_from(environment, site=wishes.site, key_file=wishes.key_file)
    selection = select(wishes.path)
    progress = Progress(total=sum(file.size for file in selection.files), stream=sys.stderr)
    patience = Patience(seconds=wishes.patience, say=progress.say)
    try:
        site = Site(access=access, patience=patience)
        contribution = _contribution(site, wishes)
        _announce(progress, selection, contribution)
        uploads = Uploads(site, contribution.id)
        sent = _Run(uploads, patience, progress, wishes.parallel).send(selection.files)
    finally:
        progress.close()
    print_report(sys.stdout, sent, contribution)


class _Run:
    def __init__(self, uploads: Uploads, patience: Patience, progress: Progress, parallel: int) -> None:
        self.uploads, self.patience, self.progress = uploads, patience, progress
        sender = Sender(uploads=uploads, patience=patience, progress=progress)
        crew = Crew(hands=parallel, patience=patience)
        self.small = SmallFiles(uploads=uploads, sender=sender, crew=crew, progress=progress)
        self.large = LargeFiles(uploads=uploads, sender=sender, crew=crew, progress=progress)

    def send(self, files: Sequence[LocalFile]) -> list[Sent]:
        try:
            return self._send(files)
        except BaseException as error:
            # The threads stop, and the error that stopped the first of them is told.
            self.patience.fail(error)
            if isinstance(error, StoppedError) and self.patience.failure:
                raise self.patience.failure from error
            raise

    def _send(self, files: Sequence[LocalFile]) -> list[Sent]:
        limits = self.uploads.summary()
        small = [file for file in files if file.size <= limits.batch_file_bytes]
        large = [file for file in files if file.size > limits.batch_file_bytes]
        sent = [*self.small.send(small, most=limits.batch_files), *self.large.send(large)]
        for each in sent:
            each.file.check_unchanged()
        self.progress.say("All of it has arrived. The site hashes every byte again.")
        wait_until_checked(self.uploads, self.patience)
        check_stored(self.uploads, sent)
        return sorted(sent, key=lambda each: each.file.name)


def _contribution(site: Site, wishes: Wishes) -> Contribution:
    if wishes.contribution:
        return contribution_by_id(site, dataset=wishes.dataset, contribution=wishes.contribution)
    title = wishes.title or wishes.path.resolve().name
    return contribution_of_title(site, dataset=wishes.dataset, title=title)


def _announce(progress: Progress, selection: Selection, contribution: Contribution) -> None:
    progress.say(f"Uploading to “{contribution.title}”, {contribution.page}")
    if selection.left_out:
        progress.say(f"Left out, because they are hidden or links: {len(selection.left_out)}.")
    if empty := [file for file in selection.files if file.size == 0]:
        progress.say(f"Empty, which the site's check will tell: {len(empty)}, the first is {empty[0].path}.")
