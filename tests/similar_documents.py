"""Documents with the same text and other values, which only their names tell apart.

What a question names (a tenant, a supplier, a day, a medicine, a school year) stands in the name
of a file, of its folder or in a title, and nowhere in the text below it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document: `name` is its path below the folder of the collection."""

    name: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question, the file that has the answer, and words that the right passage holds."""

    question: str
    name: str
    answer: str


_TENANTS = (
    ("Lease_Miller_2024.pdf", "Miller", 1150, 3, "Dogs and cats may be kept", 2),
    ("Lease_Ortega_2023.pdf", "Ortega", 1280, 2, "No animals may be kept", 3),
    ("LeaseAgreementNakamura.docx", "Nakamura", 990, 1, "Small animals in cages may be kept", 4),
    ("lease-de-vries-signed.pdf", "de Vries", 1420, 3, "Cats may be kept", 6),
    ("Lease O'Connor (final).docx", "O'Connor", 875, 2, "A dog may be kept", 5),
    ("LEASE_HALVORSEN.pdf", "Halvorsen", 1610, 1, "Fish may be kept", 8),
    ("2022-11 lease Petrova.pdf", "Petrova", 1045, 2, "Birds may be kept", 9),
    ("lease.adeyemi.v2.docx", "Adeyemi", 1330, 3, "Two cats may be kept", 7),
)  # fmt: skip
_SUPPLIERS = (
    ("Invoices/2023/Brightwater Plumbing.pdf", "Brightwater", 418, 14),
    ("Invoices/2023/INV_Kestrel-Electric_0093.pdf", "Kestrel Electric", 1276, 30),
    ("Invoices/2024/Sunfield_Office_Supplies.pdf", "Sunfield", 89, 10),
    ("Invoices/2024/BESTBUILD_Roofing.pdf", "Best Build", 7340, 21),
    ("Invoices/2024/marlow cleaning march.pdf", "Marlow", 260, 7),
    ("Invoices/2024/TannerITServices.pdf", "Tanner", 1995, 45),
)
_MEETINGS = (
    ("Minutes/Minutes_2024-01-18.docx", "18 January 2024", "the boiler room", "Ruth", 11),
    ("Minutes/Minutes_2024-02-15.docx", "15 February 2024", "the bicycle shed", "Omar", 9),
    ("Minutes/Minutes_2024-03-21.docx", "March 21, 2024", "the lift", "Ingrid", 14),
    ("Minutes/Minutes_20240418.docx", "18 April 2024", "the roof garden", "Pavel", 8),
    ("Minutes/minutes 16.05.2024.docx", "16 May 2024", "the stairwell lamps", "Chloe", 12),
    ("Minutes/Minutes_2024_06_20.docx", "20 June 2024", "the letter boxes", "Tariq", 10),
)
_MEDICINES = (
    ("leaflets/Ibuprofen 400.pdf", "ibuprofen", "three tablets", "eight hours", "25"),
    ("leaflets/paracetamol_500mg.pdf", "paracetamol", "eight tablets", "four hours", "30"),
    ("leaflets/AmoxicillinLeaflet.pdf", "amoxicillin", "three capsules", "six hours", "20"),
    ("leaflets/metformin-patient-leaflet.pdf", "metformin", "two tablets", "twelve hours", "28"),
    ("leaflets/Salbutamol_inhaler.pdf", "salbutamol", "eight puffs", "five hours", "15"),
    ("leaflets/CETIRIZINE.pdf", "cetirizine", "one tablet", "one day", "27"),
)
_CLIENTS = (
    ("Clients/Baumann/contract.pdf", "Baumann", 180, "Leeds"),
    ("Clients/Fitzgerald/contract.pdf", "Fitzgerald", 225, "Cardiff"),
    ("Clients/Okonkwo/contract.pdf", "Okonkwo", 150, "Bristol"),
    ("Clients/Lindqvist/contract.pdf", "Lindqvist", 205, "Exeter"),
)
_TRIPS = (
    ("trips/form3.md", "Lake District", "Mr Hughes", 140, "rain jacket"),
    ("trips/form4.md", "Science Museum", "Ms Farouk", 25, "packed lunch"),
    ("trips/form5.md", "Roman baths", "Mrs Bell", 38, "clipboard"),
    ("trips/form6.md", "Botanical garden", "Mr Costa", 16, "sun hat"),
)
_TENANTS_DE = (
    ("Mietverträge/Mietvertrag_Schröder.pdf", "Schröder", 720, "drei"),
    ("Mietverträge/MietvertragKowalski2021.pdf", "Kowalski", 655, "sechs"),
    ("Mietverträge/mietvertrag-boettcher.pdf", "Böttcher", 810, "zwei"),
    ("Mietverträge/Mietvertrag Yilmaz.pdf", "Yılmaz", 590, "vier"),
)

_LEASE = """# Lease agreement
## Rent
The monthly rent is {rent} euros, payable in advance on the third working day of each month.
## Deposit
The tenant pays a deposit of {deposit} months' rent, which is returned after the keys are back.
## Animals
{pets} in the flat. All pets must be registered with the caretaker of the house.
## Repairs
The tenant pays for small repairs. The landlord maintains the heating, the roof and the windows.
## Parking
The tenant may use parking space number {space} behind the house.
"""
_INVOICE = """# Invoice
Thank you for your order. All prices include value added tax.
Total amount due: {total} pounds.
Please pay within {days} days of receipt to the account below.
Goods remain our property until the invoice has been paid in full.
"""
_MINUTES = """# Minutes of the owners' meeting
The meeting was opened at seven in the evening. {present} owners were present.
The owners decided to renew {what} before the end of the year.
{who} was asked to get three offers and to report at the next meeting.
The accounts of the last year were approved without a vote against.
"""
_LEAFLET = """# Information for the patient
## How to take this medicine
Do not take more than {dose} in 24 hours. Leave at least {gap} between two doses.
## Alcohol
Avoid alcohol while you take this medicine.
## How to store it
Keep this medicine below {celsius} degrees and out of the reach of children.
"""
_CONTRACT = """# Service contract
The consultant is paid {rate} pounds an hour, and travel costs by train.
The place of work is {city}. Either side may end this contract with four weeks' notice.
All documents are returned when the contract ends.
"""
_TRIP = """# School trip: {where}
## Who goes
The trip is led by {teacher}. Parents are welcome as helpers.
## Costs
The trip costs {cost} pounds for each child, payable by the end of term.
## What to bring
Every child needs a {thing} and a drink.
"""
_LEASE_DE = """# Vertrag über Wohnraum
## Miete
Die monatliche Miete beträgt {rent} Euro und ist am dritten Werktag fällig.
## Kündigung
Der Vertrag kann mit einer Frist von {notice} Monaten gekündigt werden.
## Schlüssel
Bei der Übergabe erhält die Partei alle Schlüssel der Wohnung.
"""


def documents() -> tuple[NamedDocument, ...]:
    """Give the documents."""
    made = [
        NamedDocument(name, _LEASE.format(rent=rent, deposit=deposit, pets=pets, space=space))
        for name, _, rent, deposit, pets, space in _TENANTS
    ]
    made += [
        NamedDocument(name, _INVOICE.format(total=total, days=days))
        for name, _, total, days in _SUPPLIERS
    ]
    made += [
        NamedDocument(name, _MINUTES.format(what=what, who=who, present=present))
        for name, _, what, who, present in _MEETINGS
    ]
    made += [
        NamedDocument(name, _LEAFLET.format(dose=dose, gap=gap, celsius=celsius))
        for name, _, dose, gap, celsius in _MEDICINES
    ]
    made += [
        NamedDocument(name, _CONTRACT.format(rate=rate, city=city))
        for name, _, rate, city in _CLIENTS
    ]
    made += [
        NamedDocument(name, _TRIP.format(where=where, teacher=who, cost=cost, thing=thing))
        for name, where, who, cost, thing in _TRIPS
    ]
    made += [
        NamedDocument(name, _LEASE_DE.format(rent=rent, notice=notice), "de")
        for name, _, rent, notice in _TENANTS_DE
    ]
    return tuple(made)


def questions() -> tuple[NamedQuestion, ...]:
    """Give questions that only a name, a folder or a title tells the document of."""
    asked: list[NamedQuestion] = []
    forms = (
        ("What does the lease of {who} say about pets?", 4),
        ("How much is {who}'s rent per month?", 2),
        ("How high is the deposit in the {who} lease?", 3),
        ("Which parking space belongs to {who}?", 5),
    )
    for number, (name, who, *values) in enumerate(_TENANTS):
        for form, at in (forms[number % 4], forms[(number + 1) % 4]):
            value = values[at - 2]
            answer = {2: f"{value} euros", 3: f"{value} months", 4: str(value), 5: f"er {value} "}
            asked.append(NamedQuestion(form.format(who=who), name, answer[at]))
    for name, who, total, days in _SUPPLIERS:
        asked.append(NamedQuestion(f"What do we owe {who}?", name, f"due: {total}"))
        asked.append(
            NamedQuestion(f"When does the {who} invoice have to be paid?", name, f"within {days}")
        )
    for name, day, what, who, present in _MEETINGS:
        asked.append(NamedQuestion(f"What did the owners decide on {day}?", name, what))
        asked.append(
            NamedQuestion(f"How many owners were at the meeting of {day}?", name, f"{present} own")
        )
        asked.append(NamedQuestion(f"Who was to get offers after the {day} meeting?", name, who))
    for name, medicine, dose, gap, celsius in _MEDICINES:
        asked.append(NamedQuestion(f"How much {medicine} may I take a day?", name, dose))
        asked.append(
            NamedQuestion(f"How long between two doses of {medicine}?", name, f"least {gap}")
        )
        asked.append(
            NamedQuestion(f"At what temperature is {medicine} stored?", name, f"below {celsius}")
        )
    for name, who, rate, city in _CLIENTS:
        asked.append(NamedQuestion(f"What is the hourly rate for {who}?", name, f"{rate} pounds"))
        asked.append(NamedQuestion(f"Where is the work for {who} done?", name, city))
    for name, where, who, cost, thing in _TRIPS:
        asked.append(NamedQuestion(f"Who leads the {where} trip?", name, who))
        asked.append(NamedQuestion(f"What does the trip to the {where} cost?", name, f"{cost} "))
        asked.append(NamedQuestion(f"What should be brought to the {where}?", name, thing))
    for name, who, rent, notice in _TENANTS_DE:
        asked.append(NamedQuestion(f"Wie hoch ist die Miete von {who}?", name, f"{rent} Euro"))
        asked.append(
            NamedQuestion(f"Welche Kündigungsfrist hat {who}?", name, f"Frist von {notice}")
        )
    return tuple(asked)


WHICH_FILE = (
    NamedQuestion("Which file is the lease of Halvorsen?", "LEASE_HALVORSEN.pdf", ""),
    NamedQuestion("Where is the contract with Okonkwo?", "Clients/Okonkwo/contract.pdf", ""),
    NamedQuestion("In which document are the minutes of 21 March 2024?",
                  "Minutes/Minutes_2024-03-21.docx", ""),
    NamedQuestion("Which invoice is from Brightwater?",
                  "Invoices/2023/Brightwater Plumbing.pdf", ""),
    NamedQuestion("Find the metformin leaflet", "leaflets/metformin-patient-leaflet.pdf", ""),
    NamedQuestion("Which file is about the Roman baths?", "trips/form5.md", ""),
    NamedQuestion("lease_miller_2024.pdf", "Lease_Miller_2024.pdf", ""),
    NamedQuestion("What is in TannerITServices?", "Invoices/2024/TannerITServices.pdf", ""),
)  # fmt: skip
"""Questions for a file itself."""
