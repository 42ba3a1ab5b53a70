"""Workers that ask the Hub are given one on this computer."""

from tests.hub.loopback_fixtures import allow_loopback, hub
from tests.small_disk import small_disk

__all__ = ["allow_loopback", "hub", "small_disk"]
