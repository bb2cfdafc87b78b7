"""The jobs that keep the links of texts; each may run twice or at once with another without harm."""

from celery import shared_task

from collaborative.links import services


@shared_task(name="evidence.gather_links")
def gather_links(*ids):
    """Note the addresses in some reviews as they now are."""
    services.gather_each("review", ids)


@shared_task(name="evidence.gather_sheet_links")
def gather_sheet_links(*ids):
    """Note the addresses in some practice sheets as they now are."""
    services.gather_each("sheet", ids)
