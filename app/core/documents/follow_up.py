"""Makes a question that leans on the conversation one that can be searched for."""

import re
from collections.abc import Sequence

from app.core.documents.search_terms import folded, is_pieced, question_words
from app.core.documents.stop_words import STOP_WORDS

FEW_WORDS = 2
"""A question of this many words with meaning, or fewer, says little by itself."""
SHORT_WORDS = 6
"""Words in all up to which a question that begins like a continuation is taken for one."""
MAX_ADDED = 12
N_EARLIER = 2
"""How many earlier questions are looked at, as each may lean on the one before it."""

_POINTING = {
    language: frozenset(words.split())
    for language, words in {
        "en": "it its they them their theirs this that these those he him his she her hers one"
        " ones there former latter same such",
        "de": "er ihn ihm sie ihr ihre ihren ihrem ihrer es dessen deren diese dieser dieses"
        " diesen diesem davon dazu damit darüber dafür dabei darin daran jene jener",
        "fr": "il ils elle elles lui leur leurs celui celle ceux celles ce cela ça cette cet"
        " ces y",
        "es": "ello ellos ellas este esta esto estos estas ese esa eso esos esas su sus le les",
        "it": "esso essa essi esse questo questa questi queste quello quella ne loro suo sua",
        "pt": "ele ela eles elas isso isto esse essa este seu sua",
        "nl": "hij zij hen hun dit dat deze die daarvan daarover ervan",
        "sv": "den det dem denna detta dess",
        "da": "den dette deres det",
        "pl": "on ona ono oni one jego jej ich to ten ta tego tej",
        "ru": "он она оно они его её ее их ним ней них этот эта это эти этого этой этих",
        "uk": "він вона воно вони його її їх цей ця це ці",
        "tr": "o onu onun onlar bunu bunun bu şu bunlar",
        "ar": "هو هي هم هذا هذه ذلك تلك منه منها فيه فيها عنه عنها له لها",
    }.items()
}
"""By language, since the pointing word of one is the article of another: "die", "le", "den"."""
_POINTING_PIECES = tuple("它 他 她 这 那 其 這 それ これ その この あれ 그것 이것".split())
_GOING_ON = re.compile(
    r"^(?:and|or|but|so|also|what about|how about|what if|why|und|oder|aber|auch|warum|wie steht"
    r"|was ist mit|ou|mais|pourquoi|pero|perché|por qué|eller|oraz"
    r"|и|а|или|но|почему|та|чому|peki|و|أو|وماذا|那|那么|还有|呢|では|じゃあ|それで|그럼)\b",
    re.IGNORECASE,
)
_GOING_ON_SHORT = {
    "fr": frozenset(("et",)),
    "es": frozenset(("y", "o")),
    "it": frozenset(("e", "o", "ma")),
    "pt": frozenset(("e", "mas")),
    "nl": frozenset(("en", "of", "maar")),
    "sv": frozenset(("och", "men")),
    "da": frozenset(("og", "men")),
    "pl": frozenset(("a", "i")),
    "tr": frozenset(("ve",)),
}
"""Words too short to be of one language only: "O que …" and "I need …" begin nothing else."""
_OPENING = re.compile(r"\b(?:is|are|was|were) there\b|\bgibt es\b|\by a-t-il\b|\bil y a\b")
"""What looks like pointing and points to nothing."""
_WITH_SUBJECT = re.compile(r"(?:le|la|les|un|une|mon|ma|mes|notre|nos|votre|vos|l['’])\b")
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle)s?\b")
"""The pronoun of "Le loyer est-il indexé ?" means the subject before it."""
LEAST_WORDS = 4
"""A question of fewer words in all ("For guests?") is about something with the one before it."""


def standing_alone(question: str, earlier: Sequence[str]) -> str:
    """Give what to search for.

    Args:
        question: as typed.
        earlier: questions of the same chat, oldest first.

    Returns:
        The question itself if it says all; else with words of earlier questions after it.
    """
    if not earlier or not _leans(question):
        return question
    own = set(question_words(question))
    added: list[str] = []
    for before in reversed(earlier[-N_EARLIER:]):
        added += [word for word in question_words(before) if word not in own and word not in added]
        if not _leans(before):
            break
    if not added:
        return question
    joiner = "" if is_pieced(added[0]) else " "
    return f"{question} {_joined(added[:MAX_ADDED], joiner)}"


def says_enough(question: str) -> bool:
    """Say whether a question can be judged by its own words, whatever was asked before.

    One that points back or goes on cannot, nor one of very few words. It may yet be short: "How
    much is the deposit?" means the same in any chat.
    """
    text = folded(question)
    everything = _words(text)
    if any(map(is_pieced, everything)):
        return not any(piece in text for piece in _POINTING_PIECES)
    if len(everything) < LEAST_WORDS or _goes_on(text, everything):
        return False
    text = _OPENING.sub(" ", text)
    if _WITH_SUBJECT.match(text):
        text = _INVERTED.sub(" ", text)
    return not _points(_words(text))


def _joined(words: Sequence[str], joiner: str) -> str:
    """Put words after each other; pieces that overlap ("租约", "约的") become a run again."""
    text = ""
    for word in words:
        if joiner == "" and text and text[-1] == word[0]:
            text += word[1:]
        else:
            text += (" " if text else "") + word
    return text


def _leans(question: str) -> bool:
    """Say whether a question cannot be understood without the one before it."""
    text = folded(question)
    everything = _words(text)
    n_meant = len(question_words(question))
    if any(map(is_pieced, everything)):
        return any(piece in text for piece in _POINTING_PIECES) or len(text) <= SHORT_WORDS
    if _goes_on(text, everything):
        return True
    return n_meant <= FEW_WORDS - 1 or (_points(everything) and n_meant <= FEW_WORDS + 1)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _goes_on(text: str, words: Sequence[str]) -> bool:
    if len(words) > SHORT_WORDS:
        return False
    if _GOING_ON.match(text):
        return True
    return all(words[0] in _GOING_ON_SHORT.get(one, ()) for one in _spoken(words))


def _points(words: Sequence[str]) -> bool:
    """Say whether there is a pointing word of the language that the question is in."""
    return any(word in _POINTING[one] for one in _spoken(words) for word in words)


def _spoken(words: Sequence[str]) -> list[str]:
    """Give the languages that most of the small words are of."""
    counts = {one: sum(word in STOP_WORDS.get(one, ()) for word in words) for one in _POINTING}
    most = max(counts.values())
    return [one for one, count in counts.items() if count == most]
