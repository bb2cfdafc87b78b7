"""A change whose transaction took longer than harvesters wait for is stamped again as soon as it stands.

See ``moments``: a harvest may have passed its stamp before anybody could see it.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collaborative.outputs.models import Record
from collaborative.outputs.registry import kinds_out
from collaborative.search.following import follows_index


@follows_index
def stamp_again_when_late(kind, entries):
    """Look at the clock again once the transaction is over."""
    if kind not in kinds_out(harvested=True):
        return
    began = timezone.now().replace(microsecond=0)
    ids = list(entries)

    def look_again():
        stamp_again(kind, ids, began)

    transaction.on_commit(look_again, robust=True)


def stamp_again(kind, ids, began, now=None):
    """Stamp what was stamped since ``began`` as of now, if half the time that harvesters wait has passed."""
    now = (now or timezone.now()).replace(microsecond=0)
    if now - began >= settings.OAI_SETTLING / 2:
        rows = Record.objects.filter(kind=kind, object_id__in=ids)
        rows.filter(stamp__gte=began, stamp__lt=now).update(stamp=now)
