"""The jobs that read the words of attachments; each may run twice or at once with another without harm."""

from celery import shared_task

from evidence.services import file_words


@shared_task(name=file_words.JOB)
def read_words(pk):
    """Read the words of one attachment."""
    file_words.read_words(pk)


@shared_task(name="evidence.sweep_words", expires=600)
def sweep_words():
    """Find attachments that no nudge reached or whose worker was lost."""
    file_words.sweep_words()
