"""Signals whose payload the type checker knows.

PySide6 declares `emit(*args: Any)` and `connect(slot: object)`, so a wrong payload or slot
passes every checker. `signal_of(Payload)` gives a signal that carries one value of a known
type; `signal()` one that carries nothing.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar, cast, overload

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class BoundSignal(Protocol[T]):
    """A typed signal of one object."""

    def emit(self, payload: T, /) -> None:
        """Send `payload` to every connected slot."""

    def connect(
        self,
        slot: Callable[[T], object],
        connection_type: Qt.ConnectionType = ...,
        /,
    ) -> object:
        """Connect a bound method of a QObject; across threads it runs in that object's thread."""

    def disconnect(self, slot: Callable[[T], object], /) -> object:
        """Undo `connect`."""


class BoundPlainSignal(Protocol):
    """A signal of one object that carries nothing."""

    def emit(self) -> None:
        """Call every connected slot."""

    def connect(
        self, slot: Callable[[], object], connection_type: Qt.ConnectionType = ..., /
    ) -> object:
        """Connect a bound method of a QObject."""

    def disconnect(self, slot: Callable[[], object], /) -> object:
        """Undo `connect`."""


class TypedSignal(Protocol[T]):
    """What a class attribute made by `signal_of` looks like to the type checker."""

    @overload
    def __get__(self, instance: None, owner: type[QObject], /) -> "TypedSignal[T]": ...
    @overload
    def __get__(self, instance: QObject, owner: type[QObject], /) -> BoundSignal[T]: ...


class PlainSignal(Protocol):
    """What a class attribute made by `signal` looks like to the type checker."""

    @overload
    def __get__(self, instance: None, owner: type[QObject], /) -> "PlainSignal": ...
    @overload
    def __get__(self, instance: QObject, owner: type[QObject], /) -> BoundPlainSignal: ...


def signal_of(payload: type[T]) -> TypedSignal[T]:  # noqa: ARG001
    """Declare a signal that carries one `payload`; use it as a class attribute of a QObject."""
    return cast("TypedSignal[T]", Signal(object))


def signal() -> PlainSignal:
    """Declare a signal that carries nothing."""
    return cast("PlainSignal", Signal())
