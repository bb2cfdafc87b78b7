"""Pages of the demonstration's reviews as they are read: the HTML taken apart into what stands under which heading."""

from functools import cache
from html.parser import HTMLParser

from django.test import Client
from django.utils import timezone

from collaborative.portal.demo import bodies, people
from collaborative.portal.demo.library import Library
from collaborative.portal.demo.reading import Source
from collaborative.portal.demo.work import Work
from evidence.models import Review

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SAME = str.maketrans("’‘“”", "''\"\"")


class Node:
    """An element: its tag, its attributes, what stands in it in order, and what it stands in."""

    def __init__(self, tag, attributes=(), parent=None):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []

    def nodes(self):
        """Yield every element in it, in the page's order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.nodes()

    def all(self, *tags, kind=""):
        """Return the elements of these tags, and of a class where one is given."""
        found = [node for node in self.nodes() if node.tag in tags]
        return [node for node in found if not kind or kind in (node.attributes.get("class") or "").split()]

    def by_id(self, name):
        """Return the one element with an id."""
        (found,) = [node for node in self.nodes() if node.attributes.get("id") == name]
        return found

    def under(self, name):
        """Return what stands under the heading with an id, up to the next of its rank or above."""
        heading = self.by_id(name)
        rows, made = heading.parent.children, Node("#under")
        for child in rows[rows.index(heading) + 1 :]:
            if isinstance(child, Node) and child.tag in ("h1", "h2", "h3", "h4") and child.tag <= heading.tag:
                break
            made.children.append(child)
        return made

    def texts(self, *tags, kind=""):
        """Return the words of each of these elements."""
        return [node.text for node in self.all(*tags, kind=kind)]

    @property
    def text(self):
        """Its words, with plain quotation marks and single spaces."""
        return " ".join(self._words().translate(SAME).split())

    def _words(self):
        parts = [child if isinstance(child, str) else child._words() for child in self.children]
        return "".join(parts) + ("" if self.tag in {"a", "b", "em", "strong", "sup", "span", "cite"} else " ")


class Reader(HTMLParser):
    """Builds the tree of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("#root")

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        """Close the nearest element of that tag."""
        at = self.at
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self.at = at.parent

    def handle_data(self, data):
        """Keep the words."""
        self.at.children.append(data)


def tree(html):
    """Return the tree of a page."""
    reader = Reader()
    reader.feed(html)
    return reader.root


@cache
def page(slug):
    """Return the tree of a review's page as a visitor reads it; loaded once, within the transaction of a test."""
    source = Source(timezone.localdate())
    bodies.load(source)
    people.load(source)
    (row,) = [row for row in source.rows("reviews") if row["slug"] == slug]
    library = Library(source, Work(source).people)
    if not Review.objects.filter(slug=slug).exists():
        library._review(row)
    answer = Client().get(f"/evidence/{slug}/")
    assert answer.status_code == 200
    return tree(answer.content.decode())
