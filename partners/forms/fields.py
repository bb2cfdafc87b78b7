"""Fields that several forms have."""

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG
from partners.intake.texts import LONGEST_TITLE


def job_title(**more):
    """Return the field for a job title."""
    words = {"max_length": TOO_LONG, "required": _("Say what your job is.")}
    return forms.CharField(label=_("Job title"), max_length=LONGEST_TITLE, error_messages=words, **more)
