"""What the bundled catalogue says of each model, for those who translate it.

The catalogue itself is data, which Qt's tool does not read; `tests/catalogue/` sees to it that
these are its very sentences. The window looks them up in the context "catalogue".
"""

from app.core.translation import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP(
        "catalogue",
        "A good all-rounder that reads long texts and pictures; slow on computers"
        " without a graphics card.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Handles everyday questions, letters and pictures on an ordinary laptop; mixes"
        " up details, so check facts.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "For older laptops: short answers, summaries and simple pictures; knows little"
        " and gets facts wrong.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Quick on almost any computer, to tidy up short texts; not to be trusted with"
        " facts or long questions.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Careful answers to hard questions, also about code; needs a large graphics"
        " card, else very slow.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Knows much and still answers quickly, even without a graphics card; needs about"
        " 32 GB of memory.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Thinks step by step about sums, logic and code; weak in languages other than"
        " English, and dry in style.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Writes fast without a graphics card; less thorough than others of its size."
        " Larger companies need a licence.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Very quick short answers on weak computers; little knowledge. Larger companies"
        " need a licence.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Only for sorting and rewording short texts on the weakest computers; it cannot"
        " hold a real conversation.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Friendly chat in eight languages on small computers; an older model, weaker"
        " than newer ones of its size.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Short friendly answers on weak computers; an older model that knows little and"
        " often errs.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Made in the open, down to the texts it learnt from; fair in six European"
        " languages, weak at hard questions.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Sober summaries and answers from your own texts; plain in style, not made for stories.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Summarises office texts on an ordinary laptop; dry in style, and lost with hard"
        " questions.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Picks names and dates out of short texts on the weakest computers; too small to"
        " chat with.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Quick summaries of shorter texts on laptops; little knowledge. Larger companies"
        " need a licence.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Reads long documents and stays quick; needs about 32 GB of memory, and is weak"
        " in less common languages.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Natural style for letters, stories and translations; needs a large graphics"
        " card, else very slow.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Good style, and fairly quick even without a graphics card; needs about 24 GB of memory.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Pleasant style for letters and lessons; slow without a graphics card. Pictures"
        " are untested here.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Fluent in European languages, and sees pictures; slow without a graphics card,"
        " and it does not think step by step.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "For letters, translations in European languages, and pictures; invents details"
        " in longer texts.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "For short letters and simple pictures on an ordinary laptop; knows little and"
        " invents details.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Made wholly in the open: anyone can see what it learnt from; English only, and"
        " average at most things.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Translates and chats in many languages on a laptop; slips in rare languages and"
        " on facts.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Simple translations and chat in many languages on small computers; often wrong"
        " in detail.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Writes and explains programs, and is quick for its size; needs about 32 GB of"
        " memory, and is poor company in a chat.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "For programs and long tasks in many steps; fairly quick, but needs about 24 GB."
        " Mostly English and Chinese.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Writes and explains programs; an older model, slow without a graphics card, and"
        " no good for letters.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Writes small programs and formulas on a laptop; an older model, to be checked"
        " line by line.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Completes short pieces of code on weak computers; gets anything longer wrong.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Describes photos and reads short print on laptops; misreads handwriting. Larger"
        " companies need a licence.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Reads forms and describes pictures on weak computers; makes mistakes with small"
        " print and numbers.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Says in a sentence or two what is in a picture; English only, weak at text"
        " inside pictures.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Finds passages in documents in many languages on any computer; takes short"
        " passages only, and cannot chat.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Finds passages in documents in many languages; large and slow without a graphics"
        " card, and cannot chat.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Finds passages in documents in many languages, also long ones; slower than the"
        " smaller models, and cannot chat.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Finds passages in documents in many languages with little memory; takes short"
        " passages only, and cannot chat.",
    ),
    QT_TRANSLATE_NOOP(
        "catalogue",
        "Finds passages in English documents on any computer; weak in other languages,"
        " and cannot chat.",
    ),
)
"""In the order of the catalogue."""
