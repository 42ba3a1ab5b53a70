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
    r"|was ist mit|et|ou|mais|pourquoi|y|o|pero|e|ma|mas|perché|por qué|en|of|maar|och|eller|men"
    r"|og|a|i|oraz|и|а|или|но|почему|та|чому|ve|peki|و|أو|وماذا|那|那么|还有|呢|では|じゃあ|それで|그럼)\b",
    re.IGNORECASE,
)


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


def points_back(question: str) -> bool:
    """Say whether a question means something said before, by a word or by how it begins.

    A question may also just be short: "How much is the deposit?" means the same in any chat.
    """
    text = folded(question)
    everything = _words(text)
    if any(map(is_pieced, everything)):
        return any(piece in text for piece in _POINTING_PIECES)
    return _goes_on(text, everything) or _points(everything)


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
        return points_back(question) or len(text) <= SHORT_WORDS
    if _goes_on(text, everything):
        return True
    return n_meant <= FEW_WORDS - 1 or (_points(everything) and n_meant <= FEW_WORDS + 1)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _goes_on(text: str, words: Sequence[str]) -> bool:
    return _GOING_ON.match(text) is not None and len(words) <= SHORT_WORDS


def _points(words: Sequence[str]) -> bool:
    """Say whether there is a pointing word of the language that most small words are of."""
    counts = {one: sum(word in STOP_WORDS.get(one, ()) for word in words) for one in _POINTING}
    most = max(counts.values())
    return any(
        word in pointing
        for language, pointing in _POINTING.items()
        if counts[language] == most
        for word in words
    )
