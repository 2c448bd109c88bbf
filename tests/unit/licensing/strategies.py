"""Terms and rights as hypothesis makes them."""

from uuid import UUID

from hypothesis import strategies as st

from licensing.domain.actions import ACTION_CODES
from licensing.domain.blockers import ContributionRights
from licensing.domain.library import MATERIAL_NAMES
from licensing.domain.terms import Terms

IDS = ("CC0-1.0", "CC-BY-SA-4.0", "ODbL-1.0", "LicenseRef-A", "LicenseRef-B")
VALUES = st.sampled_from(["permit", "prohibit", "unspecified", "duty"])
actions = st.dictionaries(st.sampled_from(ACTION_CODES), VALUES)
targets = st.frozensets(st.sampled_from(IDS), max_size=2)

terms = st.builds(
    Terms,
    license_id=st.sampled_from(IDS),
    actions=actions,
    commercial=st.sampled_from(["permit", "prohibit", "unspecified", "tiered"]),
    attribute=st.booleans(),
    include_text=st.booleans(),
    share_alike=targets,
)
rights = st.builds(
    ContributionRights,
    contribution_id=st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)),
    title=st.text(max_size=5),
    material_license=st.sampled_from([*MATERIAL_NAMES, "", "BSL-1.1"]),
    answers=st.dictionaries(st.sampled_from(ACTION_CODES), st.sampled_from(["given", "refused"])),
    commercial=st.booleans(),
    consented=st.booleans(),
    withdrawn=st.booleans(),
    attested=st.booleans(),
)
