"""The language of the window: that of the system, where somebody has translated Quillhouse."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.ui.resources import resources_folder

WRITTEN_IN = "en"


def translations_folder() -> Path:
    """Give the folder of translations; it need not be there."""
    return resources_folder() / "translations"


def speak(application: QCoreApplication, locale: QLocale, folder: Path) -> None:
    """Show all text in the first language of `locale` that there is a translation for."""
    for language in locale.uiLanguages():
        if language.split("-")[0] == WRITTEN_IN:
            # Before any later choice of the user's: English needs no file.
            return
        name = language.replace("-", "_")
        if _install(application, f"quillhouse_{name}", folder):
            qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            _install(application, f"qtbase_{name}", qt)
            return


def _install(application: QCoreApplication, name: str, folder: Path) -> bool:
    translator = QTranslator(application)
    return translator.load(name, str(folder)) and application.installTranslator(translator)
