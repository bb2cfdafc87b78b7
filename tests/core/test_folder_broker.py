"""The broker of the embedded mode, which is a folder."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from collaborative.celery import app


def channel_in(folder):
    """Open a channel over a folder, as the settings name it."""
    where = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection("folder://localhost", transport_options=where).channel()


@pytest.mark.sqlite
def test_the_application_uses_the_broker_whose_messages_appear_whole():
    """No other may be chosen by accident: Kombu's own ends the worker now and then."""
    transport = type(app.connection_for_write().transport)
    assert f"{transport.__module__}.{transport.__name__}" == "collaborative.core.folder_broker.Transport"


def test_a_reader_that_polls_while_messages_are_written_reads_each_of_them_whole(tmp_path):
    """One thread writes, another takes what it finds as fast as it can."""
    sender, reader = channel_in(tmp_path), channel_in(tmp_path)
    sent, read = [{"number": number, "words": "x" * 20_000} for number in range(300)], []
    writing = threading.Thread(target=lambda: [sender._put("celery", each) for each in sent])
    writing.start()
    while writing.is_alive() or len(read) < len(sent):
        try:
            read.append(reader._get("celery"))
        except Empty:
            if not writing.is_alive() and not list(tmp_path.glob("*.msg")):
                break
    writing.join()
    assert sorted(each["number"] for each in read) == [each["number"] for each in sent]


def test_a_message_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    """The caller hears of it; the next reader meets nothing."""

    def full(*names):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    channel = channel_in(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        channel._put("celery", {"number": 1})
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
