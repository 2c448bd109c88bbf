"""The contribution that the files go into."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from data_collective.errors import UsageError
from data_collective.pages import Page
from data_collective.site import Site

DATASET = re.compile(r"[-\w]+/[-\w]+", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
# The site's own limit.
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Contribution:
    id: str
    dataset: str
    title: str
    page: str

    @classmethod
    def told(cls, said: Mapping[str, Any], *, site: str) -> Self:
        return cls(said["id"], said["dataset"], said["title"], f"{site}/contributions/{said['id']}/")


def contribution_by_id(site: Site, *, dataset: str, contribution: str) -> Contribution:
    if not UUID.fullmatch(contribution):
        raise UsageError(f"“{contribution}” is not the id of a contribution. Copy it from the address of its page.")
    found = site.get(f"contributions/{contribution}", partial(Contribution.told, site=site.address))
    if found.dataset != dataset:
        raise UsageError(f"That contribution belongs to {found.dataset}, not to {dataset}. Correct one of the two.")
    return found


def contribution_of_title(site: Site, *, dataset: str, title: str) -> Contribution:
    """One's own draft of that title, so that a command that is repeated goes on; otherwise a new one."""
    if not DATASET.fullmatch(dataset):
        raise UsageError(f"“{dataset}” is not the name of a dataset. It looks like acme/greetings.")
    wanted = title.strip()[:LONGEST_TITLE]
    mine = (each for each in _drafts(site) if (each.dataset, each.title) == (dataset, wanted))
    return next(mine, None) or _started(site, dataset, wanted)


def _drafts(site: Site) -> Iterator[Contribution]:
    path = "contributions?state=draft&limit=100"
    while path:
        page = site.get(path, partial(Page.told, path="contributions"))
        yield from (Contribution.told(each, site=site.address) for each in page.results)
        path = page.following


def _started(site: Site, dataset: str, title: str) -> Contribution:
    return site.post(
        f"datasets/{dataset}/contributions",
        {"title": title},
        partial(Contribution.told, site=site.address),
        key=secrets.token_hex(16),
    )
