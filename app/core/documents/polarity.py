"""Whether two sentences that share their words also say the same: not, may, must, opposites."""

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

_NOT = frozenset(
    "not no never none nor neither cannot nobody nothing nowhere unless except"
    " fail fails lack lacks lacking exempt exempted"
    " forbidden prohibited prohibits prohibit banned bans disallowed"
    " refused"
    " refuses denied denies void invalid unable impossible illegal unlawful"
    " nicht kein keine keinen keinem keiner keines nie niemals weder noch niemand außer"
    " ausgenommen verboten untersagt unzulässig ausgeschlossen unwirksam unmöglich"
    " ne n pas jamais aucun aucune ni sauf interdit interdite interdits interdites"
    " nunca ningún ninguna ningun ninguno tampoco salvo excepto prohibido prohibida"
    " prohibidos prohibidas non nessun nessuna vietato vietata não nem jamais"
    " proibido proibida niet geen nooit verboden"
    " не нет никогда ни нельзя запрещено запрещается запрещён запрещена запрещены кроме"
    " nie nigdy żaden zabronione değil yok yasak ej inte ikke"
    " لا لم لن ليس ليست غير ممنوع يمنع يحظر".split()
)
"""Words that turn what their clause says into its opposite, folded."""
_WITHOUT = frozenset("without ohne sans sin senza sem zonder без bez بدون دون".split())
"""They leave the clause as it is, but turn what follows into its opposite."""
_NOT_ASIAN = re.compile("不|没|沒|無|无|未|禁止|严禁|"
                        "ません|ない|なく|ずに|禁じ|않|없|안 |못|금지")  # fmt: skip
_NOT_HIDDEN_IN_WORDS = re.compile("不过|不同|不断|不久|不仅|不管|不动产|未来|无论|無論")
_NEGATED_VERB = re.compile(
    r"n['’]t\b|\bnon-(?=\w)|\bout of (?=stock|order|service|use|print|date|work|reach"
    r"|control)",
    re.IGNORECASE,
)

_MUST = frozenset(
    "must shall should required obliged obligated mandatory compulsory requires"
    " muss müssen muß soll sollen sollte sollten verpflichtet obligatorisch zwingend doit"
    " doivent obligatoire debe deben"
    " obligatorio obligatoria deve devono devem obrigatório moet moeten verplicht"
    " devrait devraient debería deberían dovrebbe dovrebbero следует"
    " должен должна должны обязан обязана обязаны обязательно musi muszą يجب".split()
)
_MAY = frozenset(
    "may might can could allowed permitted optional optionally voluntary possible"
    " darf dürfen kann können könnte erlaubt gestattet freiwillig peut peuvent facultatif"
    " facultative puede pueden podrá podrán opcional può possono pode podem mag mogen kan kunnen"
    " autorisé autorisée autorisés autorisées permis permise permitido permitida consentito"
    " permesso разрешено разрешается разрешена разрешён مسموح يسمح"
    " может могут вправе можно może mogą يجوز يمكن".split()
)
_HAS_TO = re.compile(r"\b(?:has|have|had|needs?) to\b", re.IGNORECASE)
_MUST_ASIAN = re.compile("必须|必須|应当|應當|应该|務必|务必|なければならない|해야")
_MAY_ASIAN = re.compile("可以|可选|自愿|てもよい|수 있")
_MONTH_OF_MAY = re.compile(r"\bMay\b(?=\s+\d)|(?<=\d\s)May\b|(?<=[a-z]\s)May\b")

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_INSTEAD = (
    "instead of|rather than|anstatt|anstelle|au lieu d[eu']|plutôt qu[e']|en lugar de|en vez de"
    "|invece di|anziché|al posto di|em vez de|in plaats van|вместо|而不是|بدلا من"
    "|other than|apart from|aside from|beyond|abgesehen von|mit ausnahme|à l['’]exception"
    "|en dehors de|aparte de|a excepción|ad eccezione|за исключением|помимо"
)
"""They deny what follows."""
_INSTEAD_OF = re.compile(rf"(?:{_INSTEAD})(?!\w)", re.IGNORECASE)
_CONJUNCTIONS = {
    "en": "without|before|after|until|but|and|or|while|whereas|if|when|because|although|unless"
    "|except|which|who|that"
    r"|than(?!\W*(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|half|an?\b))",
    "de": "ohne|bevor|nachdem|aber|und|oder|sondern|während|wenn|falls|weil|obwohl|außer|dass"
    "|welche[rsn]?",
    "fr": "sans|mais|et|ou|si|quand|sauf|tandis|alors que|parce",
    "es": "sin|pero|sino|y|o|si|cuando|excepto|salvo|mientras|porque",
    "it": "senza|ma|e|o|oppure|se|quando|eccetto|salvo|mentre|perché",
    "pt": "sem|mas|e|ou|se|quando|exceto|salvo|enquanto|porque",
    "nl": "zonder|maar|en|of|als|terwijl|omdat|tenzij|behalve",
    "ru": "без|но|а|и|или|если|когда|кроме|который|которая|что|потому",
    "pl": "bez|ale|i|lub|jeśli|kiedy|oprócz",
    "ar": "بدون|دون|لكن|إذا|إلا|بينما|و\\w{3,}|و\\d+",
}
_FINITE = re.compile(
    r"(?<!\w)(?:may|must|can|shall|will|should|is|are|was|were|has|have|darf|dürfen|muss|müssen"
    r"|kann"
    r"|können|ist|sind|wird|werden|peut|peuvent|doit|doivent|est|sont|debe|deben|puede|pueden|son"
    r"|deve|devono|può|possono|sono|è|может|могут|должен|должны)(?!\w)",
    re.IGNORECASE,
)
"""Verbs at which what is "without" or "other than" something ends."""
_SCOPE_END = re.compile(
    rf"{_FINITE.pattern}|(?<=\w )(?:for|during|für|pendant|durante)(?!\w)", re.IGNORECASE
)
"""Where what is "without" something ends: "without notice for good cause"."""
_CLAUSE_END = {
    language: re.compile(
        r"[,;:–—()|，；：、،]|(?<=\s)-(?=\s)|\n"
        rf"|\b(?:{words})\b|(?:{_INSTEAD})(?!\w)|但是|但|而且|而|并且|以及|如果|除非|除了",
        re.IGNORECASE,
    )
    for language, words in {**_CONJUNCTIONS, "": "|".join(_CONJUNCTIONS.values())}.items()
}
"""Where a clause ends, by language; where the language is not known, by all of them."""
_RELATIVE = frozenset("who which that whose qui que che который которая".split())
_NO_NEGATION = re.compile(
    r"\b(?:not only|nicht nur|no sólo|no solo|non solo|не только"
    r"|(?:not?|nicht|keine?n?|no|non) (?:more|less|fewer|later|earlier|sooner|longer|older|younger"
    r"|shorter|higher|lower|mehr|weniger|später|früher|länger|más|menos|più|meno|oltre)"
    r" (?:than|als|de|tarde|di|tardi|del)\b"
    r"|non oltre|pas (?:plus|moins) (?:de|tard|que)"
    r"|не (?:более|менее|позднее|позже|ранее|раньше|больше|меньше|старше)"
    r"|no\.(?=\s?[\w])|n(?:e\s|['’])\w+(?:\s\w+){0,2}?\s+qu(?:e\b|['’])"
    r"|لا (?:يزيد|يقل|يتجاوز))"
    r"|不(?:超过|少于|晚于|早于|低于|迟于|高于|多于)",
    re.IGNORECASE,
)
"""What has a "not" in it and yet denies nothing: "not only", "no later than"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: characters `start` to `end` of it.

    Attributes:
        negations: "not" and "without", whichever it has.
    """

    start: int
    end: int
    negations: frozenset[str] = frozenset()


@lru_cache(maxsize=2_000)
def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """Cut a sentence into clauses at commas and conjunctions; at least one."""
    cuts = [0]
    for match in _CLAUSE_END.get(language, _CLAUSE_END[""]).finditer(text):
        # "1,345" and "8:30" are no ends of clauses.
        around = (
            text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        )
        if not (match[0] in ",:" and around.isdecimal() and len(around) == 2):  # noqa: PLR2004
            is_word = match[0][0].isalpha()
            cuts.append(match.start() if is_word else match.end())
            if match[0].casefold() in _RELATIVE:
                # "A member who has not paid may be excluded": what is denied ends with "paid".
                verbs = [verb.start() for verb in _FINITE.finditer(text, match.end())]
                cuts.extend(verbs[1:2])
            if _INSTEAD_OF.match(match[0]) or match[0].casefold() in _WITHOUT:
                verb = _SCOPE_END.search(text, match.end())
                cuts.extend([verb.start()] if verb else [])
    cuts = [*sorted(set(cuts)), len(text)]
    found = [
        Clause(start, end, _negations(text[start:end]))
        for start, end in itertools.pairwise(cuts)
        if text[start:end].strip()
    ]
    return tuple(found) or (Clause(0, len(text)),)


def _negations(text: str) -> frozenset[str]:
    text = _NO_NEGATION.sub(" ", text)
    words = words_of(text)
    has_not = any(word in _NOT for word in words)
    n_asian = len(_NOT_ASIAN.findall(_NOT_HIDDEN_IN_WORDS.sub("", text)))
    found = set()
    if has_not or n_asian or _NEGATED_VERB.search(text) or _INSTEAD_OF.search(text):
        found.add("not")
    if not _WITHOUT.isdisjoint(words):
        found.add("without")
    return frozenset(found)


def words_of(text: str) -> frozenset[str]:
    """Give the folded words of a text, all of them; in Arabic without "and", too."""
    words = {match[0].casefold() for match in _WORD.finditer(text)}
    return frozenset(words | {word[1:] for word in words if word[0] == "و"})


def differs_in_modality(said: str, source: str) -> bool:
    """Say whether one speaks of a duty where the other speaks of a choice."""
    said_must, said_may = _modality(said)
    source_must, source_may = _modality(source)
    return (said_must and not source_must and source_may) or (
        said_may and not said_must and source_must and not source_may
    )


@lru_cache(maxsize=2_000)
def _modality(text: str) -> tuple[bool, bool]:
    text = _MONTH_OF_MAY.sub("", text)
    words = words_of(text)
    must = bool(words & _MUST) or bool(_HAS_TO.search(text)) or bool(_MUST_ASIAN.search(text))
    return must, bool(words & _MAY) or bool(_MAY_ASIAN.search(text))


def agent_of(text: str) -> int:
    """Give where the one begins who does what a sentence in the passive says; -1 for none."""
    found = _BY.search(text)
    return found.end() if found else -1


_BY = re.compile(r"\b(?:by|von|durch|par|por|da|dal|dalla|pelo|pela|door)\s+", re.IGNORECASE)


def has_verb(text: str, clause: Clause) -> bool:
    """Say whether a clause of a text has a common verb of its own."""
    return _FINITE.search(text, clause.start, clause.end) is not None


def says_duty(text: str) -> bool:
    """Say whether a text says that something must be."""
    return _modality(text)[0]


def says_choice(text: str) -> bool:
    """Say whether a text says that something may be."""
    return _modality(text)[1]


def is_instead(clause: str) -> bool:
    """Say whether a clause begins with "instead of" or the like."""
    return _INSTEAD_OF.match(clause.strip()) is not None


def says_modality(text: str) -> bool:
    """Say whether a sentence says that something must, may or must not be."""
    return any(_modality(text)) or bool(_negations(text))


def is_of_modality(word: str) -> bool:
    """Say whether a folded word only says what may, must or must not be."""
    if word in _WITHOUT:
        return True
    bare = word.removeprefix("و")
    return any(one in _NOT or one in _MUST or one in _MAY for one in (word, bare))
