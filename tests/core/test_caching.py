"""A cache that went away finds nothing, keeps nothing and breaks nothing."""

import pytest

from collaborative.core.caching import ForgivingRedisCache
from tests.runner.servers import NoServers, binaries, free_port, running_redis, temporary_folder


def test_without_its_server_every_answer_is_that_of_an_empty_cache():
    cache = ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    answers = [
        cache.get("a"),
        cache.get("a", 1),
        cache.set("a", 1),
        cache.add("a", 1),
        cache.delete("a"),
        cache.get_many(["a"]),
        cache.set_many({"a": 1}),
        cache.has_key("a"),
    ]
    assert answers == [None, 1, None, True, False, {}, ["a"], False]


def test_with_its_server_it_is_a_cache():
    try:
        program = binaries()[1]
    except NoServers as error:
        pytest.skip(str(error))
    with temporary_folder("redis") as folder, running_redis(program, folder) as server:
        cache = ForgivingRedisCache(server.url, {})
        cache.set("a", 1)
        assert (cache.get("a"), cache.add("a", 2), cache.has_key("a"), cache.get_many(["a", "b"])) == (
            1,
            False,
            True,
            {"a": 1},
        )
        cache.delete("a")
        assert cache.get("a") is None
