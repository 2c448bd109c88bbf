"""Licensing's pages. `facets`, `panels` and `words` are imported for what they register."""

from django.urls import path

from licensing.web import (  # noqa: F401 - some only register
    answers,
    facets,
    grants,
    notices,
    offers,
    panels,
    previews,
    rights,
    texts,
    words,
)

app_name = "licensing"
urlpatterns = [
    path("licenses/", grants.my_licenses, name="licenses"),
    path("licenses/withdrawals/", notices.my_notices, name="notices"),
    path("licenses/withdrawals/<uuid:notice_id>/", notices.notice_page, name="notice"),
    path("licenses/withdrawals/<uuid:notice_id>/acknowledge/", notices.acknowledge, name="notice-acknowledge"),
    path("licenses/withdrawals/<uuid:notice_id>/records.csv", notices.records_csv, name="notice-csv"),
    path("licenses/withdrawals/<uuid:notice_id>/records.json", notices.records_json, name="notice-json"),
    path("licenses/<uuid:grant_id>/", grants.grant_page, name="grant"),
    path("licenses/<uuid:grant_id>/grant.jws", grants.grant_file, name="grant-file"),
    path("licenses/sha256/<str:text_sha256>/", texts.license_page, name="license"),
    path("licenses/sha256/<str:text_sha256>/text/", texts.license_file, name="license-file"),
    path("agreements/<uuid:agreement_id>/", grants.agreement, name="agreement"),
    path("contributions/<uuid:contribution_id>/rights/", rights.declare, name="rights"),
    path("contributions/<uuid:contribution_id>/withdraw/", rights.withdraw, name="withdraw"),
    path(
        "datasets/<slug:organization>/<slug:slug>/previews/<str:number>/<str:sha256>",
        previews.preview_sample,
        name="preview-sample",
    ),
    path("desk/<slug:organization>/<slug:slug>/offers/new/", offers.new_offer, name="offer_new"),
    path("offers/<uuid:offer_id>/retire/", offers.retire, name="retire"),
    path(".well-known/jwks.json", texts.jwks, name="jwks"),
    path("status/<int:number>", texts.status_list, name="status-list"),
]
