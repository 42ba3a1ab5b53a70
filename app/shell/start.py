"""Starts the window process: data folder, log, the one window, and what nobody else caught."""

import argparse
import faulthandler
import logging
import logging.handlers
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, QThread, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from app import __version__
from app.core.errors import AppError, BugError, ErrorCode, Facts, Failure
from app.shell.garbage import GarbageCollector
from app.shell.shell import Shell
from app.store.data_folder import DataFolder
from app.ui.main_window import MainWindow
from app.ui.messages import message_for
from app.ui.resources import resources_folder
from app.ui.single_instance import SingleInstance
from app.ui.termination import Termination
from app.ui.translation import speak, translations_folder

_LOG = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
LOG_FILES = 4


def main(arguments: list[str]) -> int:
    """Run the window process; give its exit code."""
    options = _parse(arguments[1:])
    application = QApplication(arguments[:1])
    application.setApplicationName("Quillhouse")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("quillhouse")
    speak(application, QLocale(), translations_folder())
    data = _open_data_folder()
    if data is None:
        return 1
    instance = SingleInstance(data.lock_file)
    while not instance.is_first():
        if instance.tell_first(tuple(options.models)):
            return 0
        deaf = Failure(ErrorCode.OTHER_WINDOW_DEAF, Facts(path=str(data.path)))
        if not _wants_to_try_again(deaf):
            return 1
    instance.listen()
    _begin_log(data)
    first_model = next(iter(options.models), None)
    shell = Shell(
        application, data, starter_model(), first_model, options.computer, embedding_model()
    )
    sys.excepthook = _last_resort(shell.window)
    instance.activated.connect(shell.window.bring_to_front)
    termination = Termination(application)
    termination.requested.connect(application.closeAllWindows)
    shell.start()
    GarbageCollector(application).start()
    code = application.exec()
    shell.close()
    instance.release()
    return code


def _open_data_folder() -> DataFolder | None:
    """Give the folder of the user's data; None when it cannot be had and the user gives up."""
    while True:
        try:
            return DataFolder.open()
        except AppError as error:
            if not _wants_to_try_again(Failure.of(error)):
                return None


def _wants_to_try_again(failure: Failure) -> bool:
    """Say in a dialog why there is no window yet, and ask whether to try again."""
    message = message_for(failure)
    text = f"{message.what_happened}\n\n{message.what_to_do}"
    retry, close = QMessageBox.StandardButton.Retry, QMessageBox.StandardButton.Close
    return QMessageBox.critical(None, message.title, text, retry | close) is retry


def starter_model() -> Path | None:
    """Find the model that comes with Quillhouse; None if set-up has not fetched it."""
    return next(iter(sorted(resources_folder().joinpath("starter").glob("*.gguf"))), None)


def embedding_model() -> Path | None:
    """Find the embedding model that comes with Quillhouse; None if set-up has not made it."""
    return next(iter(sorted(resources_folder().joinpath("embedding").glob("*.gguf"))), None)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quillhouse", description=__doc__)
    parser.add_argument("--version", action="version", version=f"Quillhouse {__version__}")
    parser.add_argument(
        "--computer",
        type=Path,
        metavar="FILE",
        help="say what would fit on the computer recorded in a file, and not on this one",
    )
    parser.add_argument("models", nargs="*", type=Path, help="a model file (.gguf) to open")
    return parser.parse_args(arguments)


def _begin_log(data: DataFolder) -> None:
    """Log to a rotating file; what nobody caught goes there too. No text of the user."""
    handler = logging.handlers.RotatingFileHandler(
        data.logs / "quillhouse.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    faulthandler.enable(data.logs.joinpath("crash.log").open("a", encoding="utf-8"))
    qInstallMessageHandler(_log_qt_message)
    _LOG.info("Quillhouse %s, Python %s", __version__, sys.version.split()[0])


def _log_qt_message(kind: QtMsgType, _context: object, text: str) -> None:
    level = logging.ERROR if kind is QtMsgType.QtCriticalMsg else logging.WARNING
    logging.getLogger("qt").log(level, "%s", text)


def _last_resort(window: MainWindow) -> Callable[..., None]:
    """Give what takes exceptions that nobody caught: they are logged and told, and it goes on."""

    def take(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.closeAllWindows()
            return
        _LOG.error("uncaught: %s", "".join(traceback.format_exception(kind, error, trace)))
        if QThread.isMainThread():
            window.show_bug(BugError(kind.__name__, kind.__name__))

    return take
