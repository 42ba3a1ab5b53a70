"""Workers that ask the Hub are given one on this computer."""

from tests.hub.loopback_fixtures import allow_loopback, hub

__all__ = ["allow_loopback", "hub"]
