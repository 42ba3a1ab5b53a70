"""Names of languages, for the user."""

from PySide6.QtCore import QLocale


def language_name(code: str) -> str:
    """Give the name of a language; the code itself where it is not known."""
    language = QLocale(code).language()
    is_known = language is not QLocale.Language.C and code.isascii()
    return QLocale.languageToString(language) if is_known else code
