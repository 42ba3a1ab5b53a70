"""What licences of models allow, in plain language.

The Hub names a licence by an id; "other" sends on to a name of the publisher's own. The table is
in `licence_table.py`. It is meant to spare people the reading of forty pages, and is no legal
advice; whoever shows it says so.
"""

from dataclasses import replace

from app.core.licence_table import (
    LICENCES,
    NOT_STATED,
    OTHER_NAMES,
    UNKNOWN,
    Licence,
    LicenceBadge,
)

__all__ = ["Licence", "LicenceBadge", "licence_of", "stricter"]

_STRICTNESS = (
    LicenceBadge.FREE,
    LicenceBadge.CONDITIONS,
    LicenceBadge.NOT_STATED,
    LicenceBadge.PRIVATE_ONLY,
)
"""From the freest to the strictest. What nobody has stated may turn out to be anything, but it
is not known to forbid work."""


def licence_of(licence_id: str, licence_name: str = "", licence_link: str = "") -> Licence:
    """Give what is known of a licence.

    Args:
        licence_id: as the Hub has it ("apache-2.0", "other"); may be empty.
        licence_name: what the page says for "other" ("lfm1.0").
        licence_link: where the page says that the text is.
    """
    own, name = _folded(licence_id), _folded(licence_name)
    if own in {"", "unknown"} and not name:
        return replace(NOT_STATED, link=licence_link)
    if own in {"", "other", "unknown"}:
        own = name
    found = LICENCES.get(OTHER_NAMES.get(own, own))
    if found is not None:
        return found if not licence_link else replace(found, link=licence_link)
    title = licence_name.strip() or licence_id.strip()
    if own in {"", "other"}:
        return replace(UNKNOWN, link=licence_link)
    return replace(UNKNOWN, title=title, link=licence_link)


def stricter(one: Licence, other: Licence) -> Licence:
    """Give the stricter of two licences: that of a model and that of what it was made from.

    Of two that are as strict, `one` stays if it says at least as much.
    """
    return max((one, other), key=lambda licence: (_strictness(licence), len(licence.conditions)))


def _strictness(licence: Licence) -> int:
    return _STRICTNESS.index(licence.badge)


def _folded(name: str) -> str:
    """Give a name as it is compared: people write "LFM Open License v1.0" and "lfm-1.0"."""
    return "-".join(name.strip().casefold().replace("_", "-").split())
