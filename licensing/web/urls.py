"""Licensing's pages. `facets`, `panels` and `words` are imported for what they register."""

from django.urls import path

from licensing.web import (  # noqa: F401 - some only register
    access,
    access_desk,
    combine,
    facets,
    grants,
    offers,
    panels,
    previews,
    rights,
    rights_check,
    texts,
    words,
)

app_name = "licensing"
urlpatterns = [
    path("combine/", combine.combine, name="combine"),
    path("licenses/", grants.my_licenses, name="licenses"),
    path("licenses/<uuid:grant_id>/", grants.grant_page, name="grant"),
    path("licenses/<uuid:grant_id>/grant.jws", grants.grant_file, name="grant-file"),
    path("licenses/sha256/<str:text_sha256>/", texts.license_page, name="license"),
    path("licenses/sha256/<str:text_sha256>/text/", texts.license_file, name="license-file"),
    path("agreements/<uuid:agreement_id>/", grants.agreement, name="agreement"),
    path("contributions/<uuid:contribution_id>/rights/", rights.declare, name="rights"),
    path("contributions/<uuid:contribution_id>/records/withdraw/", rights.withdraw_records, name="withdraw-records"),
    path("contributions/<uuid:contribution_id>/withdraw/", rights.withdraw, name="withdraw"),
    path(
        "datasets/<slug:organization>/<slug:slug>/previews/<str:number>/<str:sha256>",
        previews.preview_sample,
        name="preview-sample",
    ),
    path("desk/<slug:organization>/<slug:slug>/offers/new/", offers.new_offer, name="offer_new"),
    path("desk/<slug:organization>/<slug:slug>/rights/", rights_check.rights_page, name="rights_check"),
    path("offers/<uuid:offer_id>/retire/", offers.retire, name="retire"),
    path("datasets/<slug:organization>/<slug:slug>/access/", access.ask, name="access_ask"),
    path("access-requests/", access.my_requests, name="access_requests"),
    path("access-requests/<uuid:request_id>/", access.request_page, name="access_request"),
    path("access-requests/<uuid:request_id>/files/<uuid:file_id>/", access.request_file, name="access_file"),
    path("access-requests/<uuid:request_id>/withdraw/", access.withdraw_request, name="access_withdraw"),
    path("access-requests/<uuid:request_id>/answer/", access.answer, name="access_answer"),
    path("access-requests/<uuid:request_id>/approve/", access.approve, name="access_approve"),
    path("access-requests/<uuid:request_id>/decline/", access.decline, name="access_decline"),
    path("access-requests/<uuid:request_id>/ask/", access.ask_back, name="access_ask_back"),
    path("access-requests/<uuid:request_id>/end/", access.end, name="access_end"),
    path("desk/<slug:organization>/<slug:slug>/access/", access_desk.inbox, name="access_inbox"),
    path("desk/<slug:organization>/<slug:slug>/access/questions/", access_desk.questions, name="access_questions"),
    path("desk/<slug:organization>/<slug:slug>/access/rules/", access_desk.rules, name="access_rules"),
    path("access-rules/<uuid:rule_id>/end/", access_desk.end_rule, name="access_rule_end"),
    path(".well-known/jwks.json", texts.jwks, name="jwks"),
    path("status/<int:number>", texts.status_list, name="status-list"),
]
