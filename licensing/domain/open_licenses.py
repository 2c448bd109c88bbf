"""Public licenses that an offer may use (governance reference 2.1), by their SPDX ids."""

from licensing.domain.template import Template
from licensing.domain.terms import PROHIBIT, TIERED, terms_json

SA_TARGETS = ("CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3")
NC_SA = "CC-BY-NC-SA-4.0"
NOODL = "LicenseRef-NOODL-1.0"
# What a steward reads before choosing one of these.
WARNINGS = {
    "CC-BY-ND-4.0": "Nobody may pass on changed versions under it, so the data cannot be merged into other datasets.",
    "MIT": "This is a license for software. It says nothing of rights in databases or of people in the data.",
    "Apache-2.0": "This is a license for software. It says nothing of rights in databases or of people in the data.",
    "GPL-3.0-only": "This is a license for software. What it asks of models trained on data is not settled.",
    NOODL: "Who may use it commercially depends on the country of the licensee. Read its text first.",
}


def _creative_commons(path: str) -> str:
    return f"https://creativecommons.org/{path}/legalcode"


OPEN_LICENSES = (
    Template(
        "CC0-1.0",
        "Creative Commons Zero 1.0",
        "Anybody may use the data for anything, without conditions.",
        "1.0",
        "CC0-1.0.txt",
        _creative_commons("publicdomain/zero/1.0"),
        terms_json(),
    ),
    Template(
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0",
        "Anybody may use the data for anything and must name the source.",
        "4.0",
        "CC-BY-4.0.txt",
        _creative_commons("licenses/by/4.0"),
        terms_json(attribute=True),
    ),
    Template(
        "CC-BY-SA-4.0",
        "Creative Commons Attribution-ShareAlike 4.0",
        "Anybody may use the data, must name the source, and must pass changed versions on under the same license.",
        "4.0",
        "CC-BY-SA-4.0.txt",
        _creative_commons("licenses/by-sa/4.0"),
        terms_json(attribute=True, share_alike=SA_TARGETS, reach="dataset+model"),
    ),
    Template(
        "PDDL-1.0",
        "Open Data Commons Public Domain",
        "Anybody may use the database and its contents for anything, without conditions.",
        "1.0",
        "PDDL-1.0.txt",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        terms_json(),
    ),
    Template(
        "ODC-By-1.0",
        "Open Data Commons Attribution 1.0",
        "Anybody may use the database for anything and must name the source.",
        "1.0",
        "ODC-By-1.0.txt",
        "https://opendatacommons.org/licenses/by/1-0/",
        terms_json(attribute=True),
    ),
    Template(
        "OGL-UK-3.0",
        "Open Government Licence (UK) 3.0",
        "Anybody may use this information of a public body and must name the source.",
        "3.0",
        "OGL-UK-3.0.txt",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        terms_json(attribute=True),
    ),
    Template(
        "CDLA-Permissive-2.0",
        "Community Data License, Permissive 2.0",
        "Anybody may use the data for anything and must keep the license text with it.",
        "2.0",
        "CDLA-Permissive-2.0.txt",
        "https://cdla.dev/permissive-2-0/",
        terms_json(include_text=True),
    ),
    Template(
        "ODbL-1.0",
        "Open Database License 1.0",
        "Anybody may use the database, must name the source, and must pass changed ones on under the same license.",
        "1.0",
        "ODbL-1.0.txt",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        terms_json(attribute=True, share_alike=["ODbL-1.0"], reach="dataset"),
    ),
    Template(
        "CC-BY-NC-4.0",
        "Creative Commons Attribution-NonCommercial 4.0",
        "Anybody may use the data for what is not commercial and must name the source.",
        "4.0",
        "CC-BY-NC-4.0.txt",
        _creative_commons("licenses/by-nc/4.0"),
        terms_json(commercial=PROHIBIT, attribute=True),
        {"fr": "CC-BY-NC-4.0.fr.txt"},
    ),
    Template(
        NC_SA,
        "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
        "For what is not commercial; name the source, and pass changed versions on under the same license.",
        "4.0",
        "CC-BY-NC-SA-4.0.txt",
        _creative_commons("licenses/by-nc-sa/4.0"),
        terms_json(commercial=PROHIBIT, attribute=True, share_alike=[NC_SA], reach="dataset+model"),
    ),
    Template(
        "CC-BY-ND-4.0",
        "Creative Commons Attribution-NoDerivatives 4.0",
        "Anybody may use and pass on the data unchanged and must name the source.",
        "4.0",
        "CC-BY-ND-4.0.txt",
        _creative_commons("licenses/by-nd/4.0"),
        terms_json(prohibit=["derive"], attribute=True),
    ),
    Template(
        NOODL,
        "Nwulite Obodo Open Data License 1.0",
        "Open to whoever is in a developing country; others use it for what is not commercial, or agree on terms.",
        "1.0",
        "NOODL-1.0.txt",
        "https://licensingafricandatasets.com/nwulite-obodo-license",
        terms_json(commercial=TIERED, attribute=True, share_alike=[NOODL], reach="dataset"),
    ),
    Template(
        "MIT",
        "MIT License",
        "Anybody may use the data for anything and must keep the license text with it.",
        "1.0",
        "MIT.txt",
        "https://spdx.org/licenses/MIT.html",
        terms_json(attribute=True, include_text=True),
    ),
    Template(
        "Apache-2.0",
        "Apache License 2.0",
        "Anybody may use the data for anything, must name the source and keep the license text with it.",
        "2.0",
        "Apache-2.0.txt",
        "https://www.apache.org/licenses/LICENSE-2.0",
        terms_json(attribute=True, include_text=True),
    ),
    Template(
        "GPL-3.0-only",
        "GNU General Public License 3.0",
        "Anybody may use the data and must pass changed versions on under the same license.",
        "3.0",
        "GPL-3.0-only.txt",
        "https://www.gnu.org/licenses/gpl-3.0.html",
        terms_json(attribute=True, include_text=True, share_alike=["GPL-3.0-only"], reach="dataset"),
    ),
)
