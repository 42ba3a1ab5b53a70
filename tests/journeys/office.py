"""A folder of documents as a small office has them, made in code."""

from pathlib import Path

from tests.readers.pdf_samples import Text, write_pdf

CHARACTERS_A_LINE = 80


def page(title: str, *paragraphs: str) -> list[Text]:
    """Set a title and paragraphs on a page."""
    lines = [Text(72, 780, title, 18, "F2")]
    bottom = 745.0
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= CHARACTERS_A_LINE:
                lines.append(Text(72, bottom, line))
                bottom, line = bottom - 15, ""
            line = f"{line} {word}".strip()
        lines.append(Text(72, bottom, line))
        bottom -= 30
    return lines


def write_office(folder: Path) -> Path:
    """Write a lease of three pages, minutes, a recipe, prices, a letter, and a broken file."""
    folder.mkdir(parents=True)
    lease = [
        page(
            "Lease of the flat",
            "This lease is made between Margaret Holloway, the landlord, and Tom Becker, the"
            " tenant, for the flat at 14 Orchard Road, second floor.",
            "The lease begins on 1 May 2026 and has no fixed end.",
        ),
        page(
            "Rent and deposit",
            "The rent is 1,180 euros a month and is due on the third working day of each month.",
            "The deposit is 2,360 euros. It is paid back within six weeks of the end of the"
            " lease.",
        ),
        page(
            "End of the lease",
            "The tenant may end the lease at any time by giving notice of two months in writing.",
            "The landlord may end the lease only for reasons that the law allows, with notice of"
            " three months.",
            "Pets other than small caged animals need the written consent of the landlord.",
        ),
    ]
    write_pdf(folder / "lease.pdf", lease, "Lease")
    minutes = page(
        "Minutes of the staff meeting",
        "The meeting took place on 12 October 2026. Present were Anna Lindqvist, Peter Osei and"
        " Maria Duarte.",
        "The school trip to the science museum was moved to 4 December 2026. Each pupil pays 18"
        " euros. Peter Osei orders the bus by 15 November.",
    )
    write_pdf(folder / "minutes.pdf", [minutes])
    (folder / "recipe.md").write_text(
        "# Bean stew\n\nFor four people.\n\n## Ingredients\n\n- 400 g white beans\n- 2 onions\n\n"
        "## Method\n\nSoak the beans overnight. Fry the onions for ten minutes, add beans and"
        " stock, and let it simmer for 90 minutes.\n",
        encoding="utf-8",
    )
    (folder / "prices.csv").write_text(
        "Item,Price,Supplier\nChair,80.00,Nordby\nTable,350.00,Nordby\nLamp,45.50,Lumen\n",
        encoding="utf-8",
    )
    (folder / "letter.txt").write_text(
        "Sehr geehrte Frau Brandt,\n\nhiermit kündige ich den Mietvertrag für die Wohnung in der"
        " Lindenstraße 12 fristgerecht zum 31. März 2027. Die Kaution von 1.450 Euro überweisen"
        " Sie bitte auf mein Konto.\n\nMit freundlichen Grüßen\nJonas Keller\n",
        encoding="utf-8",
    )
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    return folder
