"""Every route and every kind of person: what each is answered, in one table."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from collaborative.core import policies
from tests.house.world import KINDS_OF_PERSON, world

EVERYONE = dict.fromkeys(KINDS_OF_PERSON, 200)
SIGNED_IN = EVERYONE | {"visitor": 302}
NOBODY = dict.fromkeys(KINDS_OF_PERSON, 404)


def only(*people, yes=200, no=403, visitor=302):
    """Return the answers when only some may; a visitor is sent to sign in."""
    return dict.fromkeys(KINDS_OF_PERSON, no) | {"visitor": visitor} | dict.fromkeys(people, yes)


STAFF = ("member", "other_member", "organisation_lead", "project_lead", "asker")
OURS = ("member", "organisation_lead", "project_lead", "asker", "coordinator", "administrator")
RUNS = ("coordinator", "administrator")
STAFF_OF_ALL = (*STAFF, "coordinator", "other_coordinator", "administrator")
DONE = 302
REVIEWER = only("reviewer", no=404, visitor=404) | dict.fromkeys(RUNS, 403)

# name: (method, arguments, what is sent, who is answered what). Several rows may share a route.
TABLE = [
    ("home", "get", {}, {}, EVERYONE),
    ("about", "get", {}, {}, EVERYONE),
    ("accessibility", "get", {}, {}, EVERYONE),
    ("privacy", "get", {}, {}, EVERYONE),
    ("cookies", "get", {}, {}, EVERYONE),
    ("robots", "get", {}, {}, EVERYONE),
    ("sitemap", "get", {}, {}, EVERYONE),
    ("sitemap_pages", "get", {}, {}, EVERYONE),
    ("sitemap_of", "get", {"kind": "theme", "number": "number_one"}, {}, NOBODY),
    ("opensearch", "get", {}, {}, EVERYONE),
    ("theme_feed", "get", {"slug": "theme"}, {}, EVERYONE),
    ("search_feed", "get", {}, {}, EVERYONE),
    ("evidence:feed", "get", {}, {}, EVERYONE),
    ("practices:feed", "get", {}, {}, EVERYONE),
    ("oai", "get", {}, {}, EVERYONE),
    *((f"api:{name}", "get", {}, {}, EVERYONE) for name in ("docs", "openapi", "get_entrance")),
    ("api:nowhere", "get", {"rest": "number_one"}, {}, NOBODY),
    *(
        (f"api:list_{name}", "get", {}, {}, EVERYONE)
        for name in "reviews practices projects themes events organisations programmes people".split()
    ),
    *(
        (f"api:get_{name}", "get", {"slug": thing}, {}, EVERYONE)
        for name, thing in (
            *(("review", "review"), ("practice", "sheet"), ("project", "project"), ("theme", "theme")),
            *(("event", "event"), ("organisation", "force"), ("programme", "programme"), ("person", "profile")),
        )
    ),
    ("api:get_review", "get", {"slug": "draft_review"}, {}, NOBODY),
    ("api:get_review", "get", {"slug": "withdrawn_review"}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
    ("api:get_review_version", "get", {"slug": "review", "number": "number_one"}, {}, EVERYONE),
    ("api:get_practice", "get", {"slug": "withdrawn_sheet"}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
    ("api:get_project", "get", {"slug": "proposal"}, {}, NOBODY),
    ("api:get_person", "get", {"slug": "staff_profile"}, {}, NOBODY),
    ("oai", "post", {}, {"verb": "Identify"}, EVERYONE),
    ("components", "get", {}, {}, NOBODY),
    ("search", "get", {}, {}, EVERYONE),
    ("search_suggest", "get", {}, {}, EVERYONE),
    ("report_problem", "get", {}, {}, EVERYONE),
    ("report_problem", "post", {}, {"message": "A broken link"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("set_language", "post", {}, {"language": "cy"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("sign_on", "get", {}, {}, NOBODY),
    ("sign_on_confirm", "get", {}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("sign_on_links", "get", {}, {}, SIGNED_IN),
    ("sign_on_unlink", "post", {}, {"link": "0"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("openid_connect_callback", "get", {"key": "force"}, {}, NOBODY),
    ("saml_acs", "post", {"key": "force"}, {"SAMLResponse": "x"}, NOBODY),
    ("saml_finish_acs", "get", {"key": "force"}, {}, NOBODY),
    ("saml_metadata", "get", {"key": "force"}, {}, NOBODY),
    ("me", "get", {}, {}, SIGNED_IN),
    ("left_open", "get", {}, {}, SIGNED_IN),
    ("left_open", "post", {}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("my_data:held", "get", {}, {}, SIGNED_IN),
    ("my_data:download", "get", {}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("my_data:download", "post", {}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("my_data:close", "get", {}, {}, SIGNED_IN),
    ("my_data:close", "post", {}, {}, dict.fromkeys(KINDS_OF_PERSON, 422) | {"visitor": 302}),
    ("my_data:closed", "get", {}, {}, EVERYONE),
    ("notifications:notifications", "get", {}, {}, SIGNED_IN),
    ("notifications:preferences", "get", {}, {}, SIGNED_IN),
    ("notifications:read_all", "post", {}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("notifications:read", "post", {"pk": "letter"}, {}, only("project_lead", yes=DONE, no=404, visitor=404)),
    ("notifications:follow", "post", {}, {"kind": "theme", "id": "theme"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("notifications:unfollow", "post", {}, {"kind": "theme", "id": "theme"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("evidence:list", "get", {}, {}, EVERYONE),
    ("evidence:page", "get", {"slug": "review"}, {}, EVERYONE),
    ("evidence:page", "get", {"slug": "draft_review"}, {}, NOBODY),
    ("evidence:page", "get", {"slug": "withdrawn_review"}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
    ("evidence:versions", "get", {"slug": "review"}, {}, EVERYONE),
    ("evidence:versions", "get", {"slug": "draft_review"}, {}, NOBODY),
    ("evidence:versions", "get", {"slug": "withdrawn_review"}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
    *(
        row
        for name in ("evidence:version", "evidence:changes")
        for row in (
            (name, "get", {"slug": "review", "number": "number_one"}, {}, EVERYONE),
            (name, "get", {"slug": "draft_review", "number": "number_one"}, {}, NOBODY),
            (
                name,
                "get",
                {"slug": "withdrawn_review", "number": "number_one"},
                {},
                dict.fromkeys(KINDS_OF_PERSON, 410),
            ),
        )
    ),
    ("evidence:preview", "get", {"slug": "draft_review"}, {}, only(*RUNS, no=404, visitor=404)),
    ("evidence:preview", "get", {"slug": "review"}, {}, NOBODY),
    (
        "evidence:preview",
        "get",
        {"slug": "reviewed"},
        {},
        only("reviewer", *RUNS, no=404, visitor=404),
    ),
    *(
        row
        for name, more in (("evidence:pdf", {}), ("evidence:version_pdf", {"number": "number_one"}))
        for row in (
            (name, "get", {"slug": "review", **more}, {}, EVERYONE),
            (name, "get", {"slug": "draft_review", **more}, {}, NOBODY),
            (name, "get", {"slug": "withdrawn_review", **more}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
        )
    ),
    *(
        row
        for name, more in (("evidence:cite", {}), ("evidence:cite_version", {"number": "number_one"}))
        for row in (
            (name, "get", {"slug": "review", "ending": "citation", **more}, {}, EVERYONE),
            (name, "get", {"slug": "draft_review", "ending": "citation", **more}, {}, NOBODY),
            (
                name,
                "get",
                {"slug": "withdrawn_review", "ending": "citation", **more},
                {},
                dict.fromkeys(KINDS_OF_PERSON, 410),
            ),
        )
    ),
    ("evidence:file", "get", {"slug": "review", "number": "number_one", "key": "figure"}, {}, EVERYONE),
    (
        "evidence:file",
        "get",
        {"slug": "draft_review", "number": "number_one", "key": "draft_figure"},
        {},
        only(*RUNS, no=404, visitor=404),
    ),
    *(
        (f"evidence:{name}", "get", {"slug": "draft_review", **more}, {}, only(*RUNS, no=404, visitor=404))
        for name, more in (
            ("files", {}),
            ("add_figure", {}),
            ("add_attachment", {}),
            ("change_file", {"key": "draft_figure"}),
            ("remove_file", {"key": "draft_figure"}),
        )
    ),
    ("evidence:reviewers", "get", {"slug": "reviewed"}, {}, only(*RUNS, no=404, visitor=404)),
    ("evidence:comments", "get", {"slug": "reviewed"}, {}, only(*RUNS, no=404, visitor=404)),
    ("evidence:peer_review", "get", {"pk": "peer_review"}, {}, only("reviewer", *RUNS, no=404, visitor=404)),
    ("evidence:peer_review_comments", "get", {"pk": "peer_review"}, {}, REVIEWER),
    ("evidence:remove_comment", "post", {"pk": "remark"}, {}, only("reviewer", yes=DONE, no=404, visitor=404)),
    *(
        (
            f"evidence:{name}",
            "post",
            {"pk": "peer_review"},
            {},
            only(*RUNS, yes=yes, no=404, visitor=404) | {"reviewer": 403},
        )
        for name, yes in (("release_reviewer", DONE), ("chase_reviewer", DONE), ("clear_conflict", 409))
    ),
    ("evidence:ask", "get", {"slug": "review"}, {}, EVERYONE),
    ("evidence:ask", "post", {"slug": "review"}, {}, dict.fromkeys(KINDS_OF_PERSON, 422)),
    ("evidence:ask", "get", {"slug": "draft_review"}, {}, NOBODY),
    ("evidence:asked", "get", {}, {}, SIGNED_IN),
    ("evidence:answer_asked", "get", {"pk": "format_request"}, {}, only("account", *RUNS, no=404)),
    (
        "evidence:answer_asked",
        "post",
        {"pk": "format_request"},
        {},
        only(*RUNS, yes=422, no=404) | {"account": 403},
    ),
    (
        "evidence:act",
        "get",
        {"slug": "draft_review", "name": "to_peer_review"},
        {},
        only(*RUNS, no=404, visitor=404),
    ),
    ("evidence:tick", "post", {"slug": "draft_review", "pk": "draft_version"}, {"line": "0"}, NOBODY),
    ("evidence:desks", "get", {}, {}, SIGNED_IN),
    ("evidence:desk", "get", {"slug": "draft_review"}, {}, only(*RUNS, no=404, visitor=404)),
    ("evidence:write", "get", {"slug": "draft_review"}, {}, only(*RUNS, no=404, visitor=404)),
    ("evidence:write_text", "get", {"slug": "draft_review"}, {}, only(*RUNS, no=404, visitor=404)),
    *(
        (f"evidence:{name}", method, {"slug": "draft_review", **more}, {}, only(*RUNS, no=404, visitor=404, **yes))
        for name, method, more, yes in (
            ("write_list", "get", {"part": "list_part"}, {}),
            ("write_rows", "get", {"part": "rows_part"}, {}),
            ("write_new", "get", {"part": "rows_part"}, {}),
            ("write_row", "get", {"part": "rows_part", "pk": "section"}, {}),
            ("write_remove", "get", {"part": "rows_part", "pk": "section"}, {}),
            ("write_move", "post", {"part": "rows_part", "pk": "section"}, {"yes": DONE}),
        )
    ),
    ("practices:list", "get", {}, {}, EVERYONE),
    ("practices:new", "get", {}, {}, only(*STAFF)),
    ("practices:mine", "get", {}, {}, SIGNED_IN),
    ("practices:page", "get", {"slug": "sheet"}, {}, EVERYONE),
    ("practices:page", "get", {"slug": "draft_sheet"}, {}, only("member", no=404, visitor=404)),
    ("practices:page", "get", {"slug": "waiting_sheet"}, {}, only("member", *RUNS, no=404, visitor=404)),
    ("practices:page", "get", {"slug": "withdrawn_sheet"}, {}, dict.fromkeys(KINDS_OF_PERSON, 410)),
    ("practices:cite", "get", {"slug": "sheet", "ending": "citation"}, {}, EVERYONE),
    ("practices:cite", "get", {"slug": "draft_sheet", "ending": "citation"}, {}, only("member", no=404, visitor=404)),
    (
        "practices:cite",
        "get",
        {"slug": "withdrawn_sheet", "ending": "citation"},
        {},
        dict.fromkeys(KINDS_OF_PERSON, 410),
    ),
    ("practices:edit", "get", {"slug": "draft_sheet"}, {}, only("member", no=404, visitor=404)),
    (
        "practices:edit",
        "get",
        {"slug": "waiting_sheet"},
        {},
        only("member", yes=409, no=404, visitor=404) | dict.fromkeys(RUNS, 403),
    ),
    ("practices:discard", "get", {"slug": "draft_sheet"}, {}, only("member", no=404, visitor=404)),
    ("practices:discard", "post", {"slug": "draft_sheet"}, {}, only("member", yes=DONE, no=404, visitor=404)),
    (
        "practices:take_back",
        "post",
        {"slug": "waiting_sheet"},
        {},
        only("member", yes=DONE, no=404, visitor=404) | dict.fromkeys(RUNS, 403),
    ),
    ("practices:try", "get", {"slug": "sheet"}, {}, only("other_member", "asker")),
    ("practices:tried", "get", {"slug": "sheet", "pk": "note"}, {}, only("asker")),
    ("practices:delete_tried", "get", {"slug": "sheet", "pk": "note"}, {}, only("asker")),
    ("practices:delete_tried", "post", {"slug": "sheet", "pk": "note"}, {}, only("asker", yes=DONE)),
    ("practices:hide_tried", "get", {"slug": "sheet", "pk": "note"}, {}, only(*RUNS)),
    ("practices:hide_tried", "post", {"slug": "sheet", "pk": "note"}, {"reason": "Names."}, only(*RUNS, yes=DONE)),
    ("practices:show_tried", "post", {"slug": "sheet", "pk": "note"}, {}, only(*RUNS, yes=409)),
    ("projects:list", "get", {}, {}, EVERYONE),
    ("projects:areas", "get", {}, {}, EVERYONE),
    ("projects:area", "get", {"slug": "area"}, {}, EVERYONE),
    ("projects:page", "get", {"slug": "project"}, {}, EVERYONE),
    ("projects:page", "get", {"slug": "proposal"}, {}, only(*OURS, no=404, visitor=404)),
    ("projects:page", "get", {"slug": "draft"}, {}, only("project_lead", no=404, visitor=404)),
    ("projects:propose", "get", {}, {}, only(*STAFF)),
    ("projects:edit", "get", {"slug": "draft"}, {}, only("project_lead", no=404, visitor=404)),
    ("projects:submit", "post", {"slug": "draft"}, {}, only("project_lead", yes=DONE, no=404, visitor=404)),
    (
        "projects:withdraw",
        "post",
        {"slug": "proposal"},
        {},
        only("project_lead", yes=DONE, no=404, visitor=404) | dict.fromkeys(set(OURS) - {"project_lead"}, 403),
    ),
    ("projects:run", "post", {"slug": "project"}, {"move": "start"}, only("project_lead", *RUNS, yes=DONE)),
    ("projects:stop", "post", {"slug": "project"}, {"reason": "No data"}, only("project_lead", *RUNS, yes=DONE)),
    ("projects:join", "get", {"slug": "project"}, {}, only("member", "organisation_lead") | {"asker": DONE}),
    (
        "projects:request",
        "get",
        {"slug": "project", "pk": "request"},
        {},
        only("project_lead", "asker", no=404, visitor=404),
    ),
    (
        "projects:take_back",
        "post",
        {"slug": "project", "pk": "request"},
        {},
        only("asker", yes=DONE, no=404, visitor=404) | {"project_lead": 403},
    ),
    ("training:list", "get", {}, {}, EVERYONE),
    ("training:page", "get", {"slug": "event"}, {}, EVERYONE),
    ("training:calendar", "get", {"slug": "event"}, {}, EVERYONE),
    ("training:book", "post", {"slug": "event"}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("training:cancel", "post", {"slug": "event"}, {}, dict.fromkeys(KINDS_OF_PERSON, 409) | {"visitor": 302}),
    ("partners:list", "get", {}, {}, EVERYONE),
    ("partners:page", "get", {"slug": "force"}, {}, EVERYONE),
    (
        "partners:join",
        "get",
        {"slug": "force"},
        {},
        EVERYONE
        | {"visitor": 302, "account": DONE}
        | dict.fromkeys(("member", "organisation_lead", "project_lead"), 403),
    ),
    (
        "partners:request",
        "get",
        {"slug": "force", "pk": "staff_request"},
        {},
        only("account", "organisation_lead", *RUNS, no=404, visitor=404),
    ),
    (
        "partners:take_back",
        "post",
        {"slug": "force", "pk": "staff_request"},
        {},
        only("account", yes=DONE, no=404, visitor=404) | dict.fromkeys(("organisation_lead", *RUNS), 403),
    ),
    ("partners:people", "get", {"slug": "force"}, {}, only("organisation_lead", *RUNS)),
    (
        "partners:change_membership",
        "get",
        {"slug": "force", "pk": "place"},
        {},
        only("organisation_lead", *RUNS, no=404, visitor=404) | {"member": 403},
    ),
    (
        "partners:end_membership",
        "get",
        {"slug": "force", "pk": "place"},
        {},
        only("organisation_lead", *RUNS, no=404, visitor=404) | {"member": 403},
    ),
    ("partners:invite", "get", {"slug": "force"}, {}, only("organisation_lead", *RUNS)),
    ("partners:invitations", "get", {"slug": "force"}, {}, only("organisation_lead", *RUNS)),
    (
        "partners:withdraw_invitation",
        "post",
        {"slug": "force", "pk": "invitation"},
        {},
        only("organisation_lead", *RUNS, yes=DONE, no=404, visitor=404),
    ),
    (
        "partners:send_invitation_again",
        "post",
        {"slug": "force", "pk": "invitation"},
        {},
        only("organisation_lead", *RUNS, yes=DONE, no=404, visitor=404),
    ),
    ("invitations:page", "get", {"token": "invitation_link"}, {}, EVERYONE),
    ("invitations:start", "post", {"token": "invitation_link"}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    (
        "invitations:accept",
        "post",
        {"token": "invitation_link"},
        {},
        only("account", yes=DONE, no=403, visitor=DONE),
    ),
    ("invitations:decline", "post", {"token": "invitation_link"}, {}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("people:list", "get", {}, {}, EVERYONE),
    ("people:page", "get", {"slug": "profile"}, {}, EVERYONE),
    ("people:page", "get", {"slug": "staff_profile"}, {}, only(*STAFF_OF_ALL, no=404, visitor=404)),
    ("people:page", "get", {"slug": "hidden_profile"}, {}, only("asker", no=404, visitor=404)),
    ("people:picture", "get", {"slug": "profile"}, {}, EVERYONE),
    ("people:picture", "get", {"slug": "staff_profile"}, {}, only(*STAFF_OF_ALL, no=404, visitor=404)),
    ("people:picture", "get", {"slug": "hidden_profile"}, {}, only("asker", no=404, visitor=404)),
    ("mine:organisations", "get", {}, {}, SIGNED_IN),
    (
        "mine:choose",
        "post",
        {"pk": "place"},
        {},
        only("member", yes=DONE, no=404, visitor=404) | dict.fromkeys(("organisation_lead", *RUNS), 403),
    ),
    ("mine:leave", "get", {"pk": "place"}, {}, only("member", no=404, visitor=404)),
    ("mine:leave", "post", {"pk": "place"}, {}, only("member", yes=DONE, no=404, visitor=404)),
    ("mine:handover", "get", {"pk": "handover"}, {}, only("asker", *RUNS, no=404, visitor=404)),
    ("mine:handover", "get", {"pk": "open_handover"}, {}, only(*RUNS, no=404, visitor=404)),
    (
        "mine:handover",
        "post",
        {"pk": "handover"},
        {"answer": "accept"},
        only("asker", yes=DONE, no=404, visitor=404) | dict.fromkeys(RUNS, 409),
    ),
    (
        "mine:release_handover",
        "post",
        {"pk": "handover"},
        {},
        only(*RUNS, yes=DONE, no=404, visitor=404) | {"asker": 403},
    ),
    ("mine:close_handover", "post", {"pk": "open_handover"}, {}, only(*RUNS, yes=DONE, no=404, visitor=404)),
    ("mine:profile", "get", {}, {}, SIGNED_IN),
    ("mine:profile", "post", {}, {"audience": "nobody"}, dict.fromkeys(KINDS_OF_PERSON, DONE)),
    ("programmes:list", "get", {}, {}, EVERYONE),
    ("programmes:page", "get", {"slug": "programme"}, {}, EVERYONE),
    ("themes:list", "get", {}, {}, EVERYONE),
    ("themes:page", "get", {"slug": "theme"}, {}, EVERYONE),
    ("admin:index", "get", {}, {}, only(*RUNS, "other_coordinator")),
]
NAMES = {row[0] for row in TABLE}


def routes():
    """Return ``{name: callback}`` of every route but the admin's, which tests/house/test_admin.py walks."""

    def walk(resolver, space=""):
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                yield from walk(each, f"{space}{each.namespace}:" if each.namespace else space)
            else:
                yield f"{space}{each.name}", each.callback

    return {name: view for name, view in walk(get_resolver()) if not name.startswith("admin:")}


def policy_of(view):
    """Return the policy that a view names; pages made by ``as_view(policy=…)`` keep it there."""
    kept = getattr(view, "view_initkwargs", {})
    return kept.get("policy") or getattr(getattr(view, "view_class", view), "policy", None)


def sign_in_pages():
    """Return the routes of django-allauth, which tests/accounts walks."""
    return {name for name in routes() if name.startswith(("account_", "mfa_"))}


def test_every_route_has_a_row():
    assert set(routes()) - sign_in_pages() == NAMES - {"admin:index"}


def test_every_route_names_a_known_policy():
    own = {name: policy_of(view) for name, view in routes().items() if name not in sign_in_pages()}
    unknown = {name: policy for name, policy in own.items() if policy not in policies.names()}
    assert unknown == {}


def value(a_world, name):
    """Return what an argument stands for: a thing's slug or id."""
    thing = getattr(a_world, name)
    return thing.slug if hasattr(thing, "slug") else thing.pk


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS_OF_PERSON)
def test_each_kind_of_person_gets_the_expected_answer_everywhere(kind):
    here = world()
    session = sign_in(here.people[kind])
    wrong = {}
    for row in TABLE:
        name, method, arguments, sent, expected = row
        sent = {key: getattr(here, what).pk if key == "id" else what for key, what in sent.items()}
        got = answer(session, method, reached(row, here), sent)
        if got != expected[kind]:
            wrong[f"{method} {name} {'/'.join(arguments.values())}"] = {"got": got, "expected": expected[kind]}
    assert wrong == {}


def sign_in(person):
    """Return the cookies of somebody who has just signed in; a visitor has none."""
    client = Client()
    if person:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies


def answer(session, method, url, sent):
    """Return the status that a person gets, and take back whatever it changed."""
    client = Client(raise_request_exception=False)
    client.cookies.update(session)
    with transaction.atomic():
        answered = getattr(client, method)(url, sent)
        list(answered)  # a file is closed once it is sent
        status = answered.status_code
        transaction.set_rollback(True)
    return status


def reached(row, here):
    """Return the address of a row in a world."""
    arguments = {key: getattr(here, what).pk if key == "pk" else value(here, what) for key, what in row[2].items()}
    return reverse(row[0], kwargs=arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["visitor", "project_lead", "coordinator"])
def test_a_get_never_writes(person):
    here = world()
    client = Client(raise_request_exception=False)
    if here.people[person]:
        client.force_login(here.people[person], backend=settings.AUTHENTICATION_BACKENDS[0])
    wrote = {}
    for url in sorted({reached(row, here) for row in TABLE}):
        with CaptureQueriesContext(connection) as queries:
            list(client.get(url))
        writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        if writes:
            wrote[url] = writes
    assert wrote == {}
