"""Sentences of answers and the passages they were written from, labelled by hand.

These were looked at while the rules were made; those of `held_out_answers.py` never were.
"""
# ruff: noqa: E501 - sentences as they are

from dataclasses import dataclass
from pathlib import Path

from app.core.documents.evidence import DocumentPlace, Passage
from app.core.documents.text import PageUnit, Span


def passage(name: str, text: str, page: int = 1, header: str = "", file_id: int = 0) -> Passage:
    """A passage of a file, all of one page."""
    place = DocumentPlace(
        file_id or sum(map(ord, name)),
        Path("/home/me") / name,
        "ab" * 32,
        PageUnit.PAGE,
        (Span(page, 100, 100 + len(text)),),
    )
    return Passage(place, text, 1.0, header=header, order=(file_id, page))


@dataclass(frozen=True)
class Case:
    """What was asked, what was found, and sentences that it supports or does not."""

    question: str
    passages: tuple[Passage, ...]
    supported: tuple[str, ...]
    unsupported: tuple[str, ...]


LEASE = (
    passage(
        "lease.pdf",
        "The monthly rent is 900 euros and is due on the third working day of each month.\n"
        "The deposit is 2,700 euros. It is paid back within six months after the flat has been"
        " handed over.\n"
        "Either party may end the lease in writing with three months' notice.",
        4,
    ),
    passage(
        "lease.pdf",
        "The landlord, Anna Schmidt, pays for repairs to the heating. The tenant, Peter Braun, pays"
        " for small repairs of up to 75 euros each.\n"
        "The tenant may keep cats but not dogs. Smoking is prohibited in the stairwell.",
        6,
    ),
    passage(
        "house_rules.docx",
        "Quiet hours are from 10 pm to 6 am. The laundry room may be used on Mondays and Thursdays.\n"
        "Bicycles must be kept in the cellar. Questions go to hausverwaltung@example.org.",
        1,
    ),
)
MANUAL = (
    passage(
        "pump_manual.pdf",
        "The pump works at temperatures between 5 °C and 40 °C. Do not run the pump without water.\n"
        "Replace the filter every 6 months or after 500 hours of operation, whichever comes first.\n"
        "Error code E-17 means that the inlet valve is blocked.",
        12,
    ),
    passage(
        "pump_manual.pdf",
        "Model | Power | Weight\nAX-200 | 1,200 W | 14 kg\nAX-300 | 1,800 W | 19 kg",
        3,
        "Model | Power | Weight",
    ),
)
MINUTES = (
    passage(
        "minutes_2026-03.pdf",
        "The meeting on 12 March 2026 was chaired by Olivia Grant. Daniel Okafor took the minutes.\n"
        "The board approved the budget of 1,345,596 dollars for 2027 with eight votes to two.\n"
        "The proposal to move the office to Leeds was rejected.",
        1,
    ),
    passage(
        "minutes_2026-04.pdf",
        "On 9 April 2026 the board met again. Sales rose by 12% in the first quarter, while costs fell"
        " by 3%. Priya Nair will present a new plan before 1 June 2026.",
        2,
    ),
)
GERMAN = (
    passage(
        "mietvertrag.pdf",
        "Die Kündigungsfrist beträgt drei Monate zum Monatsende. Die Kündigung bedarf der"
        " Schriftform.\n"
        "Die Kaution beträgt 2.700 € und ist vor dem Einzug am 1. Mai 2026 zu zahlen.\n"
        "Das Rauchen ist im Treppenhaus nicht gestattet. Vermieterin ist Frau Anna Schmidt.",
        2,
    ),
)
CHINESE = (
    passage(
        "合同.pdf",
        "租赁期限为两年，自2026年5月1日起至2028年4月30日止。每月租金为人民币4500元，押金为两个月租金。\n"
        "未经甲方书面同意，乙方不得转租房屋。甲方负责维修供暖设备。",
        1,
    ),
)
RUSSIAN = (
    passage(
        "договор.pdf",
        "Срок аренды составляет 11 месяцев с 1 мая 2026 года. Ежемесячная плата равна 45 000 рублей.\n"
        "Арендатор не вправе сдавать квартиру третьим лицам без согласия арендодателя.",
        1,
    ),
)

TUNING = (
    Case(
        "How much is the rent and the deposit?",
        LEASE,
        (
            "The rent is 900 euros a month.",
            "The monthly rent is €900.",
            "The tenant pays a deposit of 2700 euros.",
            "The deposit amounts to 2.700 EUR.",
            "900 euros",
            "Rent is due on the third working day of each month.",
            "The deposit is paid back within 6 months after the flat is handed over.",
            "The rent is 900 euros per month and the deposit is 2,700 euros.",
            "The deposit must be returned six months after handover of the flat.",
            "According to lease.pdf (page 4), the monthly rent is 900 euros.",
        ),
        (
            "The rent is 950 euros a month.",
            "The deposit is 900 euros.",
            "The monthly rent is 2,700 euros.",
            "The deposit is paid back within six weeks after the flat has been handed over.",
            "The rent includes heating and water.",
            "Rent is due on the fifth working day of each month.",
            "According to house_rules.docx, the monthly rent is 900 euros.",
            "The monthly rent is 900 dollars.",
            "According to lease.pdf, page 9, the deposit is 2,700 euros.",
            "The flat has 3 bedrooms.",
        ),
    ),
    Case(
        "Who pays for what, and how can the lease be ended?",
        LEASE,
        (
            "The lease can be ended by either party with a notice of 3 months.",
            "Anna Schmidt pays for repairs to the heating.",
            "Peter Braun pays for small repairs of up to 75 euros.",
            "The tenant may keep cats.",
            "The tenant may not keep dogs.",
            "Dogs are not allowed, but the tenant may keep cats.",
            "Smoking is not allowed in the stairwell.",
            "Smoking is prohibited in the stairwell.",
            "Quiet hours last from 10 pm to 6 am.",
            "Quiet hours are from 22:00 to 06:00.",
            "Bicycles must be kept in the cellar.",
            "Small repairs of up to 75 euros are paid by the tenant.",
            "Send questions to hausverwaltung@example.org.",
            "The laundry room may be used on Mondays.",
        ),
        (
            "Peter Braun pays for repairs to the heating.",
            "The tenant pays for repairs to the heating.",
            "The lease cannot be ended with three months' notice.",
            "The lease can be ended with two months' notice.",
            "The tenant may keep dogs.",
            "Smoking is allowed in the stairwell.",
            "The tenant must keep cats.",
            "Quiet hours are from 11 pm to 6 am.",
            "Bicycles may be kept in the cellar.",
            "The laundry room may be used on Tuesdays.",
            "Send questions to info@example.org.",
            "Bicycles must not be kept in the cellar.",
            "Anna Miller pays for repairs to the heating.",
            "The landlord must paint the walls every five years.",
        ),
    ),
    Case(
        "What does the manual say?",
        MANUAL,
        (
            "The filter should be replaced every six months.",
            "Replace the filter after 500 hours of operation.",
            "E-17 means the inlet valve is blocked.",
            "The AX-200 weighs 14 kg.",
            "The power of the AX-300 is 1800 W.",
            "Never run the pump without water.",
            "AX-300 | 1,800 W | 19 kg",
        ),
        (
            "The filter should be replaced every six weeks.",
            "E-18 means the inlet valve is blocked.",
            "The weight of the AX-200 is 19 kg.",
            "The pump works at temperatures between 5 °C and 60 °C.",
            "Run the pump without water.",
            "The pump has a warranty of two years.",
            "Error code E-17 means that the outlet is leaking.",
        ),
    ),
    Case(
        "What was decided?",
        MINUTES,
        (
            "The meeting on 2026-03-12 was chaired by Olivia Grant.",
            "The board approved a budget of 1345596 dollars.",
            "Daniel Okafor took the minutes.",
            "Sales rose by 12 percent in the first quarter.",
            "Costs fell by 3 %.",
            "The proposal to move the office to Leeds was rejected.",
            "Priya Nair will present a new plan before June 1, 2026.",
            "Olivia Grant chaired the meeting on 12 March 2026, and Priya Nair will present a new plan.",
        ),
        (
            "The meeting on 13 March 2026 was chaired by Olivia Grant.",
            "The meeting was chaired by Daniel Okafor.",
            "Sales fell by 12% in the first quarter.",
            "Sales rose by 3% in the first quarter.",
            "The proposal to move the office to Leeds was approved.",
            "The board approved a budget of 1,345,569 dollars.",
            "The proposal to move the office to London was rejected.",
            "Priya Nair will present a new plan after 1 June 2026.",
            "The board did not approve the budget for 2027.",
        ),
    ),
    Case(
        "Was steht im Mietvertrag?",
        GERMAN,
        (
            "Die Kündigungsfrist beträgt 3 Monate.",
            "Die Kaution beträgt 2700 Euro.",
            "Die Kaution ist vor dem 01.05.2026 zu zahlen.",
            "Rauchen ist im Treppenhaus nicht gestattet.",
            "Die Kündigung muss in Schriftform erfolgen.",
        ),
        (
            "Die Kündigungsfrist beträgt 2 Monate.",
            "Die Kündigungsfrist beträgt drei Wochen.",
            "Die Kaution beträgt 2.500 Euro.",
            "Rauchen ist im Treppenhaus gestattet.",
            "Die Kaution ist vor dem 01.06.2026 zu zahlen.",
            "Vermieterin ist Frau Maria Schmidt.",
        ),
    ),
    Case(
        "租金是多少？",
        CHINESE,
        (
            "每月租金为4500元。",
            "租赁期限为2年。",
            "乙方不得转租房屋。",
            "押金为两个月租金。",
        ),
        (
            "每月租金为5400元。",
            "租赁期限为三年。",
            "乙方可以转租房屋。",
            "押金为三个月租金。",
            "乙方负责维修供暖设备。",
        ),
    ),
    Case(
        "Каков срок аренды?",
        RUSSIAN,
        (
            "Срок аренды — 11 месяцев.",
            "Плата составляет 45000 рублей ежемесячно.",
            "Арендатор не вправе сдавать квартиру третьим лицам.",
        ),
        (
            "Срок аренды — 12 месяцев.",
            "Арендатор вправе сдавать квартиру третьим лицам.",
            "Плата составляет 54 000 рублей.",
        ),
    ),
)
