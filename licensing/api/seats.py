"""Who uses a license that counts its users."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from licensing import services
from licensing.api.serializers import SeatInput, SeatOutput, SeatsOutput
from licensing.selectors import grant_for, seat_cap, seats_of


class SeatList(APIView):
    """For the members of the licensee; owners and admins give seats, and whoever has one keeps it."""

    required_scope = "licenses:read"

    @extend_schema(responses=SeatsOutput)
    def get(self, request: Request, grant_id: UUID) -> Response:
        grant = grant_for(request.user, grant_id)
        caps = {name: seat_cap(grant, kind) for name, kind in (("seats", "person"), ("service_accounts", "service"))}
        return Response(SeatsOutput({**caps, "held": seats_of(grant)}).data)

    @extend_schema(request=SeatInput, responses={201: SeatOutput})
    def post(self, request: Request, grant_id: UUID) -> Response:
        given = SeatInput(data=request.data)
        given.is_valid(raise_exception=True)
        seat = services.assign_seat(actor=person(request), grant_id=grant_id, user_id=given.validated_data["user"])
        return Response(SeatOutput(seat).data, status=status.HTTP_201_CREATED)


class SeatRelease(APIView):
    """One's own, or as an owner or admin any. Another person may take it after some days."""

    @extend_schema(request=None, responses=SeatOutput)
    def post(self, request: Request, grant_id: UUID, seat_id: UUID) -> Response:
        return Response(
            SeatOutput(services.release_seat(actor=person(request), grant_id=grant_id, seat_id=seat_id)).data
        )
