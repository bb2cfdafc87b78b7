"""Several people change one thing at once: it is still found, once, by its last words."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from collaborative.search import services
from collaborative.search.models import SearchEntry
from collaborative.search.queries import matching
from collaborative.search.registry import ALWAYS, Entry

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def test_many_writers_of_one_entry_leave_one_entry():
    together, failed = Barrier(WRITERS), []

    def write(number):
        try:
            together.wait()
            for turn in range(5):
                with transaction.atomic():
                    services.store("theme", 1, Entry(title=f"Drones {number} {turn}", public_from=ALWAYS))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    last = SearchEntry.objects.get()
    assert list(matching(last.title, "theme", None)) == [last]
    assert matching("drones", "theme", None).count() == 1
