"""Cuts text into sentences, in every script."""

import re

LONGEST_THAI_PIECE = 60
"""Thai, Lao, Khmer and Burmese have no full stop; a space ends a phrase of about this length."""

_CLOSERS = "\"'”’»›)\\]}」』】》〉）］"
_END = re.compile(
    rf"(?P<wide>[。！？｡．‼⁇⁈⁉]+[{_CLOSERS}]*)"
    rf"|(?P<stop>[.!?…؟۔।॥።፧፨։။៕།]+[{_CLOSERS}]*)(?=\s|$)"
    r"|(?P<line>\n)"
    r"|(?P<thai>(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]) +(?=[\u0e00-\u0eff\u1000-\u109f"
    r"\u1780-\u17ff]))"
)
_LAST_WORD = re.compile(r"[^\s(\[„“\"'«/]+$")
_NEXT = re.compile(r"\s*[\"'“„«(\[]*(\S)")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?$")
_ENUMERATION = re.compile(r"\(?(?:\d{1,3}|[ivxlc]{1,5}|[a-z])(?:\.\d{1,3})*\.$", re.IGNORECASE)

_BEFORE_NUMBER = frozenset(
    (
        "abb abs anh anl anm app apt arp art ch cl col eq ex exh fig fol ff kap lit n nn"
        " no nos nr nrs num núm p par para paras pg pl pos pp pt pts ref reg rn rz s sec"
        " sect sched st str tab tel tit vol vols zif ziff ст п пп гл рис табл стр № č čl"
        " odst obr str rys poz ust"
    ).split()
)
"""Abbreviations that lead to a number or name: a new sentence hardly ever begins after them."""
_ABBREVIATIONS = frozenset(
    (
        "adj adv al approx assn aufl aug ave avg bd betr bldg blvd bspw bzgl bzw ca capt"
        " cf cie cm co col corp dec dept dez dipl dir doc dott dr dra dres ebd ed eds"
        " einschl eng engl ert esp esq est et etc ev evtl excl feb febr fr frl gal gen"
        " ggf gov hon hr hrsg ib ibid inc incl ing inkl inkl jan janv jr jun kfm km lb lt"
        " ltd max messrs mio min mio misc mlle mme mr mrs ms mt mtl nov núm"
        " okt oct oz phd pres prof prov resp rev sen sep sept sog sr sra srl ste std"
        " str tsd tzn ua usf usw vgl viz vs wg zb zt zzgl гг др им млн млрд напр проф руб"
        " см тел тыс ул"
    ).split()
)
_SOFT = frozenset(["etc", "usw", "usf", "co", "inc", "ltd", "jr", "sr", "al", "corp", "др"])
"""They may end a sentence as well: a capital letter after them decides."""
_ALSO_WORDS = frozenset("no art app tab par ex num as col fig ref sect vol min max gen st".split())
"""Abbreviations only before a number."""
LONGEST_ORDINAL = 2
"""Figures of a day or a paragraph; a year ends a sentence like any word."""
_MONTHS = re.compile(
    r"\s*(?:jan|feb|mär|maer|mar|apr|mai|may|maj|jun|jul|aug|sep|okt|oct|nov|dez|dec|led|úno|bře"
    r"|kvě|čer|srp|zář|říj|lis|pro)",
    re.IGNORECASE,
)

_BEFORE_ORDINAL = re.compile(
    r"(?:^|\s)(?:ab|am|beim|bis|das|dem|den|der|des|die|im|jede[mnrs]?|vom|zum|zur|den|det)\s$",
    re.IGNORECASE,
)


def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """Give where each sentence begins and ends, without white space around it.

    A line end always ends a sentence. Every character but white space is in exactly one.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if not _is_end(text, begin, match):
            continue
        _append(spans, text, begin, match.end())
        begin = match.end()
    _append(spans, text, begin, len(text))
    return tuple(spans)


def is_open(text: str) -> bool:
    """Say whether a text breaks off within a sentence, as at the end of a page."""
    last = text.rstrip().rstrip(_CLOSERS.replace("\\", ""))[-1:]
    return bool(last) and (last.isalnum() or last in ",;、，،-–")


def _append(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.lstrip()
    start = begin + len(piece) - len(stripped)
    length = len(stripped.rstrip())
    if length:
        spans.append((start, start + length))


def _is_end(text: str, begin: int, match: re.Match[str]) -> bool:
    if match["wide"] or match["line"]:
        return True
    if match["thai"]:
        return match.start() - begin >= LONGEST_THAI_PIECE
    following = _NEXT.match(text, match.end())
    if following is None:
        return True
    stop = match["stop"]
    if stop[0] == "." and not stop.startswith(".."):
        return _is_full_stop(text, begin, match, following[1])
    # "Really?" she asked. — goes on in lower case.
    return not following[1].islower()


def _is_full_stop(text: str, begin: int, match: re.Match[str], following: str) -> bool:
    """Tell a full stop from the dot of an abbreviation, an ordinal or an enumeration."""
    found = _LAST_WORD.search(text, begin, match.start())
    if following.islower() or following in ",;:":
        return False
    if found is None:
        return True
    word = found[0]
    dotted = word + "."
    if "." in word and _DOTTED.fullmatch(dotted):
        return False  # "z.B. Hunde", "e.g. Dogs"
    is_first = not text[begin : found.start()].strip()
    is_short = word.isdecimal() and len(word) <= LONGEST_ORDINAL
    return not (
        _is_abbreviation(word, following)
        or (is_first and _ENUMERATION.fullmatch(dotted) is not None)
        or (is_short and _is_ordinal(text, found.start(), match.end()))
    )


def _is_abbreviation(word: str, following: str) -> bool:
    folded = word.casefold()
    if folded in _SOFT:
        return not following.isupper()
    if folded in _ALSO_WORDS:
        return following.isdecimal()
    is_initial = len(word) == 1 and word.isalpha()
    return is_initial or folded in _BEFORE_NUMBER or folded in _ABBREVIATIONS


def _is_ordinal(text: str, start: int, end: int) -> bool:
    return bool(_MONTHS.match(text, end) or _BEFORE_ORDINAL.search(text, 0, start))
