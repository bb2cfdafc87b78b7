"""The words of an attachment, for the search: read in a process of its own, within bounds of time, memory and length.

Documents come from strangers and the libraries that read them are large, so nothing of this happens in the
process that serves or works for others: ``words_of`` starts one that may be lost without harm.
"""

import re
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from xml.parsers import expat
from zipfile import ZipFile

MOST_CHARACTERS = 100_000
MOST_PAGES = 500
MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of XML that are unpacked of one document."""

MOST_SECONDS = 60
MOST_MEMORY = 1024 * 1024 * 1024
HEAVIEST = 25 * 1024 * 1024
PIECE = 64 * 1024
ROOT = Path(__file__).resolve().parents[2]
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
SPACE = re.compile(r"[^\S\n]+")
PARTS = {
    "docx": (re.compile(r"word/(?:document|footnotes|endnotes)\.xml"), {"t"}, {"p", "tab", "br"}),
    "xlsx": (re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml"), {"t"}, {"si", "is"}),
    "odt": (re.compile(r"content\.xml"), {"p", "h"}, {"p", "h", "tab", "line-break", "s"}),
    "ods": (re.compile(r"content\.xml"), {"p", "h"}, {"p", "h", "tab", "line-break", "s"}),
}
"""Of each kind of bundle: the files that hold text, the elements in which it stands, and those that end a word."""


class Unreadable(Exception):
    """Nothing could be read; the words say why, for the operator."""


def words_of(data, ending):
    """Return the words of a document, cut, in a process of its own. Raises ``Unreadable``."""
    if len(data) > HEAVIEST:
        raise Unreadable("too large")
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and an ending from a fixed list
            [sys.executable, "-m", "evidence.intake.words", ending],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Unreadable("took too long") from late
    if done.returncode:
        raise Unreadable(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200] or "stopped")
    return done.stdout.decode("utf-8", "replace")[:MOST_CHARACTERS]


def read(data, ending):
    """Return the words of a document, cut to ``MOST_CHARACTERS``, whatever is in it."""
    reader = {"pdf": _pdf, "csv": _plain, "txt": _plain}.get(ending, _bundle)
    kept, length = [], 0
    for text in reader(data, ending):
        kept.append(text)
        length += len(text)
        if length > MOST_CHARACTERS:
            break
    text = SPACE.sub(" ", UNREADABLE.sub(" ", "".join(kept)))
    return re.sub(r"\s*\n\s*", "\n", text).strip()[:MOST_CHARACTERS]


def _plain(data, ending):
    yield data[: 4 * MOST_CHARACTERS].decode("utf-8-sig", "ignore")


def _pdf(data, ending):
    """Yield the text of each page for as long as there is time; a page that cannot be read is left out."""
    from pypdf import PdfReader  # noqa: PLC0415 - only in the process that reads

    until = time.monotonic() + MOST_SECONDS / 2
    pages = PdfReader(BytesIO(data), strict=False).pages
    for number in range(min(len(pages), MOST_PAGES)):
        if time.monotonic() > until:
            return
        try:
            yield pages[number].extract_text() + "\n"
        except Exception:  # noqa: S112 - whatever a library stumbles over, the next page may be whole
            continue


def _bundle(data, ending):
    """Yield the text of those files of an office document that hold any."""
    names, inside, breaks = PARTS[ending]
    left = MOST_UNPACKED
    with ZipFile(BytesIO(data)) as bundle:
        for part in bundle.infolist():
            if not names.fullmatch(part.filename):
                continue
            found = _Text(inside, breaks)
            with bundle.open(part) as packed:
                while left > 0 and (piece := packed.read(PIECE)):
                    left -= len(piece)
                    yield from found.feed(piece)
            yield "\n"


class _Text:
    """Takes XML piece by piece and gives the text of some elements; a document with a DOCTYPE is refused."""

    def __init__(self, inside, breaks):
        self.inside, self.breaks, self.depth, self.found = inside, breaks, 0, []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._words, self._doctype

    def feed(self, piece):
        self.parser.Parse(piece, False)
        found, self.found = self.found, []
        return found

    def _start(self, name, attributes):
        name = name.rpartition(" ")[2]
        self.depth += name in self.inside
        self._break(name)

    def _end(self, name):
        name = name.rpartition(" ")[2]
        self.depth -= name in self.inside
        self._break(name)

    def _break(self, name):
        if name in self.breaks:
            self.found.append("\n" if len(name) <= 2 and name != "s" else " ")

    def _words(self, text):
        if self.depth:
            self.found.append(text)

    def _doctype(self, *declared):
        raise ValueError("a DOCTYPE has no place in an office document")


def _within_bounds():
    """Let the system end this process when it takes too much; where it has no such bounds, time alone holds."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    _within_bounds()
    sys.stdout.buffer.write(read(sys.stdin.buffer.read(HEAVIEST + 1), sys.argv[1]).encode())
