"""Whether two sentences that share their words also say the same: not, may, must, opposites."""

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

_NOT = frozenset(
    "not no never none nor neither cannot nobody nothing nowhere unless except excluding"
    " fail fails failed lack lacks lacking exempt exempted"
    " forbidden prohibited prohibits prohibit banned bans disallowed excluded excludes refused"
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
_NEGATED_VERB = re.compile(r"n['’]t\b", re.IGNORECASE)

_MUST = frozenset(
    "must shall required obliged obligated mandatory compulsory requires"
    " muss müssen muß verpflichtet obligatorisch zwingend doit doivent obligatoire debe deben"
    " obligatorio obligatoria deve devono devem obrigatório moet moeten verplicht"
    " должен должна должны обязан обязана обязаны обязательно musi muszą يجب".split()
)
_MAY = frozenset(
    "may might can could allowed permitted optional optionally voluntary free_to"
    " darf dürfen kann können könnte erlaubt gestattet freiwillig peut peuvent facultatif"
    " facultative puede pueden podrá podrán opcional può possono pode podem mag mogen kan kunnen"
    " может могут вправе можно może mogą يجوز يمكن".split()
)
_HAS_TO = re.compile(r"\b(?:has|have|had|needs?) to\b", re.IGNORECASE)
_MUST_ASIAN = re.compile("必须|必須|应当|應當|应该|務必|务必|なければならない|해야")
_MAY_ASIAN = re.compile("可以|可选|自愿|てもよい|수 있")
_MONTH_OF_MAY = re.compile(r"\bMay\b(?=\s+\d)|(?<=\d\s)May\b|(?<=[a-z]\s)May\b")

_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("before prior vor avant antes prima до перед", "after nach après después dopo после"),
        ("more above over exceed exceeds exceeding mehr plus más più больше выше более",
         "less fewer below under weniger moins menos meno меньше ниже менее"),
        ("increase increases increased rise rises rose raised grew grow grows higher steigt stieg"
         " erhöht gestiegen augmente augmenté aumenta aumentó вырос выросла выросли увеличилась",
         "decrease decreases decreased fall falls fell reduced dropped drop drops lower declined"
         " shrank sinkt sank gesenkt gesunken gefallen baisse baissé diminué disminuye disminuyó"
         " снизился снизилась снизились упала упал упали уменьшилась"),
        ("maximum max most höchstens maximal", "minimum min least mindestens minimal"),
        ("include includes included including inclusive einschließlich inbegriffen inklusive"
         " enthalten", "exclude excludes excluded excluding exclusive"),
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

_ASIAN_OPPOSITES = (
    ("甲方", "乙方"), ("出租人", "承租人"), ("房东", "租客"), ("买方", "卖方"),
    ("借款人", "贷款人"), ("增加", "减少"), ("上升", "下降"), ("之前", "之后"), ("以上", "以下"),
    ("最多", "最少"), ("包括", "不包括"), ("上午", "下午"), ("午前", "午後"), ("増加", "減少"),
    ("以前", "以降"), ("貸主", "借主"), ("買主", "売主"),
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CLAUSE_END = re.compile(
    r"[,;:–—()|，；：、،]|(?<=\s)-(?=\s)|\n"
    r"|\b(?:without|ohne|sans|sin|senza|sem|zonder|без|bez|بدون|دون|but|and|or|while|whereas|if|when|because|although|unless|except|which|who|that|than"
    r"|and|aber|und|oder|sondern|während|wenn|falls|weil|obwohl|außer|dass|welche[rsn]?"
    r"|mais|et|ou|si|quand|sauf|pero|sino|y|o|cuando|excepto|salvo|ma|e|se|quando"
    r"|но|а|и|или|если|когда|кроме|который|которая|что)\b"
    r"|但是|但|而且|而|并且|以及|如果|除非|除了",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\b(?:not only|nicht nur|no sólo|no solo|non solo)\b", re.IGNORECASE)


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
def clauses_of(text: str) -> tuple[Clause, ...]:
    """Cut a sentence into clauses at commas and conjunctions; at least one."""
    cuts = [0]
    for match in _CLAUSE_END.finditer(text):
        # "1,345" and "8:30" are no ends of clauses.
        around = (
            text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        )
        if not (match[0] in ",:" and around.isdecimal() and len(around) == 2):  # noqa: PLR2004
            is_word = match[0][0].isalpha()
            cuts.append(match.start() if is_word else match.end())
    cuts.append(len(text))
    found = [
        Clause(start, end, _negations(text[start:end]))
        for start, end in itertools.pairwise(cuts)
        if text[start:end].strip()
    ]
    return tuple(found) or (Clause(0, len(text)),)


def _negations(text: str) -> frozenset[str]:
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    n_not = sum(word in _NOT for word in words) - len(_NOT_ONLY.findall(text))
    n_asian = len(_NOT_ASIAN.findall(_NOT_HIDDEN_IN_WORDS.sub("", text)))
    found = set()
    if n_not > 0 or n_asian or _NEGATED_VERB.search(text):
        found.add("not")
    if not _WITHOUT.isdisjoint(words):
        found.add("without")
    return frozenset(found)


def words_of(text: str) -> frozenset[str]:
    """Give the folded words of a text, all of them."""
    return frozenset(match[0].casefold() for match in _WORD.finditer(text))


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


def has_opposite(said: str, source: str) -> bool:
    """Say whether one has a word where the other has only its opposite."""
    here, there = words_of(said), words_of(source)
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            if here & mine and not here & theirs and there & theirs and not there & mine:
                return True
    return any(
        (mine in said) != (mine in source) and (theirs in said) != (theirs in source)
        for mine, theirs in _ASIAN_OPPOSITES
        if (mine in said or theirs in said) and (mine in source or theirs in source)
    )


def is_of_modality(word: str) -> bool:
    """Say whether a folded word only says what may, must or must not be."""
    return word in _NOT or word in _MUST or word in _MAY
