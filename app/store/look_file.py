"""How the window looks, in a small file that is read before the window is shown.

A cache of a few settings: opening the database takes too long for that, and until it is open
the window would be light for a user who chose dark. A missing or damaged file means defaults.
"""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from app.core.settings import DEFAULTS, SettingKey, SettingValue, setting
from app.store.data_folder import PRIVATE_FILE

_LOG = logging.getLogger(__name__)

LOOK_KEYS = (
    SettingKey.APPEARANCE,
    SettingKey.TEXT_SCALE_PERCENT,
    SettingKey.RAIL_COLLAPSED,
    SettingKey.WINDOW_PLACE,
)
PART_SUFFIX = ".part"


class LookFile:
    """Reads and writes the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[SettingKey, SettingValue]:
        """Give every setting: the look as it was kept, defaults for the rest."""
        values = dict(DEFAULTS)
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return values
        except (OSError, ValueError, RecursionError) as error:
            _LOG.warning("the look is not known: %s", type(error).__name__)
            return values
        for key in LOOK_KEYS:
            if isinstance(kept, dict) and setting(key).accepts(kept.get(key.value)):
                values[key] = kept[key.value]
        return values

    def keep(self, values: Mapping[SettingKey, SettingValue]) -> None:
        """Write the look among `values` if it has changed; the file is never half written."""
        known = self.read()
        if all(values[key] == known[key] for key in LOOK_KEYS):
            return
        part = self._path.with_suffix(PART_SUFFIX)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump({key.value: values[key] for key in LOOK_KEYS}, stream)
            part.replace(self._path)
        except OSError as error:
            # The setting itself is in the database; only the next first frame is out of date.
            _LOG.warning("the look was not kept: %s", error.strerror)
