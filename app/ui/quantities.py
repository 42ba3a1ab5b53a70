"""Numbers in words: bytes, seconds, counts, speeds."""

from PySide6.QtCore import QCoreApplication, QLocale

translate = QCoreApplication.translate

BYTES_PER_KB = 1 << 10
BYTES_PER_MB = 1 << 20
BYTES_PER_GB = 1 << 30
"""Binary, for memory and files alike, since they stand side by side: a computer sold with 16 GB
must be shown with 16 and not with 17.2, and no model may seem to need less than its file has."""
_GB_FROM = 1000 * BYTES_PER_MB
"""From here on in GB, so that what stands beside it has the same unit."""
_MILLION = 1_000_000
_BILLION = 1_000_000_000
_MINUTE_S = 60
_HOUR_S = 3600
_MINUTES_PER_HOUR = 60
_HOURS_PER_DAY = 24
_TEN = 10
"""Above an hour, minutes are told in tens."""
_SECONDS_IN_WORDS_UP_TO = 90
WORDS_PER_TOKEN = 0.75
"""English text, a common rule of thumb; only for "about"."""
WORDS_PER_PAGE = 500
"""A page of ordinary print; three of them are about the 2,000 tokens of a long question."""


def bytes_text(n_bytes: int) -> str:
    """Give "2.5 GB", "98 MB" or "12 KB"."""
    if n_bytes >= _GB_FROM:
        return gigabytes_text(n_bytes)
    if n_bytes >= BYTES_PER_MB:
        return translate("quantities", "{n} MB").format(
            n=count_text(round(n_bytes / BYTES_PER_MB))
        )
    return translate("quantities", "{n} KB").format(n=count_text(-(-n_bytes // BYTES_PER_KB)))


def traffic_text(n_bytes: int) -> str:
    """Give what went over the network: like `bytes_text`, but nothing is "0 bytes"."""
    return bytes_text(n_bytes) if n_bytes > 0 else translate("quantities", "0 bytes")


def part_text(part_bytes: int, whole_bytes: int) -> str:
    """Give "1.2 of 4.9 GB": both in the unit of the whole, so that they can be compared."""
    if whole_bytes >= _GB_FROM:
        part = QLocale().toString(part_bytes / BYTES_PER_GB, "f", 1)
    else:
        unit_bytes = BYTES_PER_MB if whole_bytes >= BYTES_PER_MB else BYTES_PER_KB
        part = count_text(part_bytes // unit_bytes)
    template = translate("quantities", "{part} of {whole}")
    return template.format(part=part, whole=bytes_text(whole_bytes))


def rate_text(bytes_per_s: float) -> str:
    """Give "3.4 MB/s", or "820 KB/s" for less than one."""
    if bytes_per_s >= BYTES_PER_MB:
        number = QLocale().toString(bytes_per_s / BYTES_PER_MB, "f", 1)
        return translate("quantities", "{n} MB/s").format(n=number)
    n_kb = max(1, round(bytes_per_s / BYTES_PER_KB))
    return translate("quantities", "{n} KB/s").format(n=count_text(n_kb))


def time_left_text(seconds: float) -> str:
    """Give "about 18 minutes left", as roughly as a download's speed lets one know it."""
    minutes = round(seconds / _MINUTE_S)
    if seconds < _MINUTE_S:
        return translate("quantities", "less than a minute left")
    if minutes == 1:
        return translate("quantities", "about a minute left")
    if minutes < _MINUTES_PER_HOUR:
        return translate("quantities", "about {n} minutes left").format(n=count_text(minutes))
    hours, rest = divmod(_TEN * round(minutes / _TEN), _MINUTES_PER_HOUR)
    if hours >= _HOURS_PER_DAY:
        return translate("quantities", "more than a day left")
    if not rest:
        return translate("quantities", "about {hours} h left").format(hours=count_text(hours))
    template = translate("quantities", "about {hours} h {minutes} min left")
    return template.format(hours=count_text(hours), minutes=count_text(rest))


def duration_text(seconds: float) -> str:
    """Give "about 18 minutes" for something that takes long and is not known well."""
    minutes = round(seconds / _MINUTE_S)
    if seconds < _MINUTE_S:
        return translate("quantities", "less than a minute")
    if minutes == 1:
        return translate("quantities", "about a minute")
    if minutes < _MINUTES_PER_HOUR:
        return translate("quantities", "about {n} minutes").format(n=count_text(minutes))
    hours = round(minutes / _MINUTES_PER_HOUR)
    if hours == 1:
        return translate("quantities", "about an hour")
    return translate("quantities", "about {n} hours").format(n=count_text(hours))


def gigabytes_text(n_bytes: int, n_digits: int = 1) -> str:
    """Give "2.5 GB" also for less than one, so that the parts of a sum have one unit."""
    number = QLocale().toString(n_bytes / BYTES_PER_GB, "f", n_digits)
    return translate("quantities", "{n} GB").format(n=number)


def n_words(n_tokens: int) -> int:
    """Say about how many words some tokens are, to two digits."""
    words = n_tokens * WORDS_PER_TOKEN
    unit = int(10 ** max(0, len(str(round(words))) - 2))
    return round(words / unit) * unit


def n_pages(n_tokens: int) -> int:
    """Say about how many pages of text some tokens are; at least one."""
    return max(1, round(n_tokens * WORDS_PER_TOKEN / WORDS_PER_PAGE))


def pages_text(n_tokens: int) -> str:
    """Give "12 pages": about as much text as some tokens are."""
    n = n_pages(n_tokens)
    if n == 1:
        return translate("quantities", "1 page")
    return translate("quantities", "{n} pages").format(n=count_text(n))


def threads_text(n: int) -> str:
    """Give "4 threads"."""
    if n == 1:
        return translate("quantities", "1 thread")
    return translate("quantities", "{n} threads").format(n=count_text(n))


def about_seconds_text(seconds: float) -> str:
    """Give seconds as roughly as an estimate knows them: "7 s", "40 s", "3 min"."""
    if seconds < 1:
        return seconds_text(max(0.1, seconds))
    if seconds < 20:  # noqa: PLR2004 - below, a second can be felt
        return translate("quantities", "{n} s").format(n=count_text(round(seconds)))
    if seconds < _SECONDS_IN_WORDS_UP_TO:
        return translate("quantities", "{n} s").format(n=count_text(5 * round(seconds / 5)))
    return seconds_text(seconds)


def count_text(n: int) -> str:
    """Give a whole number with separators: "1,240"."""
    return QLocale().toString(n)


def large_count_text(n: int) -> str:
    """Give "3.0 billion", "135 million" or, below, the number itself."""
    if n >= _BILLION:
        number = QLocale().toString(n / _BILLION, "f", 1)
        return translate("quantities", "{n} billion").format(n=number)
    if n >= _MILLION:
        number = count_text(round(n / _MILLION))
        return translate("quantities", "{n} million").format(n=number)
    return count_text(n)


def seconds_text(seconds: float) -> str:
    """Give "0.4 s", "12 s", "3 min" or "2 h"."""
    if seconds < 10:  # noqa: PLR2004 - below, a tenth can be felt
        return translate("quantities", "{n} s").format(n=QLocale().toString(seconds, "f", 1))
    if seconds < _SECONDS_IN_WORDS_UP_TO:
        return translate("quantities", "{n} s").format(n=round(seconds))
    if seconds < _HOUR_S:
        return translate("quantities", "{n} min").format(n=round(seconds / _MINUTE_S))
    return translate("quantities", "{n} h").format(n=round(seconds / _HOUR_S))


def words_per_second(text: str, seconds: float) -> float:
    """Count the words of `text` over `seconds`; 0.0 when no time has passed.

    Scripts that put no spaces between words are counted by two characters a word.
    """
    n_spaced = len(text.split())
    n_dense = sum(1 for letter in text if "\u2e80" <= letter <= "\u9fff") // 2
    return max(n_spaced, n_dense) / seconds if seconds > 0 else 0.0


def speed_text(words_each_second: float) -> str:
    """Give "11 words per second"."""
    n_digits = 0 if words_each_second >= 10 else 1  # noqa: PLR2004 - tenths of slow speeds matter
    number = QLocale().toString(words_each_second, "f", n_digits)
    return translate("quantities", "{n} words per second").format(n=number)
