"""The demonstration as something to walk through: its people by what they do, and a sample for every page.

``PAGES`` is complete: ``tests/house/test_pages.py`` fails on a route that has no sample here and no reason not to.
"""

from dataclasses import dataclass, field, replace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from tests import factories

PEOPLE = {
    "visitor": None,
    "account": "reader@mailbox.example",
    "member": "research.officer@gwent-force.example",
    "organisation lead": "head.of.research@kent-force.example",
    "project lead": "detective.inspector@staffordshire-force.example",
    "reviewer": "reviewer@york-university.example",
    "coordinator": "coordinator@nottingham-university.example",
    "administrator": "administrator@portal.example",
}
"""Whose eyes the portal is seen through."""


@dataclass(frozen=True)
class Sample:
    """A page with something on it: its route, arguments (a callable gives them late), query, and who sees most."""

    route: str
    arguments: object = field(default_factory=dict)
    query: str = ""
    most: str = "visitor"
    public: bool = True

    def url(self):
        """Return the address."""
        arguments = self.arguments() if callable(self.arguments) else self.arguments
        kept = {"kwargs": arguments} if isinstance(arguments, dict) else {"args": arguments}
        return reverse(self.route, **kept) + self.query

    @property
    def name(self):
        """Say which page it is, for a test's id."""
        told = " ".join(map(str, self.arguments.values())) if isinstance(self.arguments, dict) else ""
        return f"{self.route} {told}{self.query}".strip()

    def readers(self):
        """Return who looks at it: a visitor when it is public, and whoever sees most."""
        return dict.fromkeys([*(["visitor"] if self.public else []), self.most])


def of(route, slug, most="visitor", **more):
    """Return a sample of a thing's page."""
    return Sample(route, {"slug": slug}, most=most, **more)


def own(route, most="member", **more):
    """Return a sample of a page that needs an account."""
    return Sample(route, most=most, public=False, **more)


def section_of_draft():
    """Return the arguments of a section that is being written."""
    from evidence.models import Section

    section = Section.objects.get(version__review__slug=IN_WRITING, version__state="drafting")
    return {"slug": IN_WRITING, "part": "sections", "pk": section.pk}


def asked_to_review():
    """Return the arguments of what the reviewer was asked about and said yes to."""
    from evidence.models import PeerReview

    asked = PeerReview.objects.get(user__email=PEOPLE["reviewer"], state="accepted", round__closed_at=None)
    return {"pk": asked.pk}


def request_to_join():
    """Return the arguments of a request that waits for the project lead's answer."""
    from projects.models import JoinRequest

    asked = JoinRequest.objects.filter(project__people__user__email=PEOPLE["project lead"], state="pending").first()
    return {"slug": asked.project.slug, "pk": asked.pk}


def request_to_be_let_in():
    """Return the arguments of a request that waits for an organisation lead's answer."""
    from partners.models import MembershipRequest

    asked = MembershipRequest.objects.pending().select_related("organisation").get(user__email=PEOPLE["account"])
    return {"slug": asked.organisation.slug, "pk": asked.pk}


def place_in_kent():
    """Return the arguments of the organisation lead's own membership."""
    from partners.models import Membership

    return {"slug": "kent-police", "pk": Membership.objects.get(user__email=PEOPLE["organisation lead"]).pk}


def leaving_kent():
    """Return the arguments of the page on which the organisation lead would leave."""
    return {"pk": place_in_kent()["pk"]}


def invitation_to_kent():
    """Return the arguments of an invitation that waits for its answer."""
    from partners.models import Invitation

    return {"token": Invitation.objects.pending().get(organisation__slug="kent-police").token}


def note_of_kent():
    """Return the arguments of a note by somebody who tried a practice."""
    from evidence.models import Tried

    note = Tried.objects.select_related("sheet").get(user__email=PEOPLE["organisation lead"])
    return {"slug": note.sheet.slug, "pk": note.pk}


SHEET = "a-quarter-of-an-hour-of-reading-before-the-shift"


def wish_of_a_listener():
    """Return the arguments of a request for a recording, sent without an account."""
    from evidence.models import FormatRequest

    return {"pk": FormatRequest.objects.open().get(user=None).pk}


def wish_of_the_member():
    """Return the arguments of the member's own request for a translation."""
    from evidence.models import FormatRequest

    return {"pk": FormatRequest.objects.get(user__email=PEOPLE["member"]).pk}


REVIEW, PROJECT, EVENT = "policing-partnerships-evidence-review", "weekend-street-triage", "7at7-briefing"
IN_WRITING, IN_REVIEW = "co-located-desks-for-partnership-work", "reporting-fraud-online"
FIGURE_OF_DRAFT = {"slug": IN_WRITING, "key": "small-questions"}
LISTED = "senior-lecturer-university-of-nottingham"
TWICE = "street-triage-at-weekends"
PROPOSAL, DRAFT = "handover-at-the-end-of-a-shift", "welsh-at-the-first-contact"

PAGES = [
    Sample("home", most="member"),
    *(Sample(name) for name in ("about", "accessibility", "privacy", "cookies", "components")),
    Sample("report_problem", most="account"),
    Sample("search"),
    Sample("search", query="?q=triage", most="coordinator"),
    Sample("search", query="?q=zzzz"),
    Sample("evidence:list", most="coordinator"),
    Sample("evidence:list", query="?q=zzzz"),
    of("evidence:page", REVIEW, "member"),
    of("evidence:page", "serious-and-organised-crime-the-adaptability-gap"),
    of("evidence:versions", TWICE),
    Sample("evidence:version", {"slug": TWICE, "number": 1}),
    Sample("evidence:changes", {"slug": TWICE, "number": 2}),
    of("evidence:preview", "neighbourhood-teams-on-social-media", "coordinator", public=False),
    of("evidence:ask", REVIEW, "member"),
    of("evidence:page", "premieres-heures-apres-la-disparition-d-un-enfant"),
    of("evidence:page", "text-messages-for-witness-appeals"),
    of("evidence:page", "mental-health-calls-at-night"),
    of("evidence:page", "first-hours-of-a-missing-child-report"),
    own("evidence:asked", "coordinator"),
    Sample("evidence:answer_asked", wish_of_a_listener, most="coordinator", public=False),
    Sample("evidence:answer_asked", wish_of_the_member, most="member", public=False),
    own("evidence:desks", most="coordinator"),
    of("evidence:desk", "neighbourhood-teams-on-social-media", "coordinator", public=False),
    Sample("practices:list", most="member"),
    Sample("practices:list", query="?q=zzzz"),
    of("practices:page", "pp1-coordination-with-local-actors", "member"),
    of("practices:page", "door-staff-and-officers-meet-before-the-weekend", "coordinator"),
    of("practices:page", "a-telephone-rota-of-digital-specialists"),
    of("practices:page", SHEET, public=False),
    own("practices:new"),
    own("practices:mine"),
    of("practices:edit", SHEET, public=False),
    of("practices:discard", SHEET, public=False),
    of("practices:try", "door-staff-and-officers-meet-before-the-weekend", public=False),
    Sample("practices:tried", note_of_kent, most="organisation lead", public=False),
    Sample("practices:delete_tried", note_of_kent, most="organisation lead", public=False),
    Sample("practices:hide_tried", note_of_kent, most="administrator", public=False),
    of("evidence:write", IN_WRITING, "administrator", public=False),
    Sample("evidence:act", {"slug": IN_WRITING, "name": "review"}, most="administrator", public=False),
    of("evidence:write_text", IN_WRITING, "administrator", public=False),
    *(
        Sample(f"evidence:{route}", {"slug": IN_WRITING, "part": part}, most="administrator", public=False)
        for route, part in (
            ("write_list", "authors"),
            ("write_list", "recommendations"),
            ("write_rows", "sections"),
            ("write_new", "sections"),
            ("write_new", "studies"),
        )
    ),
    *(
        of(f"evidence:{name}", IN_WRITING, "administrator", public=False)
        for name in ("files", "add_figure", "add_attachment")
    ),
    *(
        Sample(f"evidence:{name}", FIGURE_OF_DRAFT, most="administrator", public=False)
        for name in ("change_file", "remove_file")
    ),
    Sample("evidence:write_row", section_of_draft, most="administrator", public=False),
    Sample("evidence:write_remove", section_of_draft, most="administrator", public=False),
    *(own("evidence:peer_review", each, arguments=asked_to_review) for each in ("reviewer", "administrator")),
    Sample("evidence:peer_review_comments", asked_to_review, "?part=where-people-stop", most="reviewer", public=False),
    of("evidence:preview", IN_REVIEW, "reviewer", public=False),
    *(of(f"evidence:{name}", IN_REVIEW, "administrator", public=False) for name in ("reviewers", "comments", "desk")),
    own("left_open"),
    Sample("projects:list", most="coordinator"),
    Sample("projects:areas"),
    of("projects:area", "mental-health-and-policing"),
    of("projects:page", PROJECT, "project lead"),
    of("projects:page", "casper", "project lead"),
    of("projects:page", PROPOSAL, "coordinator", public=False),
    of("projects:page", DRAFT, public=False),
    own("projects:propose"),
    of("projects:edit", DRAFT, public=False),
    of("projects:withdraw", DRAFT, public=False),
    of("projects:stop", "casper", "project lead", public=False),
    of("projects:join", "missing-children-risk-algorithm", public=False),
    Sample("projects:request", request_to_join, most="project lead", public=False),
    Sample("training:list", most="member"),
    of("training:page", EVENT, "account"),
    of("training:page", "evidence-based-policing-train-the-trainers", "project lead"),
    of("training:page", "policing-partnerships-current-debates-and-directions"),
    Sample("partners:list"),
    Sample("partners:list", query="?page=2"),
    of("partners:page", "university-of-birmingham", "organisation lead"),
    of("partners:page", "gwent-police", "member"),
    Sample("people:list", most="member"),
    Sample("people:list", query="?q=interviews&offer=advice"),
    Sample("people:list", query="?q=zzzz"),
    of("people:page", LISTED, "project lead"),
    of("people:page", "head-of-research-kent-police", "organisation lead", public=False),
    own("mine:profile", "account"),
    own("mine:profile", "project lead"),
    of("partners:join", "gwent-police", "account", public=False),
    Sample("partners:request", request_to_be_let_in, most="organisation lead", public=False),
    Sample("partners:request", request_to_be_let_in, most="account", public=False),
    of("partners:people", "kent-police", "organisation lead", public=False),
    Sample("partners:change_membership", place_in_kent, most="organisation lead", public=False),
    Sample("partners:end_membership", place_in_kent, most="organisation lead", public=False),
    of("partners:invite", "kent-police", "organisation lead", public=False),
    of("partners:invitations", "kent-police", "organisation lead", public=False),
    Sample("invitations:page", invitation_to_kent, most="account"),
    own("mine:organisations", "organisation lead"),
    own("mine:organisations", "account"),
    own("mine:leave", "organisation lead", arguments=leaving_kent),
    own("sign_on_links"),
    Sample("programmes:list"),
    of("programmes:page", "better-policing-collaborative", "coordinator"),
    Sample("api:docs"),
    Sample("themes:list"),
    of("themes:page", "serious-and-organised-crime"),
    of("themes:page", "mental-health-and-policing", "account"),
    *(own("me", each) for each in PEOPLE if each != "visitor"),
    own("my_data:held"),
    own("my_data:download"),
    *(own("my_data:close", each) for each in ("member", "project lead", "coordinator")),
    Sample("my_data:closed"),
    own("notifications:notifications", "project lead"),
    own("notifications:preferences"),
    *(Sample(name) for name in ("account_login", "account_signup", "account_reset_password")),
    *(Sample(name) for name in ("account_inactive", "account_password_reset_completed")),
    *(own(name) for name in ("account_index", "account_details", "account_email", "account_change_password")),
    *(own(name) for name in ("account_logout", "account_reauthenticate", "mfa_index", "mfa_activate_totp")),
    own("account_second_factor_needed"),
    *(own(name) for name in ("account_sessions", "mfa_list_webauthn", "mfa_add_webauthn")),
    *(own(name, "coordinator") for name in ("mfa_reauthenticate", "mfa_view_recovery_codes")),
    *(own(name, "coordinator") for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp")),
    own("admin:index", "coordinator"),
    own("admin:index", "administrator"),
]
PAGES = [replace(each, most="member") if not each.public and each.most == "visitor" else each for each in PAGES]

NOT_PAGES = {
    **dict.fromkeys(
        (
            "evidence:release_reviewer",
            "evidence:clear_conflict",
            "evidence:chase_reviewer",
            "evidence:remove_comment",
            "evidence:tick",
        ),
        "an act: POST only",
    ),
    "evidence:write_move": "an act",
    **dict.fromkeys(("evidence:file", "evidence:pdf", "evidence:version_pdf"), "a file"),
    **dict.fromkeys(("evidence:cite", "evidence:cite_version", "practices:cite"), "a file"),
    "robots": "a text for crawlers",
    **dict.fromkeys(("sitemap", "sitemap_pages", "sitemap_of"), "for crawlers; tests/outputs/test_sitemap.py"),
    **dict.fromkeys(("evidence:feed", "practices:feed", "theme_feed", "search_feed"), "a feed; test_feeds.py"),
    "opensearch": "read by browsers; tests/outputs/test_sitemap.py",
    "oai": "read by harvesters; tests/outputs/test_oai.py",
    **dict.fromkeys(
        (
            *("api:openapi", "api:nowhere", "api:get_entrance", "api:get_review_version"),
            *(f"api:list_{name}" for name in "reviews practices projects themes events people".split()),
            *("api:list_organisations", "api:list_programmes"),
            *(f"api:get_{name}" for name in "review practice project theme event person".split()),
            *("api:get_organisation", "api:get_programme"),
        ),
        "read by programs; tests/api",
    ),
    "training:calendar": "a file",
    "people:picture": "a file",
    "mfa_download_recovery_codes": "a file",
    "account_email_verification_sent": "stands between two steps of joining; walked in test_member.py",
    "search_suggest": "JSON for the search boxes; see tests/search/test_suggestions.py",
    "mfa_authenticate": "stands between two steps of signing in; walked in test_coordinator.py",
    "mfa_login_webauthn": "leads on to signing in; the browser's script reads it",
    **dict.fromkeys(
        ("mfa_reauthenticate_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
        "needs a passkey; walked in test_passkeys.py",
    ),
    "mine:handover": "nothing is handed on in the demonstration; walked in tests/partners/test_handing_on_pages.py",
    **dict.fromkeys(
        ("sign_on", "sign_on_confirm", "openid_connect_callback", "saml_acs", "saml_finish_acs", "saml_metadata"),
        "needs an organisation's own sign-in; walked in test_sign_on.py",
    ),
    "account_confirm_login_code": "codes by mail are for new addresses only here",
    "account_confirm_password_reset_code": "stands between two steps; walked in test_member.py",
    "account_complete_password_reset": "stands between two steps; walked in test_member.py",
    "account_set_password": "leads on to changing it, since every account here has a password",
    **dict.fromkeys(
        (
            "set_language",
            "account_end_session",
            "account_end_other_sessions",
            "practices:take_back",
            "practices:show_tried",
            "projects:submit",
            "projects:run",
            "projects:take_back",
            "partners:take_back",
            "partners:withdraw_invitation",
            "partners:send_invitation_again",
            "invitations:start",
            "invitations:accept",
            "invitations:decline",
            "mine:choose",
            "mine:release_handover",
            "mine:close_handover",
            "sign_on_unlink",
            "training:book",
            "training:cancel",
            "notifications:read",
            "notifications:read_all",
            "notifications:follow",
            "notifications:unfollow",
        ),
        "an act: POST only",
    ),
}
"""Routes that no walk opens, each with its reason."""


NEED_MORE = {"delete", "call_off", "import_check", "import_faults"}
"""Pages of a row in the admin that are there only in the middle of an act; walked with that act."""


def admin_pages(model, administrator):
    """Return samples of a model's pages in the admin: its list, adding one, and all that one row has."""
    request = RequestFactory().get(reverse("admin:index"))
    request.user, request.resolver_match = administrator, resolve(request.path)
    name, model_admin = f"{model._meta.app_label}_{model._meta.model_name}", admin.site._registry[model]
    row = model_admin.get_queryset(request).order_by("pk").first()
    pages = ["changelist", *(["add"] if model_admin.has_add_permission(request) else [])]
    of_a_row = [
        each.name.removeprefix(f"{name}_") for each in model_admin.urls if each.name and "<" in str(each.pattern)
    ]
    samples = [own(f"admin:{name}_{page}", "administrator") for page in pages]
    if row is None:
        return samples
    allowed = [page for page in of_a_row if page not in NEED_MORE]
    return samples + [own(f"admin:{name}_{page}", "administrator", arguments=[row.pk]) for page in allowed]


def load():
    """Load the demonstration, and give those who enter the admin their second factor; return people by part.

    The terms come first: tests that empty the database took away what the migrations put there.
    """
    from collaborative.accounts.models import User
    from collaborative.portal.demo import loading
    from collaborative.vocabulary.models import Term
    from collaborative.vocabulary.terms import load_terms

    load_terms(Term)
    loading.load()
    User.objects.filter(email__in=filter(None, PEOPLE.values())).update(password=make_password(factories.PASSWORD))
    people = {part: User.objects.get(email=email) if email else None for part, email in PEOPLE.items()}
    for part in ("organisation lead", "coordinator", "administrator"):
        factories.with_second_factor(people[part])
    return people


def client_of(person):
    """Return a test client that is signed in as a person, who has just proved it, or as nobody."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        request = RequestFactory().get("/")
        request.user, request.session = person, client.session
        for method in ("password", "mfa") if is_mfa_enabled(person) else ("password",):
            record_authentication(request, person, method, reauthenticated=True)
        request.session.save()
    return client
