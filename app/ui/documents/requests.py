"""What the parts of the Documents page ask for, in one place."""

from PySide6.QtWidgets import QWidget

from app.core import document_events as documents
from app.core.documents.evidence import DocumentPlace
from app.core.events import LoadRequest
from app.core.hub_events import CandidateRequest
from app.worker.signal_types import signal, signal_of


class DocumentRequests(QWidget):
    """The signals of the page; its parts are given it and emit them here.

    Signals:
        create_requested: make a collection.
        change_requested: rename, pause or otherwise change one.
        delete_requested: hide one; the window lets it come back.
        rescan_requested: look through its folders again.
        retry_requested: read a file again.
        health_requested: tell of its files from now on; an empty id: of none any more.
        try_requested: look for what the documents say to a question; ids begin with "try-".
        place_requested: open a place in the viewer.
        ask_requested: begin a chat about a collection.
        run_requested: put a question to every file.
        cancel_run_requested: stop doing so.
        forget_run_requested: delete what came of it.
        runs_requested: tell of all such questions to a collection.
        csv_requested: write a table to a file.
        show_in_folder_requested: show where a file lies.
        models_requested: show models, to choose or download.
        model_page_requested: show the page of this one.
        load_requested: load this model, to ask it.
        engine_requested: start the engine again after it was given up.
        reading_expected: documents may be given soon.
    """

    create_requested = signal_of(documents.NewCollectionRequest)
    change_requested = signal_of(documents.CollectionChangeRequest)
    delete_requested = signal_of(documents.CollectionRequest)
    rescan_requested = signal_of(documents.CollectionRequest)
    retry_requested = signal_of(documents.FileRequest)
    health_requested = signal_of(documents.CollectionRequest)
    try_requested = signal_of(documents.EvidenceRequest)
    place_requested = signal_of(DocumentPlace)
    ask_requested = signal_of(documents.CollectionRequest)
    run_requested = signal_of(documents.FileAnswersRequest)
    cancel_run_requested = signal_of(documents.RunRequest)
    forget_run_requested = signal_of(documents.RunRequest)
    runs_requested = signal_of(documents.CollectionRequest)
    csv_requested = signal_of(documents.CsvRequest)
    show_in_folder_requested = signal_of(documents.PathRequest)
    models_requested = signal()
    model_page_requested = signal_of(CandidateRequest)
    load_requested = signal_of(LoadRequest)
    engine_requested = signal()
    reading_expected = signal()
