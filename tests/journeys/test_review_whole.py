"""One review from its authors' desk to a reader who asks for it in Braille, through all the hands it goes through."""

from evidence.models import Review
from tests import factories as make
from tests.evidence.texts import whole
from tests.journeys.conftest import DESK, link_in


class Hand:
    """Somebody at a browser; what they open is looked at by axe."""

    def __init__(self, page, axe):
        self.page, self.axe, self.main = page, axe, page.get_by_role("main")

    def go(self, address):
        """Open an address, as a visitor of whom nothing is expected."""
        assert self.page.goto(address).status == 200
        assert self.axe(self.page) == []

    def follow(self, *names):
        """Follow links of the page's own part, one after the other."""
        for name in names:
            self.main.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name):
        """Press a button of the page's own part."""
        self.main.get_by_role("button", name=name, exact=True).click()

    def fill(self, **typed):
        """Type into fields, by their names."""
        for name, words in typed.items():
            self.main.locator(f"[name={name}]").fill(words)

    def reads(self, words):
        """Check that the page says something."""
        assert self.page.get_by_text(words).first.is_visible(), words


def write(author, review):
    """Write a summary, a section that cites and a finding; send it to peer review."""
    author.go("/evidence/desk/")
    author.follow("Staying longer", "Write", "Summary and background")
    author.fill(summary="Whether staying longer helps.")
    author.press("Save")
    author.go(f"{review.get_desk_url()}write/sections/new/")
    author.fill(heading="Leaving", body="Officers who left were missed [@low-2021, 12].")
    author.press("Save")
    author.reads("Saved.")
    author.go(f"{review.get_desk_url()}write/findings/")
    author.main.get_by_role("group", name="2").get_by_label("Text").fill("Leaving is *noticed*.")
    author.press("Save")
    author.go(review.versions.get().get_preview_url())
    author.reads("Officers who left were missed")
    author.go(review.get_desk_url())
    author.follow("Send it to peer review")
    author.press("Send it to peer review")
    author.reads("Sent to peer review.")


def judge(editor, reviewer, review, letter_to):
    """Ask a reviewer, who comments and sends in."""
    editor.go(f"/evidence/{review.slug}/reviewers/")
    editor.main.get_by_label("Methods").check()
    editor.main.get_by_role("radio", name="Rita Reader").check()
    editor.press("Ask them")
    reviewer.go(letter_to("reviewer@home.example"))
    reviewer.page.get_by_label("Yes, by the day given").check()
    conflict = reviewer.page.get_by_role("group", name="Do you have a conflict of interests?")
    conflict.get_by_label("No", exact=True).check()
    reviewer.press("Send your answer")
    reviewer.follow("Comment part by part")
    reviewer.page.locator("#part-leaving").get_by_role("link", name="Comment on this").click()
    reviewer.page.get_by_label("Your comment").fill("Missed by whom?")
    reviewer.press("Keep the comment")
    reviewer.follow("Go on to your opinion")
    reviewer.page.get_by_label("Publish it after small changes").check()
    reviewer.page.get_by_label("For the authors").fill("A clear text.")
    reviewer.press("Send in your review")
    reviewer.reads("Your review is in")


def test_a_review_from_its_desk_to_a_reader(transactional_db, page_at, signed_in, axe, post):
    programme = make.programme()
    review = make.review(programme, state="drafting", title="Staying longer")
    whole(review.versions.get())
    make_them = {
        "author": make.author(review),
        "editor": make.editor(review),
        "reviewer": make.reviewer(programme, make.person(name="Rita Reader", email="reviewer@home.example")),
    }
    at = {name: Hand(signed_in(page_at(DESK), user), axe) for name, user in make_them.items()}
    write(at["author"], review)
    judge(at["editor"], at["reviewer"], review, lambda address: link_in(post(address)[-1]))

    at["author"].go(f"/evidence/{review.slug}/comments/")
    at["author"].reads("Missed by whom?")
    assert at["author"].page.get_by_text("Rita Reader").count() == 0
    editor = at["editor"]
    editor.go(review.get_desk_url())
    editor.follow("Approve it")
    editor.fill(reason="The second reviewer fell ill.")
    editor.press("Approve it")
    editor.follow("Publish it")
    editor.page.get_by_label("Now, for everyone whom its handling allows").check()
    editor.press("Publish it")
    assert Review.objects.get(pk=review.pk).current is not None

    visitor = Hand(page_at(DESK), axe)
    visitor.go("/evidence/?q=staying")
    visitor.follow("Staying longer")
    assert axe(visitor.page) == []
    visitor.reads("Officers who left were missed")
    assert visitor.page.get_by_text("Rita Reader").count() == 0
    assert visitor.page.get_by_text("Missed by whom?").count() == 0
    visitor.page.locator("#leaving ~ * a.cite, #leaving a.cite").first.click()
    assert visitor.page.evaluate("location.hash") == "#ref-low-2021"
    assert len(visitor.page.pdf()) > 20_000
    visitor.follow("Ask for another format")
    visitor.page.get_by_label("Another format").check()
    visitor.page.get_by_label("Which format?").select_option("Braille")
    visitor.page.get_by_label("Your e-mail address").fill("reader@home.example")
    visitor.press("Send the request")
    [told] = post("reader@home.example")
    assert "Staying longer" in told["Subject"]
