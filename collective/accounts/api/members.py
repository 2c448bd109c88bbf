"""Members and invitations. No route here takes a key: none names a scope."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts import policies, selectors, services
from collective.accounts.api.serializers import InvitationOut, MemberOut, NewInvitation, RoleChange
from collective.accounts.policies import check_signed_in


class MembersView(APIView):
    @extend_schema(responses=MemberOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        organization = selectors.organization_of(request.user, slug)
        return Response({"results": MemberOut(selectors.members_of(organization), many=True).data})


class MemberView(APIView):
    @extend_schema(request=RoleChange, responses=MemberOut)
    def patch(self, request: Request, slug: str, user_id: UUID) -> Response:
        organization = selectors.organization_of(request.user, slug)
        change = RoleChange(data=request.data)
        change.is_valid(raise_exception=True)
        membership = services.change_role(
            actor=check_signed_in(request.user),
            organization_id=organization.pk,
            user_id=user_id,
            **change.validated_data,
        )
        return Response(MemberOut(membership).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, user_id: UUID) -> Response:
        organization = selectors.organization_of(request.user, slug)
        services.remove_member(actor=check_signed_in(request.user), organization_id=organization.pk, user_id=user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationsView(APIView):
    """An organization's unanswered invitations."""

    @extend_schema(responses=InvitationOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        organization = selectors.organization_of(request.user, slug)
        policies.check_can_manage_members(request.user, organization)
        return Response({"results": InvitationOut(selectors.invitations_of(organization), many=True).data})

    @extend_schema(request=NewInvitation, responses={202: InvitationOut})
    def post(self, request: Request, slug: str) -> Response:
        organization = selectors.organization_of(request.user, slug)
        wanted = NewInvitation(data=request.data)
        wanted.is_valid(raise_exception=True)
        invitation = services.invite_member(
            actor=check_signed_in(request.user), organization_id=organization.pk, **wanted.validated_data
        )
        return Response(InvitationOut(invitation).data, status.HTTP_202_ACCEPTED)


class InvitationView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, invitation_id: UUID) -> Response:
        organization = selectors.organization_of(request.user, slug)
        services.withdraw_invitation(
            actor=check_signed_in(request.user), organization_id=organization.pk, invitation_id=invitation_id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyInvitationsView(APIView):
    @extend_schema(responses=InvitationOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(
            {"results": InvitationOut(selectors.invitations_for(check_signed_in(request.user)), many=True).data}
        )


class AcceptInvitationView(APIView):
    @extend_schema(request=None, responses=MemberOut)
    def post(self, request: Request, invitation_id: UUID) -> Response:
        membership = services.accept_invitation(actor=check_signed_in(request.user), invitation_id=invitation_id)
        return Response(MemberOut(membership).data)


class DeclineInvitationView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, invitation_id: UUID) -> Response:
        services.decline_invitation(actor=check_signed_in(request.user), invitation_id=invitation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
