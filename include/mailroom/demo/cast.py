"""Who takes part in the sample story: two customers of config/customers, their people, their suppliers.

Every firm is made up; domains end in `.example` (RFC 2606), tax ids and bank accounts have right check digits.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailroom.demo.paper import Party

ACME = Party("Acme Kitchens GmbH", "Torstraße 140", "10119 Berlin", "Germany", tax_id="DE136695976")
GLOBEX = Party("Globex Clinics Ltd", "8 Harbour Road", "Leeds LS10 1DE", "United Kingdom", tax_id="GB980780684")
ACME_MAILBOX = "invoices@acme.example"
GLOBEX_ADDRESS = "invoices+globex@mailroom.example"
LOCAL_DOMAINS = ("acme.example", "globex.example", "mailroom.example")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who decides or works on exceptions at a customer (`organization` is its slug)."""

    organization: str
    email: str
    name: str
    role: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class SampleSupplier:
    """A supplier as its paper shows it and, when `number` is given, as the customer has it on file."""

    organization: str
    party: Party
    email: str
    number: str = ""
    department: str = ""
    phone: str = ""
    account: str = ""

    @property
    def domain(self) -> str:
        """Return the domain its mail comes from."""
        return self.email.rpartition("@")[2]

    def as_csv(self) -> str:
        """Return its line of a supplier file, see `SUPPLIER_COLUMNS`."""
        party = self.party
        cells = (
            self.number, party.name, self.domain, party.tax_id, party.iban, self.email, self.phone, self.department,
            self.account,
        )  # fmt: skip
        return ";".join(f'"{cell or ""}"' for cell in cells)


SUPPLIER_COLUMNS = "number;name;email_domains;tax_ids;bank_accounts;email;phone;department;default_account"

ORGANIZATIONS = {
    "acme": ACME.name,
    "globex": GLOBEX.name,
    "operator": "Mailroom operator",
}

FACILITIES = Person("acme", "head.facilities@acme.example", "Miriam Vogt", "approver", "facilities")
FINANCE = Person("acme", "head.finance@acme.example", "Jonas Albrecht", "approver")
MANAGER = Person("globex", "manager@globex.example", "Priya Nair", "approver")
PEOPLE = (
    FACILITIES,
    FINANCE,
    Person("acme", "cfo@acme.example", "Katharina Busch", "approver"),
    Person("acme", "clerk@acme.example", "Ole Petersen", "clerk"),
    MANAGER,
    Person("globex", "clerk@globex.example", "Tom Hartley", "clerk"),
    Person("operator", "operator@mailroom.example", "Operator", "admin"),
)

OFFICE = SampleSupplier(
    "acme",
    Party("Nordlicht Bürobedarf GmbH", "Hafenstraße 12", "20457 Hamburg", "Germany", "DE239239624",
          "rechnung@nordlicht.example", "+49 40 5550 120", "nordlicht.example", "DE69200505501234112233"),
    "rechnung@nordlicht.example", "70010", phone="+49 40 5550 120", account="4930",
)  # fmt: skip
BUILDING = SampleSupplier(
    "acme",
    Party("Weber Gebäudetechnik GmbH & Co. KG", "Lindenallee 3", "14050 Berlin", "Germany", "DE395080986",
          "buchhaltung@weber-technik.example", "+49 30 5550 77", "weber-technik.example", "DE95100500000190041714"),
    "buchhaltung@weber-technik.example", "70024", department="facilities", phone="+49 30 5550 77", account="4260",
)  # fmt: skip
FURNITURE = SampleSupplier(
    "acme",
    Party("Lefèvre Mobilier SARL", "17 rue du Port", "33000 Bordeaux", "France", "FR84870781440",
          "factures@lefevre-mobilier.example", "+33 5 55 01 22", None, "FR7630004015870000043782128"),
    "factures@lefevre-mobilier.example", "70031", phone="+33 5 55 01 22", account="0650",
)  # fmt: skip
CARRIER = SampleSupplier(
    "acme",
    Party("Van Dijk Transport B.V.", "Havenweg 88", "3089 JK Rotterdam", "Netherlands", "NL821598776B01",
          "facturen@vandijk-transport.example", "+31 10 555 0188", None, "NL91ABNA0417164300"),
    "facturen@vandijk-transport.example", "70042", phone="+31 10 555 0188", account="3800",
)  # fmt: skip
APPLIANCES = SampleSupplier(
    "acme",
    Party("Brandt Küchengeräte AG", "Industriestraße 40", "50735 Köln", "Germany", "DE312044362",
          "rechnungen@brandt-geraete.example", "+49 221 5550 9", None, "DE47370400440532013077"),
    "rechnungen@brandt-geraete.example", "70055", phone="+49 221 5550 9",
)  # fmt: skip
LIGHTING = SampleSupplier(
    "acme",
    Party("Lumen Lichtdesign GmbH", "Sonnenweg 5", "80331 München", "Germany", "DE238502615",
          "office@lumen-licht.example", "+49 89 5550 31", "lumen-licht.example", "DE64701500000088214309"),
    "office@lumen-licht.example",
)  # fmt: skip
MEDICAL = SampleSupplier(
    "globex",
    Party("Northern Medical Supplies Ltd", "4 Canal Street", "Manchester M1 3HE", "United Kingdom", "GB505467549",
          "accounts@northern-medical.example", "+44 161 555 0140", None, "GB29NWBK60161331926819"),
    "accounts@northern-medical.example", "S-118", phone="+44 161 555 0140",
)  # fmt: skip
SUPPLIERS = (OFFICE, BUILDING, FURNITURE, CARRIER, APPLIANCES, LIGHTING, MEDICAL)
OTHER_ACCOUNT = "LT343250000123456789"
"""The account that a forger puts on an invoice."""


def signing_domains() -> tuple[str, ...]:
    """Return every domain that has a DKIM key in the story."""
    return tuple(dict.fromkeys((*LOCAL_DOMAINS, *(each.domain for each in SUPPLIERS))))
