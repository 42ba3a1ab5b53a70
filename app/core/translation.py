"""Marks text for translation where it is written down in a table, without Qt."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802, ARG001 - Qt's lupdate goes by it
    """Give `text` as it is; lupdate hands it to the translators under `context`.

    Whoever shows it translates it with the same context.
    """
    return text
