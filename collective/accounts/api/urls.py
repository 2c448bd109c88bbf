"""People and organizations, under /api/v1/."""

from django.urls import path

from collective.accounts.api import disclosure, members, organizations

app_name = "accounts-api"
urlpatterns = [
    path("disclosed-keys", disclosure.DisclosureView.as_view(), name="disclosed-keys"),
    path("me", organizations.MeView.as_view(), name="me"),
    path("organizations", organizations.OrganizationsView.as_view(), name="organizations"),
    path("organizations/<slug:slug>", organizations.OrganizationView.as_view(), name="organization"),
    path("organizations/<slug:slug>/members", members.MembersView.as_view(), name="members"),
    path("organizations/<slug:slug>/members/<uuid:user_id>", members.MemberView.as_view(), name="member"),
    path("organizations/<slug:slug>/invitations", members.InvitationsView.as_view(), name="invitations"),
    path(
        "organizations/<slug:slug>/invitations/<uuid:invitation_id>",
        members.InvitationView.as_view(),
        name="invitation",
    ),
    path("invitations", members.MyInvitationsView.as_view(), name="my-invitations"),
    path("invitations/<uuid:invitation_id>/accept", members.AcceptInvitationView.as_view(), name="accept-invitation"),
    path(
        "invitations/<uuid:invitation_id>/decline", members.DeclineInvitationView.as_view(), name="decline-invitation"
    ),
]
