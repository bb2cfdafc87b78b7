"""The written library in the database: as its services would leave it, and indexed by the apps' own functions."""

from hashlib import sha256

from collaborative.search.services import index_each
from collaborative.vocabulary.models import Theme
from evidence.models import Author, File, FileWords, Section
from tests import factories as make
from tests.relevance.judged import documents


def write():
    """Put the written library beside the demonstration; return ``{(kind, id): key}`` of its texts."""
    programme, known = make.programme(), {theme.name: theme for theme in Theme.objects.all()}
    for each in documents():
        for name in each.get("themes", ()):
            known.setdefault(name, None)
    for name, theme in known.items():
        known[name] = theme or make.theme(name=name, summary=_summary_of(name))
    keys = {}
    for each in documents():
        thing = MAKERS[each["kind"]](each, programme, [known[name] for name in each.get("themes", ())], known)
        keys[thing.kind, thing.pk] = each["key"]
    for kind in MAKERS:
        index_each(kind, [pk for found, pk in keys if found == kind])
    return keys


def _summary_of(name):
    return next(each["summary"] for each in documents() if (each["kind"], each["title"]) == ("theme", name))


def _review(each, programme, themes, _known):
    review = make.review(programme, title=each["title"], summary=each["summary"], themes=themes,
                         language=each.get("language", "en"))  # fmt: skip
    version = review.current
    for position, name in enumerate(each["authors"], 1):
        Author.objects.create(version=version, position=position, name=name, family=name.split()[-1])
    Section.objects.create(version=version, position=1, anchor="found", heading="What we found", body=each["text"])
    if "attachment" in each:
        _attach(version, each["attachment"])
    return review


def _attach(version, words):
    digest = sha256(words.encode()).hexdigest()
    File.objects.create(version=version, use="attachment", key="annex", name="annex.pdf", title="Annex",
                        stored="evidence/annex.pdf", media_type="application/pdf", size=len(words),
                        sha256=digest)  # fmt: skip
    FileWords.objects.create(sha256=digest, state=FileWords.State.READ, text=words)


def _sheet(each, programme, themes, _known):
    sheet = make.sheet(programme, title=each["title"], summary=each["summary"], why=each["text"])
    sheet.themes.set(themes)
    return sheet


def _project(each, programme, themes, _known):
    return make.project(programme, title=each["title"], summary=each["summary"], problem=each["text"], themes=themes)


def _theme(each, _programme, _themes, known):
    return known[each["title"]]


MAKERS = {"review": _review, "sheet": _sheet, "project": _project, "theme": _theme}
