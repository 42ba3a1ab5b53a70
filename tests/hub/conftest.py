"""Tests of the Hub's client talk to a Hub on this computer."""

from tests.hub.loopback_fixtures import allow_loopback, hub

__all__ = ["allow_loopback", "hub"]
