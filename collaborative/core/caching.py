"""The shared cache, which may go away without taking a page with it."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis as the cache; while it does not answer, nothing is found and nothing is kept.

    Rate limits then do not count, which is the lesser harm: people can still sign in, and passwords
    are checked as slowly as ever.
    """

    def get(self, key, default=None, version=None):
        """Return the value, or ``default`` as if it were not there."""
        return self._or(default, super().get, key, default, version)

    def set(self, key, value, *args, **kwargs):
        """Keep the value if somebody is there to keep it."""
        return self._or(None, super().set, key, value, *args, **kwargs)

    def add(self, key, value, *args, **kwargs):
        """Keep the value unless there is one; True, as for a first time, while nobody can say."""
        return self._or(True, super().add, key, value, *args, **kwargs)

    def delete(self, key, version=None):
        """Forget a value."""
        return self._or(False, super().delete, key, version)

    def incr(self, key, delta=1, version=None):
        """Count on; as for a first time while nobody can say. ``ValueError`` when there is nothing to count on."""
        return self._or(1, super().incr, key, delta, version)

    def get_many(self, keys, version=None):
        """Return what is there of several values."""
        return self._or({}, super().get_many, keys, version)

    def set_many(self, data, *args, **kwargs):
        """Keep several values; return the keys that were not kept."""
        return self._or(list(data), super().set_many, data, *args, **kwargs)

    def has_key(self, key, version=None):
        """Say whether there is a value."""
        return self._or(False, super().has_key, key, version)

    @staticmethod
    def _or(otherwise, method, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            logger.warning("the cache does not answer", extra={"error": type(error).__name__})
            return otherwise
