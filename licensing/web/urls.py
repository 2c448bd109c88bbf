"""Licensing's pages. `facets`, `panels` and `words` are imported for what they register."""

from django.urls import path

from licensing.web import (  # noqa: F401 - some only register
    facets,
    grants,
    keys,
    offers,
    panels,
    previews,
    proofs,
    rights,
    seats,
    texts,
    words,
)

app_name = "licensing"
urlpatterns = [
    path("licenses/", grants.my_licenses, name="licenses"),
    path("licenses/<uuid:grant_id>/", grants.grant_page, name="grant"),
    path("licenses/<uuid:grant_id>/certificate.pdf", grants.certificate_file, name="certificate"),
    path("licenses/<uuid:grant_id>/seats/", seats.seats, name="seats"),
    path("licenses/<uuid:grant_id>/seats/<uuid:seat_id>/release/", seats.release, name="seat-release"),
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
    path("verify/", proofs.verify_page, name="verify"),
    path("verify/<uuid:grant_id>/", proofs.grant_state, name="grant-state"),
    path("operator/signing-keys/", keys.signing_keys, name="signing-keys"),
    path(".well-known/jwks.json", texts.jwks, name="jwks"),
    path("status/<int:number>", texts.status_list, name="status-list"),
]
