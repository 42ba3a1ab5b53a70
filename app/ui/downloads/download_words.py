"""A download in words: which version, how far, how fast, what it waits for."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.core.download import Download, DownloadNote, DownloadSpec, DownloadState
from app.core.errors import ErrorCode
from app.core.fit.quality import quality_of
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.quantities import (
    about_seconds_text,
    bytes_text,
    count_text,
    part_text,
    rate_text,
    time_left_text,
)
from app.ui.verdict_words import quality_words
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import foreign_text

SEPARATOR = " \u00b7 "
STATE_WORDS = {
    DownloadState.QUEUED: QT_TRANSLATE_NOOP("downloads", "Waiting for its turn"),
    DownloadState.CHECKING: QT_TRANSLATE_NOOP("downloads", "Checking"),
    DownloadState.DOWNLOADING: QT_TRANSLATE_NOOP("downloads", "Downloading"),
    DownloadState.WAITING: QT_TRANSLATE_NOOP("downloads", "Waiting"),
    DownloadState.PAUSED: QT_TRANSLATE_NOOP("downloads", "Paused"),
    DownloadState.VERIFYING: QT_TRANSLATE_NOOP("downloads", "Checking"),
    DownloadState.DONE: QT_TRANSLATE_NOOP("downloads", "Ready to use"),
    DownloadState.FAILED: QT_TRANSLATE_NOOP("downloads", "Failed"),
}
STATE_TONES = {
    DownloadState.QUEUED: Tone.PLAIN,
    DownloadState.CHECKING: Tone.NEUTRAL,
    DownloadState.DOWNLOADING: Tone.NEUTRAL,
    DownloadState.WAITING: Tone.WARN,
    DownloadState.PAUSED: Tone.PLAIN,
    DownloadState.VERIFYING: Tone.NEUTRAL,
    DownloadState.DONE: Tone.GOOD,
    DownloadState.FAILED: Tone.BAD,
}
DOING_WORDS = {
    DownloadState.CHECKING: QT_TRANSLATE_NOOP("downloads", "checking what is here already"),
    DownloadState.DOWNLOADING: QT_TRANSLATE_NOOP("downloads", "waiting for the server"),
    DownloadState.WAITING: QT_TRANSLATE_NOOP("downloads", "goes on by itself"),
    DownloadState.VERIFYING: QT_TRANSLATE_NOOP("downloads", "checking that it arrived undamaged"),
}
"""What is going on, where no number says it."""
NOTE_WORDS = {
    DownloadNote.CHANGED_UPSTREAM: QT_TRANSLATE_NOOP(
        "downloads",
        "The publisher replaced the file meanwhile, so the download began again with the new one.",
    ),
    DownloadNote.ARRIVED_DAMAGED: QT_TRANSLATE_NOOP(
        "downloads", "The file arrived damaged, so it is being downloaded once more."
    ),
    DownloadNote.ALREADY_HERE: QT_TRANSLATE_NOOP(
        "downloads", "The same file was on this computer already, so nothing was downloaded."
    ),
}

translate = QCoreApplication.translate


def name_text(spec: DownloadSpec) -> str:
    """Give the model's name, fit to be shown."""
    return foreign_text(spec.name) or foreign_text(spec.repo_id)


def source_text(spec: DownloadSpec) -> str:
    """Give the repository, and the version by its technical name and in plain words."""
    parts = [spec.repo_id]
    if spec.quantization:
        parts += [spec.quantization, quality_words(quality_of(spec.quantization).word)]
    return SEPARATOR.join(foreign_text(part) for part in parts)


def state_text(download: Download) -> str:
    """Give the state in a word or two."""
    if download.state is DownloadState.DONE and download.spec.is_embedding:
        return translate("downloads", "Ready")
    return translate("downloads", STATE_WORDS[download.state])


def note_text(download: Download) -> str:
    """Give what happened on the way; empty if nothing worth knowing did."""
    try:
        return translate("downloads", NOTE_WORDS[DownloadNote(download.note)])
    except ValueError:
        return ""


def is_size_known(spec: DownloadSpec) -> bool:
    """Say whether the size of every file is known."""
    return bool(spec.files) and all(one.size_bytes > 0 for one in spec.files)


def amount_text(download: Download) -> str:
    """Give how much has arrived: "1.2 of 4.9 GB", or only what is known of that."""
    spec, done = download.spec, download.done_bytes
    if download.state is DownloadState.DONE:
        return bytes_text(spec.size_bytes or done) if spec.size_bytes or done else ""
    if is_size_known(spec) and not done:
        return bytes_text(spec.size_bytes)
    if is_size_known(spec):
        return part_text(min(done, spec.size_bytes), spec.size_bytes)
    if done:
        return translate("downloads", "{size} so far").format(size=bytes_text(done))
    return ""


def progress_text(download: Download) -> str:
    """Give how far it is, and what is going on or being waited for."""
    parts = (amount_text(download), *_doing(download))
    return SEPARATOR.join(part for part in parts if part)


def _doing(download: Download) -> tuple[str, ...]:
    state, left = download.state, download.seconds_left
    if state is DownloadState.DOWNLOADING and download.bytes_per_s >= 1:
        return rate_text(download.bytes_per_s), "" if left is None else time_left_text(left)
    if state is DownloadState.WAITING and download.retry_in_s is not None:
        seconds = about_seconds_text(max(1.0, download.retry_in_s))
        return (translate("downloads", "tries again in {seconds}").format(seconds=seconds),)
    if state is DownloadState.CHECKING and not download.done_bytes:
        return (translate("downloads", "asking for size and checksum"),)
    if download.failure is not None and download.failure.code is ErrorCode.OFFLINE:
        return (translate("downloads", "goes on when the internet may be used"),)
    words = DOING_WORDS.get(state)
    return (translate("downloads", words),) if words else ()


def spoken_text(download: Download) -> str:
    """Give what a screen reader says of the whole card."""
    parts = [name_text(download.spec), state_text(download)]
    if download.state is not DownloadState.DONE and is_size_known(download.spec):
        percent = translate("downloads", "{n} percent")
        parts.append(percent.format(n=count_text(int(download.fraction * 100))))
    return ". ".join(parts)


def total_text(downloads: Sequence[Download]) -> str:
    """Give all that are not done yet in one line; time only if it can be told honestly."""
    n = translate("downloads", "{n} downloads").format(n=count_text(len(downloads)))
    parts = [n]
    running = [one for one in downloads if one.state is DownloadState.DOWNLOADING]
    rate = sum(one.bytes_per_s for one in running)
    size = sum(one.spec.size_bytes for one in downloads)
    done = sum(one.done_bytes for one in downloads)
    is_known = all(is_size_known(one.spec) for one in downloads)
    if is_known:
        parts.append(part_text(min(done, size), size))
    if rate >= 1:
        parts.append(rate_text(rate))
    if is_known and rate >= 1 and _goes_on(downloads):
        parts.append(time_left_text((size - done) / rate))
    return SEPARATOR.join(parts)


def _goes_on(downloads: Sequence[Download]) -> bool:
    """Say whether all of them come to their end at the speed of now."""
    steady = {DownloadState.DOWNLOADING, DownloadState.QUEUED, DownloadState.VERIFYING}
    return all(
        one.state in steady
        and (one.state is not DownloadState.DOWNLOADING or one.seconds_left is not None)
        for one in downloads
    )


def missing_room_bytes(downloads: Sequence[Download], free_bytes: int) -> int:
    """Say how much room the downloads that are not done lack on the disk; 0 if there is enough."""
    wanted = sum(max(0, one.spec.size_bytes - one.done_bytes) for one in downloads)
    return max(0, wanted - free_bytes)
