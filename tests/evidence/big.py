"""A review of 200 pages: 100,000 words in forty sections, 400 references, 60 tables, 20 figures."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from evidence.models import Author, File, Finding, Recommendation, Reference, Section
from tests import factories as make

SECTIONS, REFERENCES, TABLES, FIGURES, WORDS = 40, 400, 60, 20, 100_000
SENTENCE = "Patrols that stay a quarter of an hour in the places where most happens change more than those that pass by"
COLUMNS, ROWS = 8, 12


def big_review(in_programme=None, *, sections=SECTIONS, **fields):
    """Make the review, or with fewer ``sections`` one as much smaller; return it, published."""
    review = make.review(in_programme, **fields)
    version = review.current
    references, tables, figures = (whole * sections // SECTIONS for whole in (REFERENCES, TABLES, FIGURES))
    _references(version, references)
    _figures(version, figures)
    words, share = SENTENCE.split(), WORDS // SECTIONS
    Section.objects.bulk_create(
        Section(
            version=version,
            position=n,
            anchor=f"section-{n}",
            heading=f"Section {n}: what {n} towns found",
            body="\n\n".join(_body(n, sections, (references, tables, figures), share // len(words))),
        )
        for n in range(1, sections + 1)
    )
    made = list(version.sections.all())
    for model, number in ((Finding, 12), (Recommendation, 12)):
        model.objects.bulk_create(
            model(version=version, number=n, text=f"{SENTENCE} [@source-1].", section=made[n % len(made)])
            for n in range(1, number + 1)
        )
    Author.objects.bulk_create(
        Author(version=version, position=n, name=f"Ada Author {n}", family=f"Author {n}") for n in range(1, 9)
    )
    return review


def _references(version, number):
    Reference.objects.bulk_create(
        Reference(
            version=version,
            key=f"source-{n}",
            short=f"Source and Source, {1900 + n % 120}",
            authors="Source, Ada; Source, Ben",
            year=1900 + n % 120,
            title=f"What {n} towns found",
            container="Journal of Towns",
            doi=f"10.5555/town.{n}",
        )
        for n in range(1, number + 1)
    )


def _figures(version, number):
    drawn = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(drawn, "PNG")
    kept = default_storage.save("evidence/figure.png", ContentFile(drawn.getvalue()))
    of_all = {"stored": kept, "media_type": "image/png", "size": drawn.tell(), "width": 640, "height": 360}
    File.objects.bulk_create(
        File(
            version=version,
            use="figure",
            key=f"figure-of-{n}",
            name=f"figure-{n}.png",
            title=f"What was found in town {n}",
            alt="A plain of one colour.",
            sha256=f"{n:064}",
            **of_all,
        )
        for n in range(1, number + 1)
    )


def _body(n, sections, wholes, sentences):
    """Yield the paragraphs of section ``n``, its share of tables and figures, and citations of its references."""
    references, tables, figures = (range((n - 1) * each // sections + 1, n * each // sections + 1) for each in wholes)
    cited = list(references)
    for number in range(sentences // 6):
        cite = f" [@source-{cited[number % len(cited)]}, {number + 1}]" if cited else ""
        yield f"{(SENTENCE + '. ') * 6}".strip()[:-1] + f"{cite}."
        if number % 9 == 4:
            yield f"### Part {number} of section {n}"
    for number in tables:
        yield _table(number)
    for number in figures:
        yield f"![](figure-of-{number})"


def _table(number):
    head = " | ".join(f"Measure {column} of table {number}" for column in range(COLUMNS))
    row = " | ".join(f"{number}.{column} per thousand" for column in range(COLUMNS))
    return "\n".join([f"| {head} |", f"|{' --- |' * COLUMNS}", *[f"| {row} |"] * ROWS])
