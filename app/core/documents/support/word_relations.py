"""Words that mean the opposite of each other, that exclude each other, or that mean the same.

Only common ones, of the kind that documents and answers about them use.
"""

import re
from collections.abc import Collection
from functools import cache, lru_cache

from app.core.documents.search_terms import folded, is_pieced, stem
from app.core.documents.support.light_words import LIGHT, LIGHT_CHARACTERS
from app.core.documents.support.synonyms import SYNONYMS

_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("before prior vor avant antes prima до перед", "after nach après después dopo после"),
        ("more above over exceed exceeds exceeding exceeded surpass surpassed mehr"
         " plus más più больше выше более",
         "less fewer below under weniger moins menos meno меньше ниже менее"),
        ("increase increases increased rise rises rose raised grew grow grows higher steigt stieg"
         " erhöht gestiegen augmente augmenté aumenta aumentó вырос выросла выросли увеличилась",
         "decrease decreases decreased fall falls fell reduced dropped drop drops lower declined"
         " shrank sinkt sank gesenkt gesunken gefallen baisse baissé diminué disminuye disminuyó"
         " снизился снизилась снизились упала упал упали уменьшилась"),
        ("maximum max most höchstens maximal", "minimum min least mindestens minimal"),
        ("include includes included including inclusive einschließlich inbegriffen inklusive"
         " enthalten cover covers covered covering insured abgedeckt versichert gedeckt",
         "exclude excludes excluded excluding exclusive ausgeschlossen"),
        ("landlord lessor vermieter bailleur arrendador locatore арендодатель",
         "tenant lessee mieter locataire arrendatario inquilino conduttore арендатор"),
        ("buyer purchaser käufer acheteur comprador покупатель",
         "seller vendor verkäufer vendeur vendedor продавец"),
        ("employer arbeitgeber employeur empleador работодатель",
         "employee arbeitnehmer employé salarié empleado работник"),
        ("lender creditor gläubiger", "borrower debtor schuldner"),
        ("open opens opened geöffnet ouvert abierto открыт", "closed closes close geschlossen"
         " fermé cerrado закрыт"),
        ("first erste ersten erster erstes premier première primero primera primo первый первая",
         "second zweite zweiten zweiter deuxième segundo segunda secondo второй вторая last letzte"
         " letzten dernier dernière último última ultimo последний"),
        ("monthly monatlich mensuel mensual mensile ежемесячно",
         "yearly annual annually weekly daily quarterly jährlich wöchentlich täglich annuel"
         " anual annuale ежегодно"),
        ("morning vormittag vormittags", "evening afternoon nachmittag nachmittags abend abends"),
        ("left links gauche izquierda sinistra", "right rechts droite derecha destra"),
        ("north northern nord", "south southern süd"),
        ("east eastern ost", "west western"),
        ("approved accepted passed angenommen genehmigt", "rejected declined refused abgelehnt"),
        ("won win wins", "lost lose loses"),
        ("hot warm heiß", "cold kalt"),
        ("buy buys bought", "sell sells sold"),
        ("start starts begin begins beginnt", "end ends endet expire expires"),
        ("always immer siempre toujours", "sometimes rarely manchmal selten"),
        ("all every alle tous todos", "some few einige quelques algunos"),
        ("gross brutto", "net netto"),
        ("early earlier früher", "late later später"),
        ("win gain profit gewinn", "loss verlust"),
        ("male man men", "female woman women"),
        ("son sohn", "daughter tochter"),
        ("mother mutter", "father vater"),
        ("husband", "wife"),
        ("brother", "sister"),
        ("import imports imported", "export exports exported"),
        ("upper top oben", "bottom unten"),
        ("inside indoors innen", "outside outdoors außen"),
        ("gained", "lost"),
        ("true", "false"),
        ("increase", "cut"),
        ("hired", "fired dismissed"),
        ("success succeeded", "failure failed"),
    )
)  # fmt: skip

_EXCLUSIVE = tuple(
    tuple(frozenset(member.split("/")) for member in members.split())
    for members in (
        "spring/frühling/frühjahr/printemps/primavera summer/sommer/été/verano/estate"
        " autumn/fall/herbst/automne/otoño/autunno winter/hiver/invierno/inverno",
        "red/rot/rouge/rojo green/grün/vert/verde blue/blau/bleu/azul yellow/gelb/jaune/amarillo"
        " black/schwarz/noir/negro white/weiß/blanc/blanco grey/gray/grau/gris/orange"
        " brown/braun/marron pink/rosa purple/lila/violett",
        "breakfast/frühstück lunch/mittagessen dinner/supper/abendessen",
        "gold silver/silber copper/kupfer iron/eisen steel/stahl aluminium/aluminum wood/holz"
        " plastic/kunststoff glass/glas paper/papier leather/leder cotton/baumwolle wool/wolle",
        "car/auto bus train/zug/bahn plane/flugzeug bicycle/fahrrad ship/schiff",
        "cash/bar card/karte transfer/überweisung cheque/check/scheck invoice/rechnung",
        "cat/katze dog/hund bird/vogel horse/pferd fish/fisch",
        "morning/vormittag/matin noon/mittag afternoon/nachmittag evening/abend/soir night/nacht",
        "milk/milch butter cream/sahne cheese/käse oil/öl sugar/zucker salt/salz flour/mehl",
        "kitchen/küche bathroom/bad bedroom/schlafzimmer cellar/basement/keller attic/dachboden"
        " garage balcony/balkon garden/garten",
        "daily/täglich weekly/wöchentlich monthly/monatlich quarterly yearly/annual/jährlich",
        "letter/brief email/e-mail/mail phone/telephone/telefon fax",
    )
)
"""Of each row one thing is not another."""

_ASIAN_OPPOSITES = (
    ("甲方", "乙方"), ("出租人", "承租人"), ("房东", "租客"), ("买方", "卖方"),
    ("借款人", "贷款人"), ("增加", "减少"), ("上升", "下降"), ("之前", "之后"), ("以上", "以下"),
    ("最多", "最少"), ("包括", "不包括"), ("上午", "下午"), ("午前", "午後"), ("増加", "減少"),
    ("以前", "以降"), ("貸主", "借主"), ("買主", "売主"),
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@lru_cache(maxsize=4_000)
def _forms(text: str) -> frozenset[str]:
    """Give the words of a text, and their stems by the rules of two languages."""
    words = {folded(match[0]) for match in _WORD.finditer(text)}
    # "It lasts a week" is not "the last week".
    longer = words - {"lasts", "lasted", "lasting"}
    return frozenset(words | {stem(word, one) for word in longer for one in ("en", "de")})


@lru_cache(maxsize=2_000)
def _stemmed(words: frozenset[str]) -> frozenset[str]:
    return words | {stem(word, one) for word in words for one in ("en", "de")}


@cache
def _with_endings(words: frozenset[str]) -> frozenset[str]:
    """Give words and, where they are declined, their stems; English ones as they are written."""
    return words | {stem(word, "ru") for word in words if not word.isascii()}


def has_opposite(said: str, source: str) -> bool:
    """Say whether one has a word where the other has only its opposite."""
    here, there = _forms(said), _forms(source)
    for pair in _OPPOSITES:
        one, other = map(_with_endings, pair)
        for mine, theirs in ((one, other), (other, one)):
            if here & mine and not here & theirs and there & theirs and not there & mine:
                return True
    return any(
        (mine in said) != (mine in source) and (theirs in said) != (theirs in source)
        for mine, theirs in _ASIAN_OPPOSITES
        if (mine in said or theirs in said) and (mine in source or theirs in source)
    )


@cache
def _sides() -> dict[str, frozenset[tuple[int, int]]]:
    """Give in which pairs of opposites a word is, by its stem, and on which side."""
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for number, pair in enumerate(_OPPOSITES):
        for side, words in enumerate(pair):
            for one in _stemmed(words):
                found[one] = found.get(one, frozenset()) | {(number, side)}
    return found


def is_opposite(one: str, other: str) -> bool:
    """Say whether the words with these stems are opposites."""
    sides = _sides().get(other, frozenset())
    return any((number, 1 - side) in sides for number, side in _sides().get(one, frozenset()))


def is_of_another_kind(said: str, source: str) -> bool:
    """Say whether one has spring, say, where the other has autumn."""
    here, there = _forms(said), _forms(source)
    for members in _EXCLUSIVE:
        mine = {n for n, one in enumerate(members) if here & _stemmed(one)}
        theirs = {n for n, one in enumerate(members) if there & _stemmed(one)}
        if mine and theirs and not mine <= theirs:
            return True
    return False


@cache
def _synonyms(language: str) -> dict[str, frozenset[str]]:
    """Give the stems of words that mean the same, by each stem."""
    rows = SYNONYMS.get(language, SYNONYMS["en"]).strip().splitlines()
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        stems = frozenset(stem(folded(word), language) for word in row.split())
        for one in stems:
            found[one] = found.get(one, frozenset()) | stems
    return found


def same_as(word: str, language: str) -> frozenset[str]:
    """Give the stems of words that mean the same as the one with this stem, itself left out."""
    return _synonyms(language or "en").get(word, frozenset()) - {word}


@cache
def _light(language: str) -> frozenset[str]:
    return frozenset(stem(folded(word), language) for word in LIGHT.get(language, "").split())


@lru_cache(maxsize=20_000)
def is_light(word: str, language: str) -> bool:
    """Say whether the word with this stem claims nothing, so that an answer may add it."""
    if is_pieced(word):
        return all(one in LIGHT_CHARACTERS for one in word)
    return word in _light(language or "en")


_COMPOUNDING = frozenset(["de", "nl", "sv", "da", "no", "fi", "hu", "et", ""])
MIN_STEM = 4
"""Words of which one begins with the other are the same from this length on, as in compounds."""


def is_part(one: str, other: str, language: str) -> bool:
    """Say whether one word begins with the other, or ends with it in languages with compounds."""
    if min(len(one), len(other)) < MIN_STEM:
        return False
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return len(long) - len(short) <= max(3, len(short) // 2)
    return language in _COMPOUNDING and len(short) > MIN_STEM and long.endswith(short)


def is_among(stem: str, others: Collection[str], language: str) -> bool:
    """Say whether a word is one of others, means the same, or is part of one; all as stems."""
    if stem in others or not same_as(stem, language).isdisjoint(others):
        return True
    if language == "de" and stem.startswith(PARTICIPLE):
        # "Geliefert" is of "Lieferung".
        bare = stem.removeprefix(PARTICIPLE)
        return any(is_part(one, other, language) for other in others for one in (stem, bare))
    return any(is_part(stem, other, language) for other in others)


PARTICIPLE = "ge"
"""German participles begin with it, other forms of their verbs do not."""
_PREFIXES = ("un", "in", "im", "ir", "non", "dis", "nicht", "не", "des", "ин", "غير")
"""They turn a word into its opposite: "unaffected"."""


def is_reverse(one: str, other: str) -> bool:
    """Say whether one word says what the other does if it is denied: "unaffected", "excluded"."""
    if is_opposite(one, other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < MIN_STEM or not long.endswith(short):
        return False
    return long[: len(long) - len(short)].rstrip("-") in _PREFIXES
