"""The jobs that make PDFs and tidy stored files; each may run twice or at once with another without harm."""

from celery import shared_task
from django.conf import settings

from evidence.services import files, pdf

EXPIRES = 600


@shared_task(name=pdf.JOB, soft_time_limit=settings.JOB_TIME_LIMIT - 30)
def make_pdf(pk):
    """Make one PDF."""
    pdf.make_pdf(pk)


@shared_task(name="evidence.sweep_pdfs", expires=EXPIRES)
def sweep_pdfs():
    """Find PDFs that no nudge reached or whose worker was lost."""
    pdf.sweep_pdfs()


@shared_task(name="evidence.sweep_files", expires=1800)
def sweep_files():
    """Delete stored files to which no row points any more."""
    files.sweep_files()
