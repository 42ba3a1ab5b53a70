"""Labelled sentences that no rule was made by: written before, and counted only."""
# ruff: noqa: E501 - sentences as they are

from tests.core.documents.support.labelled_answers import Case, passage

POLICY = (
    passage(
        "leave_policy.docx",
        "Employees are entitled to 28 days of paid holiday a year. Up to five unused days may be"
        " carried over until 31 March of the following year.\n"
        "Sick leave must be reported by 9:30 am on the first day. A medical certificate is required"
        " after three days.\n"
        "Parental leave lasts up to 14 months. Requests go to Karen Lopez in Human Resources.",
        2,
    ),
    passage(
        "travel_policy.docx",
        "Employees must book trains in second class. Flights are only allowed for distances over"
        " 600 km. Hotels may cost up to 140 euros a night in Germany and 180 euros in Switzerland.\n"
        "Receipts have to be handed in within 30 days. Alcohol is not refunded.",
        1,
    ),
)
RECIPE = (
    passage(
        "soup.md",
        "Chop two onions and fry them in 3 tablespoons of olive oil for 8 minutes. Add 1.5 litres of"
        " stock and 400 g of red lentils.\n"
        "Simmer for 25 minutes, stirring now and then. Do not add salt before the lentils are soft.\n"
        "The soup keeps for four days in the refrigerator and can be frozen.",
        1,
    ),
)
LETTER = (
    passage(
        "insurance_letter.pdf",
        "Dear Mr Tanaka, your claim number KL-4471-B of 17 February 2026 has been examined. We will"
        " pay 3,480.50 euros for the water damage in your kitchen.\n"
        "The damage to the carpet is not covered by your policy. Your excess is 250 euros.\n"
        "You may appeal against this decision within six weeks. Yours sincerely, Lucia Romano",
        1,
    ),
    passage(
        "insurance_terms.pdf",
        "The policy covers damage by fire, storm and burst pipes. Damage by floods is excluded."
        " The premium of 312 euros is due every January.",
        7,
    ),
)
TABLE = (
    passage(
        "staff.xlsx",
        "Name | Department | Start | Salary\n"
        "Ines Moreau | Sales | 2019-04-01 | 52,000\n"
        "Tom Becker | Research | 2021-09-15 | 61,500",
        1,
        "Name | Department | Start | Salary",
    ),
)
FRENCH = (
    passage(
        "bail.pdf",
        "Le loyer mensuel est de 850 euros, charges non comprises. Le locataire doit donner un préavis"
        " de trois mois.\nLes animaux ne sont pas autorisés. L'appartement mesure 54 m².",
        3,
    ),
)
SPANISH = (
    passage(
        "contrato.pdf",
        "El contrato empieza el 15 de septiembre de 2026 y dura cinco años. La renta es de 720 euros"
        " al mes.\nEl inquilino no puede subarrendar el piso sin permiso.",
        1,
    ),
)
JAPANESE = (
    passage(
        "契約書.pdf",
        "契約期間は2026年4月1日から2年間とする。家賃は月額8万円である。\n"
        "ペットの飼育は禁止されている。駐車場は1台まで利用できる。",
        1,
    ),
)
ARABIC = (
    passage(
        "عقد.pdf",
        "مدة العقد سنة واحدة تبدأ في 1 مايو 2026. الإيجار الشهري 500 دينار.\n"
        "لا يجوز للمستأجر تأجير الشقة لغيره.",
        1,
    ),
)

HELD_OUT = (
    Case(
        "What are the rules for leave?",
        POLICY,
        (
            "Employees get 28 days of paid holiday per year.",
            "Five unused days may be carried over until March 31 of the following year.",
            "You need a medical certificate after 3 days.",
            "Sick leave has to be reported by 9:30 am on the first day.",
            "Parental leave can last up to 14 months.",
            "Requests for parental leave go to Karen Lopez.",
            "Hotels in Switzerland may cost up to 180 euros a night.",
            "Receipts must be handed in within thirty days.",
            "Alcohol is not refunded.",
            "Trains must be booked in second class.",
            "Flights are allowed only for distances over 600 kilometres.",
        ),
        (
            "Employees get 30 days of paid holiday per year.",
            "Five unused days may be carried over until 31 May of the following year.",
            "You need a medical certificate after five days.",
            "Hotels in Germany may cost up to 180 euros a night.",
            "Parental leave can last up to 14 weeks.",
            "Requests for parental leave go to Karen Smith.",
            "Receipts must be handed in within 60 days.",
            "Alcohol is refunded.",
            "Trains must be booked in first class.",
            "Flights are allowed only for distances under 600 km.",
            "Employees must carry over five unused days.",
            "The company pays for gym memberships.",
            "Unused holiday is paid out at the end of employment.",
        ),
    ),
    Case(
        "How do I cook the soup?",
        RECIPE,
        (
            "Fry two onions in three tablespoons of olive oil for 8 minutes.",
            "You need 400 grams of red lentils and 1.5 l of stock.",
            "Let it simmer for 25 minutes.",
            "The soup keeps for 4 days in the refrigerator.",
            "Salt should not be added before the lentils are soft.",
            "The soup can be frozen.",
        ),
        (
            "Fry two onions in 3 tablespoons of butter for 8 minutes.",
            "You need 400 g of green lentils.",
            "Let it simmer for 52 minutes.",
            "The soup keeps for four weeks in the refrigerator.",
            "Add salt before the lentils are soft.",
            "The soup cannot be frozen.",
            "Serve the soup with bread and parsley.",
        ),
    ),
    Case(
        "What does the insurance pay?",
        LETTER,
        (
            "The insurance will pay 3480.50 euros for the water damage.",
            "The damage to the carpet is not covered.",
            "The excess is €250.",
            "You may appeal within 6 weeks.",
            "The claim KL-4471-B of 17.02.2026 has been examined.",
            "Damage by floods is not covered by the policy; damage by fire is.",
            "Lucia Romano signed the letter: yours sincerely, Lucia Romano.",
            "The policy covers damage by fire and storm.",
            "The premium of 312 euros is due in January.",
        ),
        (
            "The insurance will pay 3,840.50 euros for the water damage.",
            "The damage to the carpet is covered by the policy.",
            "The excess is 312 euros.",
            "You may not appeal against this decision.",
            "The claim KL-4417-B has been examined.",
            "The policy covers damage by floods.",
            "The premium of 312 euros is due every June.",
            "Mr Suzuki's claim has been examined.",
            "The claim of 17 March 2026 has been examined.",
            "You must appeal within six weeks.",
            "The insurance pays for a hotel during the repairs.",
        ),
    ),
    Case(
        "Who works where?",
        TABLE,
        (
            "Ines Moreau works in Sales.",
            "Tom Becker started on 15 September 2021.",
            "Tom Becker has a salary of 61,500.",
            "Ines Moreau | Sales | 52,000",
        ),
        (
            "Tom Becker works in Sales.",
            "Ines Moreau started on 15 September 2021.",
            "Ines Moreau has a salary of 61,500.",
            "Tom Becker has a salary of 52,000.",
        ),
    ),
    Case(
        "Quel est le loyer ?",
        FRENCH,
        (
            "Le loyer est de 850 € par mois.",
            "Le préavis est de 3 mois.",
            "Les animaux ne sont pas autorisés.",
            "L'appartement mesure 54 m2.",
        ),
        (
            "Le loyer est de 950 € par mois.",
            "Le préavis est de trois semaines.",
            "Les animaux sont autorisés.",
            "L'appartement mesure 64 m².",
        ),
    ),
    Case(
        "¿Cuándo empieza el contrato?",
        SPANISH,
        (
            "El contrato empieza el 15/09/2026.",
            "El contrato dura 5 años.",
            "La renta mensual es de 720 euros al mes.",
        ),
        (
            "El contrato empieza el 15 de octubre de 2026.",
            "El contrato dura cinco meses.",
            "El inquilino puede subarrendar el piso.",
        ),
    ),
    Case(
        "家賃はいくらですか？",
        JAPANESE,
        ("家賃は月額80,000円です。", "ペットの飼育は禁止です。", "契約期間は2年間です。"),
        ("家賃は月額9万円です。", "ペットの飼育はできます。", "契約期間は3年間です。"),
    ),
    Case(
        "ما هو الإيجار؟",
        ARABIC,
        ("الإيجار الشهري 500 دينار.", "لا يجوز للمستأجر تأجير الشقة."),
        (
            "الإيجار الشهري 700 دينار.",
            "يجوز للمستأجر تأجير الشقة.",
            "تبدأ مدة العقد في 1 يونيو 2026.",
        ),
    ),
)
