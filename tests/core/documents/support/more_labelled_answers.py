"""More labelled sentences that were looked at: first counted, then mended by."""
# ruff: noqa: E501 - sentences as they are

from tests.core.documents.support.labelled_answers import Case, passage

WARRANTY = (
    passage(
        "warranty.pdf",
        "The warranty runs for 24 months from the date of purchase. It covers defects in material and"
        " workmanship.\n"
        "Damage caused by water or by falls is not covered. The battery is covered for 12 months only.\n"
        "To make a claim, send the device with its receipt to the service centre in Lyon.",
        2,
    ),
    passage(
        "club_rules.txt",
        "Members pay a fee of 45 pounds per quarter. New members pay an entrance fee of 20 pounds.\n"
        "The swimming pool is open from 7:00 to 21:30 on weekdays and closes at 18:00 on Sundays.\n"
        "Children under 12 must be accompanied by an adult. Lockers can be rented at the desk.",
        1,
    ),
)
MORE = (
    Case(
        "What is covered, and what are the rules?",
        WARRANTY,
        (
            "The warranty lasts 24 months from the date of purchase.",
            "Defects in material are covered.",
            "The battery is only covered for twelve months.",
            "Water damage is not covered.",
            "Send the device and its receipt to the service centre in Lyon.",
            "Members pay £45 per quarter.",
            "The entrance fee for new members is 20 pounds.",
            "On Sundays the swimming pool closes at 6 pm.",
            "Children under 12 need to be accompanied by an adult.",
            "You can rent lockers at the desk.",
            "On weekdays the pool is open from 7 am to 9:30 pm.",
            "The warranty covers defects in workmanship, and lockers can be rented at the desk.",
        ),
        (
            "The warranty lasts 12 months from the date of purchase.",
            "Defects in material are not covered.",
            "The battery is covered for 24 months.",
            "Water damage is covered.",
            "Send the device to the service centre in Paris.",
            "Members pay £45 per month.",
            "The entrance fee for new members is 45 pounds.",
            "On Sundays the swimming pool closes at 21:30.",
            "Children under 14 must be accompanied by an adult.",
            "Members can rent towels at the desk.",
            "The swimming pool has a sauna.",
            "The warranty covers theft.",
            "Lockers cannot be rented at the desk.",
            "Adults must be accompanied by children under 12.",
            "Repairs take about three weeks.",
        ),
    ),
)

CONTRACT = (
    passage(
        "employment_contract.docx",
        "The employment begins on 1 September 2026 and is for an indefinite term. The first six months"
        " are a probationary period, during which either side may give two weeks' notice.\n"
        "The gross salary is 4,150 euros a month, paid thirteen times a year. Weekly working time is 38"
        " hours. Overtime is paid or compensated by time off.\n"
        "The employee may work from home on two days a week. Secondary employment requires the written"
        " consent of the employer.",
        1,
    ),
    passage(
        "lab_report.pdf",
        "Sample B-204 was taken by Dr Helen Ward on 3 June 2026 at 08:15. The lead content was 4.2"
        " micrograms per litre, below the limit of 10 micrograms per litre.\n"
        "Nitrate exceeded the limit. The laboratory recommends testing the well again in autumn."
        " No bacteria were found.",
        5,
    ),
    passage(
        "history.txt",
        "The bridge was designed by Marta Kowalska and opened in 1931. It replaced a ferry that had"
        " served the town since 1874. The bridge is 412 metres long and carries four lanes.\n"
        "During the flood of 1954 the northern pier was damaged but the bridge stayed open.",
        9,
    ),
)
FURTHER = (
    Case(
        "What do the documents say?",
        CONTRACT,
        (
            "The employment starts on September 1, 2026.",
            "The employment begins on 01.09.2026.",
            "The probationary period lasts six months.",
            "During the probationary period, either side may give notice of two weeks.",
            "The gross salary is €4,150 per month.",
            "The salary is paid thirteen times a year.",
            "Weekly working time is 38 hours.",
            "The employee may work from home two days a week.",
            "Secondary employment requires the consent of the employer.",
            "Sample B-204 was taken on 3 June 2026.",
            "Dr Helen Ward took sample B-204.",
            "The lead content was 4.2 micrograms per litre.",
            "No bacteria were found in the sample.",
            "Nitrate was above the limit.",
            "Nitrate exceeded the limit, and no bacteria were found.",
            "The bridge was designed by Marta Kowalska.",
            "The bridge opened in 1931.",
            "The bridge is 412 m long.",
            "The bridge has four lanes.",
            "The northern pier was damaged in the flood of 1954.",
        ),
        (
            "The employment starts on 1 October 2026.",
            "The probationary period lasts three months.",
            "The gross salary is 4,150 euros a year.",
            "The gross salary is 4,510 euros a month.",
            "The net salary is 4,150 euros a month.",
            "Weekly working time is 40 hours.",
            "The employee may work from home on three days a week.",
            "The employee must work from home on two days a week.",
            "Secondary employment requires the written consent of the employee.",
            "Secondary employment does not require the consent of the employer.",
            "Sample B-240 was taken on 3 June 2026.",
            "Sample B-204 was taken by Dr Marta Kowalska.",
            "The lead content was 10 micrograms per litre.",
            "The lead content exceeded the limit.",
            "Bacteria were found.",
            "The laboratory recommends testing the well again in spring.",
            "Nitrate was below the limit.",
            "The bridge was designed by Helen Ward.",
            "The bridge opened in 1874.",
            "The bridge is 421 metres long.",
            "The southern pier was damaged in the flood of 1954.",
            "The bridge was closed during the flood of 1954.",
            "The ferry replaced the bridge.",
            "The bridge cost three million.",
            "The bridge carries six lanes.",
        ),
    ),
)

CAR = (
    passage(
        "car_manual.pdf",
        "Change the engine oil every 15,000 km or once a year. Use only oil of the grade 5W-30.\n"
        "The tyre pressure is 2.3 bar at the front and 2.6 bar at the rear. Check it when the tyres are"
        " cold.\n"
        "If the red warning light comes on, stop the engine immediately. The yellow light means that the"
        " fuel is low.",
        44,
    ),
    passage(
        "school_letter.eml",
        "From: Mrs Osei\nThe trip to the museum is on Friday, 16 October 2026. The bus leaves at 8:10 from"
        " the main gate and returns at about 15:30.\n"
        "Please pay 12.50 euros by 9 October. Pupils need a packed lunch and a rain jacket. Phones must"
        " stay at home.",
        1,
    ),
    passage(
        "study.pdf",
        "We followed 1,204 patients for five years. Those who walked daily had a 17% lower risk of heart"
        " disease than those who did not. No effect on cancer was seen.\n"
        "The study was funded by the Nordic Heart Foundation. Dr Liu led the analysis.",
        3,
    ),
)
SATZUNG = (
    passage(
        "satzung.pdf",
        "Der Verein hat seinen Sitz in Kassel. Der Vorstand besteht aus fünf Mitgliedern und wird für zwei"
        " Jahre gewählt.\n"
        "Der Jahresbeitrag beträgt 60 Euro und ist bis zum 31. März fällig. Jugendliche zahlen die Hälfte.\n"
        "Der Austritt ist nur zum Jahresende möglich und muss dem Vorstand schriftlich erklärt werden.",
        1,
    ),
)
LAST = (
    Case(
        "What do the papers say?",
        CAR,
        (
            "The engine oil must be changed every 15,000 km.",
            "Use only 5W-30 oil.",
            "The tyre pressure at the front is 2.3 bar.",
            "Check the tyre pressure when the tyres are cold.",
            "Stop the engine immediately if the red warning light comes on.",
            "The yellow light means the fuel is low.",
            "The trip to the museum takes place on 16 October 2026.",
            "The bus leaves at 8:10 am from the main gate.",
            "Pupils need a rain jacket and a packed lunch.",
            "You have to pay €12.50 by October 9.",
            "Phones must stay at home.",
            "The study followed 1204 patients for 5 years.",
            "Patients who walked daily had a 17 percent lower risk of heart disease.",
            "The study was funded by the Nordic Heart Foundation.",
            "No effect on cancer was seen.",
        ),
        (
            "The engine oil must be changed every 50,000 km.",
            "Use only 10W-40 oil.",
            "The tyre pressure at the rear is 2.3 bar.",
            "Check the tyre pressure when the tyres are hot.",
            "Stop the engine immediately if the yellow light comes on.",
            "The red warning light means that the fuel is low.",
            "The trip to the museum is on Thursday.",
            "The bus leaves at 15:30 from the main gate.",
            "Pupils need a swimsuit.",
            "Please pay 12.50 euros by 16 October.",
            "Phones may be taken along.",
            "The study followed 1,204 patients for ten years.",
            "Those who walked daily had a 17% higher risk of heart disease.",
            "The study was funded by the European Union.",
            "A strong effect on cancer was seen.",
            "Dr Osei led the analysis.",
            "The trip is to the zoo on Friday, 16 October 2026.",
            "The oil filter costs 30 euros.",
        ),
    ),
    Case(
        "Was regelt die Satzung?",
        SATZUNG,
        (
            "Der Verein hat seinen Sitz in Kassel.",
            "Der Vorstand hat 5 Mitglieder.",
            "Der Vorstand wird für zwei Jahre gewählt.",
            "Der Jahresbeitrag beträgt 60 €.",
            "Der Beitrag ist bis zum 31.03. fällig.",
            "Der Austritt muss dem Vorstand schriftlich erklärt werden.",
        ),
        (
            "Der Verein hat seinen Sitz in Berlin.",
            "Der Vorstand besteht aus sieben Mitgliedern.",
            "Der Vorstand wird für fünf Jahre gewählt.",
            "Der Jahresbeitrag beträgt 80 Euro.",
            "Der Jahresbeitrag ist bis zum 31. Mai fällig.",
            "Der Austritt ist jederzeit möglich.",
            "Jugendliche zahlen keinen Beitrag.",
        ),
    ),
)
"""Counted once before they were looked at: precision 0.90, recall 0.90."""

MORE_TUNING = (*MORE, *FURTHER, *LAST)
