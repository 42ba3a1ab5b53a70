"""Whether two sentences that share their words still say different things.

What is shared is looked at clause by clause: who does it, whether it is denied, on what condition,
before or after what, how much at least. Each rule needs words of the source that tell against the
answer; none needs a parser. What is said word for word is contradicted by none of them.
"""

from app.core.documents.support.conditions import Conditions
from app.core.documents.support.correspondence import Correspondence
from app.core.documents.support.denial import Denial
from app.core.documents.support.qualifications import Qualifications
from app.core.documents.support.roles import Roles
from app.core.documents.support.source_sentences import Content, SourceSentence, SourceText
from app.core.documents.support.word_relations import is_of_another_kind

_OUTER = " \t\n\"'“”„‟«»‹›‘’「」『』"
_FINAL = ".!。！．"
"""Marks that may differ; a question mark may not: what is asked is not said."""


def is_verbatim(said: Content, source: SourceSentence) -> bool:
    """Say whether a sentence is its source word for word, but for spaces and marks around it."""
    return _bare(said.text) == _bare(source.content.text)


def _bare(text: str) -> str:
    plain = text.strip(_OUTER).rstrip(_FINAL).rstrip(_OUTER)
    return " ".join(plain.split()).casefold()


def contradicts(text: SourceText, said: Content, source: SourceSentence) -> bool:
    """Say whether anything in a source tells against a sentence that has its words."""
    if is_of_another_kind(said.text, source.content.text):
        return True
    both = Correspondence(text, said, source)
    rules = (Denial(both), Qualifications(both), Conditions(both), Roles(both))
    return any(one.any() for one in rules)
