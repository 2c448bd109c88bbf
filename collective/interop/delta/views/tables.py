"""One table: its version, its metadata, and addresses of its files, each behind the one gate of licensing."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponse
from rest_framework.request import Request

from collective.core.api.parsers import parse_strictly
from collective.interop.delta import formats
from collective.interop.delta.requests import Query, moment_of, query_of
from collective.interop.delta.tables import Table, table_named
from collective.interop.delta.timeline import Moment, Timeline
from collective.interop.delta.views.base import DeltaView
from licensing.selectors import deliverable_dataset
from licensing.services.delivery import deliver_table
from licensing.services.entitling import authorize
from licensing.services.seats import check_seat

NDJSON = "application/x-ndjson; charset=utf-8"


@dataclass(frozen=True)
class Found:
    """A table as it is in one version."""

    moment: Moment
    table: Table

    def metadata(self) -> formats.Json:
        return formats.metadata(self.moment.version, self.table, number=self.moment.number)


class TableView(DeltaView):
    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(deliverable_dataset(self.user, self.kwargs["share"], self.kwargs["schema"]))

    def found(self, moment: Moment) -> Found:
        return Found(moment, table_named(moment.version, self.kwargs["table"], number=moment.number))

    def checked(self, moment: Moment) -> Found:
        """Raises the reason for which this key gets nothing of this version."""
        found = self.found(moment)
        authorize(actor=self.user, key=self.key, version=moment.version, seat=check_seat)
        return found

    def answer(self, found: Found, *objects: formats.Json) -> HttpResponse:
        headers = {"delta-table-version": str(found.moment.number)}
        return HttpResponse(formats.lines(objects), content_type=NDJSON, headers=headers)


class VersionView(TableView):
    def get(self, request: Request, **_: str) -> HttpResponse:
        since = request.query_params.get("startingTimestamp")
        if since is None:
            moment = self.timeline.current(self.user)
        else:
            moment = self.timeline.at_or_after(moment_of(since, "startingTimestamp"))
        return self.answer(self.checked(moment))


class MetadataView(TableView):
    def get(self, request: Request, **_: str) -> HttpResponse:
        found = self.checked(self.timeline.current(self.user))
        return self.answer(found, formats.PROTOCOL, found.metadata())


class QueryView(TableView):
    def post(self, request: Request, **_: str) -> HttpResponse:
        query = query_of(parse_strictly(request.body or b"{}"))
        found = self.found(self._moment(query))
        table = found.table
        given = deliver_table(
            actor=self.user,
            key=self.key,
            version=found.moment.version,
            config=table.config,
            split=table.split,
            rows=query.limit,
        )
        files = [formats.file_line(each, rows=given.rows[each.path]) for each in given.deliveries]
        return self.answer(found, formats.PROTOCOL, found.metadata(), *files)

    def _moment(self, query: Query) -> Moment:
        if query.version is not None:
            return self.timeline.at_number(query.version)
        if query.timestamp is not None:
            return self.timeline.at_or_before(query.timestamp)
        return self.timeline.current(self.user)
