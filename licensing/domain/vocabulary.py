"""The closed lists that terms are written in: fields of use, territories, kinds of licensee."""

ANYWHERE = "*"

FIELDS = {
    "asr": "speech recognition",
    "tts": "speech synthesis",
    "mt": "translation",
    "nlp": "text understanding and search",
    "llm": "large language models",
    "vision": "pictures and video",
    "audio": "sounds and music",
    "tabular": "tables and forecasts",
    "health": "health",
    "education": "education",
    "agriculture": "agriculture",
    "finance": "finance and insurance",
    "law": "law and public administration",
    "media": "news, media and games",
    "mobility": "vehicles and robots",
    "science": "science",
}
PURPOSES = {
    "research": "research",
    "education": "teaching",
    "product": "products and services",
    "evaluation": "testing and comparing models",
    "public-service": "public services",
}
LICENSEE_TYPES = {
    "individual": "people",
    "academic": "universities and schools",
    "nonprofit": "non-profit organizations",
    "sme": "small and medium companies",
    "enterprise": "large companies",
    "public": "public bodies",
}

# ISO 3166-1, two letters, as of 2026.
_ISO = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
# The members since 2020.
_EUROPEAN_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_AFRICA = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA "
    "NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
)
COUNTRIES = tuple(_ISO.split())
# Names for several countries at once.
COUNTRY_GROUPS = {"EU": tuple(_EUROPEAN_UNION.split()), "AFRICA": tuple(_AFRICA.split())}
TERRITORIES = frozenset({ANYWHERE, *COUNTRIES, *COUNTRY_GROUPS})


def countries_in(territory: list[str] | tuple[str, ...]) -> frozenset[str]:
    """Every country that these codes stand for; `*` is all of them."""
    found: set[str] = set()
    for code in territory:
        found.update(COUNTRIES if code == ANYWHERE else COUNTRY_GROUPS.get(code, (code,)))
    return frozenset(found)


def fields_in(names: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(FIELDS) if ANYWHERE in names else frozenset(names)
