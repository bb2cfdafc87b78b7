"""What ``docker-compose.yml`` describes, as processes on this machine: it starts, answers and stops."""

import gzip
import urllib.request

from tests.processes.harness import wait_for

PARTS = ("database", "migrations", "broker", "beat", "mail", "pdf")
READY = {"status": "ready", "links": "off"} | dict.fromkeys(PARTS, "ok")


def test_web_worker_and_beat_serve_on_postgresql_and_redis_and_stop_in_good_order(make_portal, mail_server):
    portal = make_portal(EMAIL_URL=mail_server)
    portal.start("web", "worker", "beat")
    portal.wait_until_up()
    assert portal.get("/healthz") == (200, "ok\n")
    wait_for(lambda: portal.ready() == READY, "every part is ready", seconds=60)
    status, page = portal.get("/")
    assert (status, page.count("<h1")) == (200, 1)
    assert [portal.stop(name) for name in ("beat", "worker", "web")] == [0, 0, 0]


def test_static_files_come_compressed_and_under_names_that_never_change_their_content(make_portal):
    portal = make_portal()
    portal.start("web")
    portal.wait_until_up()
    page = portal.get("/")[1]
    path = page.split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    request = urllib.request.Request(portal.address + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.read()).startswith(b"/*")


def test_behind_a_proxy_that_ends_tls_pages_answer_and_plain_http_is_sent_to_https(make_portal):
    portal = make_portal(HTTPS="true", TRUST_PROXY="true", SITE_URL="https://127.0.0.1")
    portal.start("web")
    portal.wait_until_up()
    assert portal.get("/")[0] == 301
    assert portal.get("/", **{"X-Forwarded-Proto": "https"})[0] == 200


def test_web_without_its_database_is_alive_but_not_ready(make_portal):
    portal = make_portal()
    portal.environment["DATABASE_URL"] = "postgres://portal:none@127.0.0.1:1/portal"
    portal.start("web")
    portal.wait_until_up()
    assert portal.ready() == {"status": "unavailable", "database": "not answering"}


def test_the_health_checks_of_compose_pass_on_what_runs(make_portal, mail_server):
    portal = make_portal(EMAIL_URL=mail_server)
    portal.start("web", "worker", "beat")
    portal.wait_until_up()
    for name in ("web", "worker"):
        wait_for(lambda name=name: portal.health_check(name) == 0, f"the health check of {name} passes", seconds=60)
    wait_for(lambda: portal.health_check("beat") == 0, "the health check of beat passes", seconds=240)
    portal.kill("worker")
    assert portal.health_check("worker") != 0
