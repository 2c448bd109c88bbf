"""Who I am, and the organizations I belong to. Keys may read; changes need a session."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts import selectors, services
from collective.accounts.api.permissions import ANY_SCOPE
from collective.accounts.api.serializers import MeOut, NewOrganization, OrganizationChanges, OrganizationOut
from collective.accounts.models import ApiKey
from collective.accounts.policies import check_signed_in
from collective.core.api import CursorPagination


class MeView(APIView):
    required_scope = ANY_SCOPE

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        me = check_signed_in(request.user)
        facts = {
            "id": me.pk,
            "name": me.name,
            "email": me.email,
            "organizations": selectors.memberships_of(me),
            "key": request.auth if isinstance(request.auth, ApiKey) else None,
        }
        return Response(MeOut(facts).data)


class OrganizationsView(APIView):
    required_scope = {"GET": ANY_SCOPE}

    @extend_schema(responses=OrganizationOut(many=True))
    def get(self, request: Request) -> Response:
        pages = CursorPagination()
        page = pages.paginate_queryset(selectors.organizations_of(request.user).order_by(), request, view=self)
        return pages.get_paginated_response(OrganizationOut(page, many=True).data)

    @extend_schema(request=NewOrganization, responses={201: OrganizationOut})
    def post(self, request: Request) -> Response:
        wanted = NewOrganization(data=request.data)
        wanted.is_valid(raise_exception=True)
        organization = services.create_organization(actor=check_signed_in(request.user), **wanted.validated_data)
        return Response(OrganizationOut(organization).data, status.HTTP_201_CREATED)


class OrganizationView(APIView):
    required_scope = {"GET": ANY_SCOPE}

    @extend_schema(responses=OrganizationOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(OrganizationOut(selectors.organization_visible_to(request.user, slug)).data)

    @extend_schema(request=OrganizationChanges, responses=OrganizationOut)
    def patch(self, request: Request, slug: str) -> Response:
        organization = selectors.organization_of(request.user, slug)
        changes = OrganizationChanges(data=request.data)
        changes.is_valid(raise_exception=True)
        edited = services.edit_organization(
            actor=check_signed_in(request.user), organization_id=organization.pk, **changes.validated_data
        )
        return Response(OrganizationOut(edited).data)
