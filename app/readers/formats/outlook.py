"""Gives letters that Outlook has saved (.msg) as e-mails, so that they are read as those are."""

from contextlib import closing
from email.message import Message
from email.utils import format_datetime
from pathlib import Path, PurePath
from typing import BinaryIO

from app.core.errors import ErrorCode, WorldError
from app.readers.compound_file import MAX_LETTER_BYTES, CompoundFile
from app.readers.endings import LETTER_ENDINGS, OUTLOOK_ENDING
from app.readers.formats.compressed_rich_text import unpacked_rich_text
from app.readers.formats.mail_source import (
    MAX_DEPTH,
    MAX_PARTS,
    MAX_TEXT_BYTES,
    TEXT_TYPE_OF_ENDING,
    TEXT_TYPES,
    parsed_headers,
    parsed_letter,
    raw_header,
)
from app.readers.formats.outlook_properties import (
    OF_LETTER,
    OF_LETTER_WITHIN,
    OF_PART,
    Properties,
    without_damage,
)
from app.readers.refusals import unreadable

MAX_PEOPLE = 5_000
"""To whom a letter was sent; that many bear no names worth finding."""
_OTHER_TYPE = "application/octet-stream"

# Numbers of what is known, by [MS-OXPROPS].
_CLASS, _SENT_HEADERS = 0x001A, 0x007D
_SUBJECTS = (0x0037, 0x0E1D)
"""As it is shown; without what an answer puts before it."""
_TIMES = (0x0039, 0x0E06, 0x3007)
"""When it was sent, came, was made."""
_AUTHORS = ((0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F))
"""For whom it was sent, and who did so: name, address, address of whatever kind."""
_NAME, _ADDRESSES, _ROLE = 0x3001, (0x39FE, 0x3003), 0x0C15
_ROLES = {1: "To", 2: "Cc"}
_SENT = ("From", "To", "Cc", "Date")
_SHOWN_TO = {"To": 0x0E04, "Cc": 0x0E03}
_PLAIN, _PAGE, _RICH = 0x1000, 0x1013, 0x1009
_FILE_NAMES = (0x3707, 0x3704)
_TYPE, _CONTENT = 0x370E, 0x3701
_SIGNED_CLASS = "ipm.note.smime.multipartsigned"
_SIGNED_TYPE = "multipart/signed"
_MUST_BE_QUOTED = frozenset('[]\\()<>@,:;".')


def read_outlook_letter(path: Path) -> Message:
    """Give a letter that was saved as a file.

    Raises:
        WorldError: DOCUMENT_TOO_LARGE, DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE,
            DOCUMENT_TOO_COMPLEX.
    """
    try:
        with path.open("rb") as stream:
            return outlook_letter(stream, path)
    except OSError as error:
        raise unreadable(path, error) from error


def outlook_letter(stream: BinaryIO, path: Path) -> Message:
    """Give a letter as an e-mail, with the letters within it.

    What was sent along is named; its bytes are there only if they are read: texts and letters.

    Args:
        stream: the letter, as Outlook saves it.
        path: of the document, for errors.

    Raises:
        WorldError: DOCUMENT_TOO_LARGE, DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE,
            DOCUMENT_TOO_COMPLEX.
    """
    with closing(CompoundFile(stream, path)) as compound:
        known = Properties(compound, compound.root, OF_LETTER)
        return _Letters(compound, path).letter(known, 0)


class _Letters:
    """Turns letters of one file into e-mails, however they lie within each other."""

    def __init__(self, compound: CompoundFile, path: Path) -> None:
        self._compound, self._path = compound, path
        self._n_attached = 0

    def letter(self, known: Properties, depth: int) -> Message:
        """Give a letter with what was sent along, at this depth within others."""
        message = Message()
        message["Content-Type"] = "multipart/mixed"
        for name, value in self._headers(known).items():
            if value:
                message[name] = value
        body = _body(known)
        message.attach(body)
        is_sealed = known.text(_CLASS).casefold() == _SIGNED_CLASS and _is_blank(body)
        for one in known.storages("__attach_version1.0_"):
            self._n_attached += 1
            if self._n_attached > MAX_PARTS:
                break
            # What is sent along does not keep the letter from being read.
            with without_damage():
                part = Properties(self._compound, one, OF_PART, known.pages)
                is_whole = is_sealed and part.text(_TYPE).casefold() == _SIGNED_TYPE
                message.attach(self._whole(part) if is_whole else self._attached(part, depth))
        return message

    def _headers(self, known: Properties) -> dict[str, str]:
        """Give what is shown of a letter; as it was sent if Outlook has kept that."""
        sent = Message()
        with without_damage():
            sent = parsed_headers(known.text(_SENT_HEADERS), self._path)
        headers = {name: raw_header(sent, name.casefold()) for name in _SENT}
        if not headers["To"] and not headers["Cc"]:
            headers |= self._recipients(known)
        headers["From"] = headers["From"] or _author(known)
        headers["Date"] = headers["Date"] or _time(known)
        headers["Subject"] = known.text(*_SUBJECTS) or raw_header(sent, "subject")
        return headers

    def _recipients(self, known: Properties) -> dict[str, str]:
        people: dict[str, list[str]] = {name: [] for name in _SHOWN_TO}
        for one in known.storages("__recip_version1.0_")[:MAX_PEOPLE]:
            with without_damage():
                person = Properties(self._compound, one, OF_PART, known.pages)
                # Whoever has no role is an addressee; flags stand in the upper bits.
                role = _ROLES.get((person.number(_ROLE) or 1) & 15)
                if role is not None:
                    address = next(filter(_is_address, map(person.text, _ADDRESSES)), "")
                    people[role].append(_with_address(person.text(_NAME), address))
        shown = {name: ", ".join(filter(None, people[name])) for name in people}
        return {name: shown[name] or known.text(_SHOWN_TO[name]) for name in shown}

    def _whole(self, part: Properties) -> Message:
        """Give a signed letter as it was sent, which is all that Outlook has kept of it."""
        return parsed_letter(part.data(_CONTENT, MAX_LETTER_BYTES), self._path)

    def _attached(self, known: Properties, depth: int) -> Message:
        name = known.text(*_FILE_NAMES)
        inner, part = None, Message()
        # What has damaged bytes is named all the same.
        with without_damage():
            inner = self._letter_in(known, depth)
        if inner is not None:
            part["Content-Type"] = "message/rfc822"
            part.set_payload([inner])
            name = name or ("" if inner["Subject"] else known.text(_NAME))
        else:
            name = name or known.text(_NAME)
            ending = PurePath(name).suffix.casefold()
            kind = TEXT_TYPE_OF_ENDING.get(ending) or known.text(_TYPE).casefold()
            is_text = kind in TEXT_TYPES
            part["Content-Type"] = kind if is_text else _OTHER_TYPE
            with without_damage():
                is_read = is_text or ending in LETTER_ENDINGS
                # Only of letters that Outlook has saved is more than the beginning of use.
                max_bytes = MAX_LETTER_BYTES if ending == OUTLOOK_ENDING else MAX_TEXT_BYTES
                _put_in(part, known.data(_CONTENT, max_bytes) if is_read else b"")
        if name:
            part.add_header("Content-Disposition", "attachment", filename=name)
        return part

    def _letter_in(self, part: Properties, depth: int) -> Message | None:
        """Give the letter that an attachment is; other things can be storages, too."""
        within = part.storage(_CONTENT)
        if within is None or depth >= MAX_DEPTH:
            return None
        known = Properties(self._compound, within, OF_LETTER_WITHIN)
        return self.letter(known, depth + 1) if known.has_any else None


def _body(known: Properties) -> Message:
    """Give the text of a letter in the forms that it has.

    Raises:
        WorldError: DOCUMENT_UNREADABLE; DOCUMENT_DAMAGED if nothing else is left of it.
    """
    body = Message()
    body["Content-Type"] = "multipart/alternative"
    forms: dict[str, tuple[bytes, str]] = {}
    damage: WorldError | None = None
    for name, number in (("plain", _PLAIN), ("html", _PAGE), ("rtf", _RICH)):
        if name == "rtf" and any(data.strip() for data, _ in forms.values()):
            break
        try:
            forms[name] = _rich(known) if name == "rtf" else known.body(number, MAX_TEXT_BYTES)
        except WorldError as error:
            if error.code is ErrorCode.DOCUMENT_UNREADABLE:
                raise
            damage = damage or error
    if damage is not None and not any(data.strip() for data, _ in forms.values()):
        raise damage
    for name, (data, encoding) in forms.items():
        part = Message()
        part["Content-Type"] = f"text/{name}" + (f"; charset={encoding}" if encoding else "")
        _put_in(part, data)
        body.attach(part)
    return body


def _rich(known: Properties) -> tuple[bytes, str]:
    packed = known.data(_RICH, MAX_TEXT_BYTES)
    return unpacked_rich_text(packed, MAX_TEXT_BYTES), ""


def _is_blank(body: Message) -> bool:
    forms = body.get_payload()
    return not any(str(one.get_payload()).strip() for one in forms if isinstance(one, Message))


def _put_in(part: Message, data: bytes) -> None:
    # The form in which Python's parser keeps bytes that are not encoded.
    part["Content-Transfer-Encoding"] = "8bit"
    part.set_payload(data.decode("ascii", "surrogateescape"))


def _author(known: Properties) -> str:
    for name, *addresses in _AUTHORS:
        address = next(filter(_is_address, map(known.text, addresses)), "")
        if author := _with_address(known.text(name), address):
            return author
    return ""


def _time(known: Properties) -> str:
    time = next(filter(None, map(known.time, _TIMES)), None)
    return format_datetime(time) if time is not None else ""


def _is_address(text: str) -> bool:
    """Say whether a text can be written to; within a company there are others."""
    return "@" in text


def _with_address(name: str, address: str) -> str:
    """Give a name and an address as they stand in an e-mail."""
    name = name.strip("' ")
    if not address or not name or name.casefold() == address.casefold():
        return address or name
    if _MUST_BE_QUOTED & set(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"
