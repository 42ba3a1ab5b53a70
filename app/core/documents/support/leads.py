"""What an answer says of its source before it says what stands there: "According to the lease"."""

import re
from dataclasses import replace

from app.core.documents.support.names import names_of
from app.core.documents.support.operator_words import FALLING, RISING, Sense
from app.core.documents.support.operators import operators_of
from app.core.documents.support.source_sentences import Content

_NOUN = r"(?:[^\W\d_][\w-]*\s+){0,3}?[^\W\d_][\w-]*"
_LEAD = re.compile(
    rf"(?:^|(?<=[,.;:] )|(?<=\())(?:yes|no|ja|nein|oui|sí|sì|да)?[,;:]?\s*"
    rf"(?:according to|as per|per|based on|as stated in|laut|gemäß|nach|selon|d['’]après|según"
    rf"|de acuerdo con|secondo"
    rf"|segundo|volgens|согласно|по|в соответствии с)\s+(?P<what>{_NOUN})\s*(?=,|$|muss|ist|wird"
    rf"|darf|hat|beträgt|sind|kann|zahlt)"
    rf"|^(?P<that>(?:the|this|your|das|der|die|le|la|el|il|l['’])\s*{_NOUN}\s+(?:states?|says?"
    rf"|specif(?:y|ies)"
    rf"|mentions?|notes?|indicates?|besagt|sagt|précise|indique|dice|establece|indica)\s+(?:that"
    rf"|dass|que|qu['’]|che))\b"
    r"|(?<=free )of charge\b|(?<=free-)of-charge\b"
    r"|^根据[^，,]{1,12}[，,]|^وفقا ل\w+،",
    re.IGNORECASE,
)


def without_lead(content: Content, language: str) -> Content:
    """Leave out the words that name the source, but for names: who said it is a claim."""
    spans = [match.span() for match in _LEAD.finditer(content.text)]
    # "No less than" is compared as a whole, not by its "less".
    spans.extend(
        (one.start, one.end)
        for one in operators_of(content.text, language)
        if one.sense in RISING | FALLING | {Sense.ABOUT}
    )
    if not spans:
        return content
    names = set(names_of(content, language))
    terms = tuple(
        term
        for term in content.terms
        if term in names or not any(start <= term.start < end for start, end in spans)
    )
    return replace(content, terms=terms) if terms or content.facts else content


_AND = (
    "and|but|while|whereas|or|und|aber|während|sowie|et|mais|tandis que|y|pero|mientras|e|ma"
    "|mentre"
    "|и|а|но|nor|noch|ni"
)
_SUBJECT = re.compile(
    rf"^\W*(?:(?:{_AND}|if|when|wenn|falls|si|se|если)\s+)*(?:the|this|that|these|those|all|each"
    r"|every|any|it|he|she|they|you|we|i|his|her|their|its|there|no|a|an|der|die|das|den|dem|ein"
    r"|eine"
    r"|er|sie|es|man|le|la|les|l['’]|un|une|il|elle|on|ce|el|los|las|una|lo|gli|per|in|at|for|bei"
    r"|am|im)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"^\W*(?:(?:{_AND})\s+)?(?:[A-ZÀ-ÖØ-ÞА-Я]\w+|\d)")
_COORDINATED = re.compile(rf"^\W*(?:{_AND})(?!\w)|^(?:而|但|并|且)", re.IGNORECASE)
_SUBORDINATED = re.compile(
    r"^\W*(?:if|when|because|although|unless|except|which|who|that|than|without|before|after|until"
    r"|as|since|so|with|not|rather|instead|other|wenn|falls|weil|obwohl|außer|dass|ohne|bevor"
    r"|nachdem|nicht|statt|anstatt|der|die|das|welche\w?|si|quand|sauf|sans|qui|que|pas|au lieu|si"
    r"|cuando|excepto|salvo|sin|no|se|quando|eccetto|tranne|senza|non|che|если|когда|кроме|который"
    r"|которая|что|без|не)(?!\w)",
    re.IGNORECASE,
)


def is_coordinated(text: str, position: int) -> bool:
    """Say whether what begins there stands beside what is before, and does not hang on it."""
    if _COORDINATED.match(text[position:]):
        return True
    is_cut = text[:position].rstrip()[-1:] in tuple(",;:，；、،")
    return is_cut and _SUBORDINATED.match(text[position:]) is None


def has_subject(text: str) -> bool:
    """Say whether a part of a sentence begins with what it is about, not with what that does."""
    return bool(_SUBJECT.match(text) or _NAMED.match(text))
