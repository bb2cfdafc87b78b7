"""What the roof itself writes."""

from django.db import transaction

from collaborative.accounts.models import Appointment
from collaborative.notifications.services import tell
from collaborative.portal.models import ProblemReport


@transaction.atomic
def report_problem(*, page, message, email="", by=None):
    """Keep what a reader reports and tell the administrators; return the report."""
    report = ProblemReport.objects.create(page=page, message=message, email=email, reporter=by)
    administrators = Appointment.objects.current().values_list("user_id", flat=True)
    tell("problem.reported", report, to=administrators, event=f"problem.reported:{report.pk}", by=None)
    return report
