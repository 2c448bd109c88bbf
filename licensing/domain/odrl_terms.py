"""Our terms in ODRL 2.2, and the profile that defines those which ODRL lacks (governance reference 2.4)."""

from babel.core import get_global

from licensing.domain.actions import ACTION_CODES, PHRASES, PROHIBITED_USES
from licensing.domain.vocabulary import COUNTRIES

ODRL = "http://www.w3.org/ns/odrl/2/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
CURRENCY = "http://publications.europa.eu/resource/authority/currency/"
# What ODRL has a word for; everything else is in the profile.
STANDARD = {
    "access": "odrl:read",
    "annotate": "odrl:annotate",
    "derive": "odrl:derive",
    "redistribute": "odrl:distribute",
}
# An action of ours → the one that it is a part of. Whoever may do that may do this, if nothing forbids it.
PARTS = {
    "aiUse": "odrl:use",
    **dict.fromkeys(("train", "evaluate", "embedRag", "voiceClone", "releaseModelApi"), "dc:aiUse"),
    **dict.fromkeys(("trainGenerative", "fineTune"), "dc:train"),
    "synthesize": "odrl:derive",
    "releaseWeights": "odrl:distribute",
    **dict.fromkeys(set(PROHIBITED_USES) - {"voiceClone"}, "odrl:use"),
}
OPERANDS = {
    "licenseeType": "What kind of organization or person the licensee is.",
    "licenseeCountryGroup": "In which countries the licensee is.",
    "licenseeRevenue": "What the licensee takes in a year.",
    "seats": "How many people use the data.",
    "serviceAccounts": "How many service keys fetch the data.",
    "models": "How many models are trained on the data.",
    "computeFlop": "How many operations a training takes.",
    "modelParameters": "How many parameters a model has.",
    "epochs": "How many times a training reads the data.",
}
EVENTS = {"consentWithdrawn": "Somebody in the data took their consent back."}
# Country codes of three letters that stand for states of the past.
_FORMER = frozenset({"ANT", "ZAR", "DDR", "FXX", "BUR", "SCG", "YUG", "SUN", "NTZ", "TMP", "YMD"})


def action_iri(code: str) -> str:
    return STANDARD.get(code, f"dc:{code}")


def country_iri(code: str) -> str:
    """From two letters to the European vocabulary's three. Precondition: one of COUNTRIES."""
    return COUNTRY + _THREE_LETTERS[code]


def profile_turtle(instance: str) -> str:
    """The profile as Turtle. `instance` is the site's address, without a slash at its end."""
    iri = f"{instance}/ns/odrl-profile/1"
    lines = [
        f"@prefix odrl: <{ODRL}> .",
        f"@prefix dc: <{iri}#> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "",
        f'<{iri}> a odrl:Profile, owl:Ontology ; rdfs:label "Licensed training data"@en .',
    ]
    for code, whole in sorted(PARTS.items()):
        lines.append(_term(iri, code, "odrl:Action", _definition(code), f" ; odrl:includedIn {whole}"))
    lines += [_term(iri, name, "odrl:LeftOperand", text) for name, text in sorted(OPERANDS.items())]
    lines += [_term(iri, name, "odrl:RightOperand", text) for name, text in sorted(EVENTS.items())]
    lines.append(_term(iri, "licenseTextSha256", "rdf:Property", "The hash of the license text, byte by byte."))
    return "\n".join(lines) + "\n"


def _term(iri: str, name: str, kind: str, definition: str, more: str = "") -> str:
    return (
        f"dc:{name} a {kind}, skos:Concept ; rdfs:isDefinedBy <{iri}> ; "
        f'rdfs:label "{name}"@en ; skos:definition "{definition}"@en{more} .'
    )


def _definition(code: str) -> str:
    if code == "aiUse":
        return "To use data with models that learn."
    said = PHRASES[code] if code in ACTION_CODES else PROHIBITED_USES[code]
    return f"To {said}."


def _three_letters() -> dict[str, str]:
    found = {}
    for code, stands_for in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and code not in _FORMER and stands_for[0] in COUNTRIES:
            found[stands_for[0]] = code
    return found


_THREE_LETTERS = _three_letters()
