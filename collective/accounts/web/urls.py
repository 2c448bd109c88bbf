"""Pages of people and organizations. Signing up and in is django-allauth's, under /account/."""

from django.urls import path

from collective.accounts.web import keys, members, organizations

app_name = "accounts"
urlpatterns = [
    path("account/keys/", keys.key_list, name="keys"),
    path("account/keys/new/", keys.new_key, name="new-key"),
    path("account/keys/<str:key_id>/revoke/", keys.revoke_key, name="revoke-key"),
    path("organizations/", organizations.organization_list, name="organizations"),
    path("organizations/new/", organizations.new_organization, name="new-organization"),
    path("organizations/<slug:slug>/", organizations.organization_page, name="organization"),
    path("organizations/<slug:slug>/edit/", organizations.edit_organization, name="edit-organization"),
    path("organizations/<slug:slug>/invite/", members.invite, name="invite"),
    path("organizations/<slug:slug>/invitations/<uuid:invitation_id>/withdraw/", members.withdraw, name="withdraw"),
    path("organizations/<slug:slug>/members/<uuid:user_id>/role/", members.change_role, name="change-role"),
    path("organizations/<slug:slug>/members/<uuid:user_id>/remove/", members.remove, name="remove-member"),
    path("invitations/<uuid:invitation_id>/accept/", members.accept, name="accept-invitation"),
    path("invitations/<uuid:invitation_id>/decline/", members.decline, name="decline-invitation"),
]
