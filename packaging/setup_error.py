"""What stops a set-up."""


class SetupError(Exception):
    """Set-up cannot go on; the text is one or two sentences for the person at the keyboard."""
