"""National identity numbers that are known by their printed form and prove themselves by a checksum.

A number of nine to eleven digits without a form would match one country or another by chance, so it is not looked for.
"""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class NationalId:
    """`forms`: 9 is any digit, A any capital letter. `rules` is the module of python-stdnum that knows the checksum."""

    country: str
    rules: str
    forms: tuple[bytes, ...]

    @property
    def code(self) -> str:
        return f"national_id_{self.country}"

    def proves(self, number: str) -> bool:
        return bool(import_module(f"stdnum.{self.rules}").is_valid(number))


NATIONAL_IDS = (
    NationalId("ar", "ar.cuit", (b"99-99999999-9",)),
    NationalId("be", "be.nn", (b"99.99.99-999.99",)),
    NationalId("br", "br.cpf", (b"999.999.999-99",)),
    NationalId("ca", "ca.sin", (b"999-999-999",)),
    NationalId("ch", "ch.ssn", (b"999.9999.9999.99",)),
    NationalId("cl", "cl.rut", (b"9.999.999-9", b"9.999.999-A", b"99.999.999-9", b"99.999.999-A")),
    NationalId("cn", "cn.ric", (b"9" * 18, b"9" * 17 + b"A")),
    NationalId("cz", "cz.rc", (b"999999/9999",)),
    NationalId("de", "de.idnr", (b"99 999 999 999",)),
    NationalId("es", "es.dni", (b"99999999A", b"99999999-A")),
    NationalId("es", "es.nie", (b"A9999999A", b"A-9999999-A")),
    NationalId("fi", "fi.hetu", (b"999999-9999", b"999999-999A", b"999999A9999", b"999999A999A")),
    NationalId("fr", "fr.nir", (b"9 99 99 99 999 999 99", b"9 99 99 9A 999 999 99")),
    NationalId("in", "in_.aadhaar", (b"9999 9999 9999",)),
    NationalId("is", "is_.kennitala", (b"999999-9999",)),
    NationalId("it", "it.codicefiscale", (b"AAAAAA99A99A999A",)),
    NationalId("kr", "kr.rrn", (b"999999-9999999",)),
    NationalId("mx", "mx.curp", (b"AAAA999999AAAAAA99", b"AAAA999999AAAAAAA9")),
    NationalId("no", "no.fodselsnummer", (b"999999 99999",)),
    NationalId("pt", "pt.cc", (b"99999999 9 AA9", b"999999999AA9")),
    NationalId("se", "se.personnummer", (b"999999-9999", b"99999999-9999", b"999999+9999")),
    NationalId("th", "th.pin", (b"9-9999-99999-99-9",)),
    # Has no checksum, but a form of its own and ranges that were never given out.
    NationalId("us", "us.ssn", (b"999-99-9999",)),
)
