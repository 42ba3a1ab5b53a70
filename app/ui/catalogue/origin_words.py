"""Whose a model file is, and what was found in other places, in words."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.core.hub_events import PlaceScanned, ScanFinished
from app.core.origin import Origin, Program
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.quantities import count_text

PROGRAM_NAMES = {
    Program.QUILLHOUSE: QT_TRANSLATE_NOOP("origins", "Quillhouse"),
    Program.OPENED: QT_TRANSLATE_NOOP("origins", "opened files"),
    Program.FOLDER: QT_TRANSLATE_NOOP("origins", "your folders"),
    Program.DOWNLOADS: QT_TRANSLATE_NOOP("origins", "the Downloads folder"),
    Program.LM_STUDIO: QT_TRANSLATE_NOOP("origins", "LM Studio"),
    Program.OLLAMA: QT_TRANSLATE_NOOP("origins", "Ollama"),
    Program.GPT4ALL: QT_TRANSLATE_NOOP("origins", "GPT4All"),
    Program.JAN: QT_TRANSLATE_NOOP("origins", "Jan"),
    Program.HUB_CACHE: QT_TRANSLATE_NOOP("origins", "the Hugging Face cache"),
    Program.LLAMA_CPP: QT_TRANSLATE_NOOP("origins", "llama.cpp"),
    Program.KOBOLDCPP: QT_TRANSLATE_NOOP("origins", "KoboldCpp"),
    Program.MSTY: QT_TRANSLATE_NOOP("origins", "Msty"),
    Program.ANYTHING_LLM: QT_TRANSLATE_NOOP("origins", "AnythingLLM"),
}
"""Completes "From ..."."""
PLACES_OF_USER = frozenset({Program.OPENED, Program.FOLDER, Program.DOWNLOADS})
"""Where the user keeps files, and no program does."""

translate = QCoreApplication.translate


def program_name(program: Program) -> str:
    """Give the name of a program or a place."""
    return translate("origins", PROGRAM_NAMES[program])


def origin_sentence(origin: Origin) -> str:
    """Say whose a file is, and that it lies where it lay."""
    if origin.program is Program.QUILLHOUSE:
        return translate("origins", "Downloaded by Quillhouse")
    if origin.program is Program.OPENED:
        return translate("origins", "Opened by you, used where it is")
    if origin.is_kept:
        text = translate("origins", "From {program}, and kept by Quillhouse")
    else:
        text = translate("origins", "From {program}, used where it is")
    return text.format(program=program_name(origin.program))


def origin_tag(origin: Origin) -> str:
    """Say it in few words."""
    if origin.program is Program.QUILLHOUSE:
        return translate("origins", "downloaded")
    if origin.program is Program.OPENED:
        return translate("origins", "opened by you")
    return translate("origins", "from {program}").format(program=program_name(origin.program))


def keep_words(origin: Origin) -> str:
    """Say against what a file would be kept."""
    if origin.program in PLACES_OF_USER:
        return translate("origins", "Keep it if that file is deleted…")
    text = translate("origins", "Keep it if {program} deletes it…")
    return text.format(program=program_name(origin.program))


def result_sentence(finished: ScanFinished) -> str:
    """Say how many models were found where, how many are new, and how many cannot be used."""
    sentences = [_found(finished.places), _new(finished), _unusable(finished.places)]
    return " ".join(sentence for sentence in sentences if sentence)


def _found(places: Sequence[PlaceScanned]) -> str:
    counts: Counter[Program] = Counter()
    for place in places:
        counts[place.program] += place.n_models
    found = [(program, n) for program, n in counts.most_common() if n]
    if not found:
        return translate("origins", "No models of other programs were found.")
    part = translate("origins", "{n} from {program}")
    parts = [part.format(n=count_text(n), program=program_name(one)) for one, n in found]
    n_models = sum(n for _, n in found)
    if n_models == 1:
        text = translate("origins", "1 model found: {parts}.")
    else:
        text = translate("origins", "{n} models found: {parts}.")
    return text.format(n=count_text(n_models), parts=", ".join(parts))


def _new(finished: ScanFinished) -> str:
    if not any(place.n_models for place in finished.places):
        return ""
    if not finished.n_new:
        return translate("origins", "None is new.")
    return translate("origins", "New: {n}.").format(n=count_text(finished.n_new))


def _unusable(places: Sequence[PlaceScanned]) -> str:
    n = sum(place.n_unusable for place in places)
    if not n:
        return ""
    if n == 1:
        return translate("origins", "1 file cannot run here.")
    return translate("origins", "{n} files cannot run here.").format(n=count_text(n))


def place_state(place: PlaceScanned) -> str:
    """Say what was found in a folder, or why nothing was."""
    if place.is_absent:
        return translate("origins", "Not connected")
    if place.failure is not None:
        return translate("origins", "Cannot be read")
    if place.n_models == 1:
        return translate("origins", "1 model")
    return translate("origins", "{n} models").format(n=count_text(place.n_models))
