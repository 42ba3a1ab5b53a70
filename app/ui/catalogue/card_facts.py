"""The facts of a model that are worth a tag, each with its explanation."""

from PySide6.QtCore import QCoreApplication

from app.core.fit.choice import FitState
from app.core.model import ModelFile
from app.ui.catalogue.shelf import Entry
from app.ui.quantities import bytes_text, count_text, large_count_text, n_words
from app.ui.verdict_words import (
    certainty_words,
    first_word_range_words,
    first_word_words,
    quality_words,
    speed_range_words,
    speed_words,
)

Tag = tuple[str, str]
"""Words, and the explanation that the mouse brings up."""

translate = QCoreApplication.translate


def card_tags(entry: Entry) -> list[Tag]:
    """Give the tags of a card, what matters most first."""
    return [*_speed_tags(entry), *_version_tags(entry), *model_tags(entry.model)]


def model_tags(model: ModelFile) -> list[Tag]:
    """Give what the file itself says."""
    tags = []
    if model.n_parameters:
        words = translate("CardFacts", "{n} parameters")
        explanation = translate(
            "CardFacts", "The numbers that a model has learnt; more know more."
        )
        tags.append((words.format(n=large_count_text(model.n_parameters)), explanation))
    if model.n_ctx_train:
        words = translate("CardFacts", "remembers up to {n} words")
        explanation = translate("CardFacts", "The longest conversation it was made for.")
        tags.append((words.format(n=count_text(n_words(model.n_ctx_train))), explanation))
    if model.licence:
        words = translate("CardFacts", "Licence {name}")
        explanation = translate("CardFacts", "As the file itself says.")
        tags.append((words.format(name=model.licence), explanation))
    return tags


def _speed_tags(entry: Entry) -> list[Tag]:
    verdict = entry.verdict
    if verdict is None or verdict.state is FitState.TOO_BIG:
        return []
    speed = verdict.speed
    source = certainty_words(speed)
    reading = translate(
        "CardFacts",
        "{range} until the first word of the answer to a long question: 2,000 tokens, about"
        " three pages. {source}",
    ).format(range=first_word_range_words(speed), source=source)
    writing = translate("CardFacts", "{range} words per second. {source}").format(
        range=speed_range_words(speed), source=source
    )
    return [
        (speed_words(speed), writing),
        (first_word_words(speed), reading),
    ]


def _version_tags(entry: Entry) -> list[Tag]:
    model = entry.model
    size = translate("CardFacts", "{size} on disk").format(size=bytes_text(model.size_bytes))
    n_versions = len(entry.versions.models)
    explanation = translate("CardFacts", "How exactly the numbers are kept (quantization).")
    if entry.verdict is not None and model.quantization:
        quality = quality_words(entry.verdict.quality.word)
        explanation = f"{model.quantization}: {quality}. {explanation}"
    tags = [(size, explanation)]
    if n_versions > 1:
        words = translate("CardFacts", "{n} versions").format(n=count_text(n_versions))
        tags.append((words, translate("CardFacts", "Open the details to choose another.")))
    return tags
