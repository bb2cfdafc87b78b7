"""The jobs of partners; each may run twice or at once with another without harm."""

from celery import shared_task

from partners.services import ending, handing_on, importing, inviting_in_time, succession


@shared_task(name="partners.remind_and_expire", expires=1800)
def remind_and_expire():
    """Remind of invitations that wait, end those whose time has passed, and forget addresses."""
    inviting_in_time.remind_and_expire()


@shared_task(name="partners.purge_imports", expires=1800)
def purge_imports():
    """Delete the files of organisations that nobody carried out."""
    importing.purge_imports()


@shared_task(name="partners.end_due", expires=1800)
def end_due():
    """Carry out mergers and see to memberships whose day has come; close what nobody has to take over any more."""
    succession.carry_out_what_is_due()
    ending.end_what_is_due()
    handing_on.close_what_is_settled()
