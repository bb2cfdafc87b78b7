"""What people hold for an organisation in ``partners``: being its last lead, and leading a theme."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.accounts.models import User
from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.core.holdings import Held, Holding, holding
from partners.models import Handover, Membership, ThemeLead


def staff_of(organisation):
    """Return today's staff of what an organisation is today, by name."""
    today = Membership.objects.current().filter(organisation=organisation.now())
    return User.objects.filter(is_active=True, anonymised_at=None, pk__in=today.values("user_id")).order_by(
        "name", "pk"
    )


def handed_on(name, among=None):
    """Return the ids of the rows of a holding that are being handed on: all of them, or those among some ids."""
    rows = Handover.objects.unsettled().filter(holding=name)
    rows = rows if among is None else rows.filter(object_id__in=among)
    return rows.values_list("object_id", flat=True)


def of_organisation(rows, organisation_id):
    """Narrow rows to those of one organisation, if one is given."""
    return rows if organisation_id is None else rows.filter(organisation=organisation_id)


@holding
class LastLead(Holding):
    """Being the only lead of an organisation; the row is the membership."""

    name, label = "organisation_lead", gettext_lazy("Organisation lead")

    def held(self, user, organisation_id=None):
        """Return the organisations that nobody else leads, until all that follows from leaving was seen to."""
        mine = of_organisation(Membership.objects.filter(user=user, role="lead", departed_at=None), organisation_id)
        mine = mine.exclude(pk__in=handed_on(self.name)).select_related("organisation").order_by("pk")
        return [
            self._held(row)
            for row in mine
            if not Membership.objects.leads_of(row.organisation_id).exclude(user=user).exists()
        ]

    def _held(self, row):
        title, url = row.organisation.name, row.organisation.get_absolute_url()
        return Held(self.name, row.pk, self.label, title, url, row.organisation_id)

    def read(self, pk):
        """Return the membership; whoever hands on has locked the organisation."""
        return Membership.objects.select_related("organisation").get(pk=pk)

    def named(self, pks, user):
        """Return the organisations, which everybody sees."""
        rows = Membership.objects.filter(pk__in=pks).select_related("organisation")
        return {row.pk: self._held(row) for row in rows}

    def needed(self, row):
        """Say whether the organisation still has no lead who stays."""
        now = row.organisation.now()
        return (
            not now.past
            and not Membership.objects.leads_of(now.pk).exclude(user=row.user_id, ends_on__isnull=False).exists()
        )

    def eligible(self, row):
        """Return the organisation's other staff."""
        return staff_of(row.organisation).exclude(pk=row.user_id)

    def hand_over(self, row, to, by):
        """Make somebody the lead."""
        place = Membership.objects.current().filter(organisation=row.organisation.now(), user=to).order_by("pk").last()
        make_lead(place, by=by)

    def vacate(self, row, by):
        """An organisation may be without a lead: its coordinators answer for it."""


def make_lead(membership, *, by):
    """Make a member a lead of their organisation."""
    if Membership.objects.filter(pk=membership.pk, role=Membership.Role.MEMBER).update(role=Membership.Role.LEAD):
        record("membership.made_lead", membership, by=by, organisation_id=membership.organisation_id)


@holding
class ThemeLeads(Holding):
    """Leading a theme in a programme; the row is the dated part."""

    name, label = "theme_lead", gettext_lazy("Theme lead")

    def held(self, user, organisation_id=None):
        """Return the themes that the person leads or will lead."""
        mine = of_organisation(ThemeLead.objects.lasting().filter(user=user), organisation_id)
        mine = mine.exclude(pk__in=handed_on(self.name)).select_related("theme", "programme")
        return [self._held(row) for row in mine.order_by("pk") if not row.programme.past]

    def _held(self, row):
        title = _("%(theme)s in %(programme)s") % {"theme": row.theme, "programme": row.programme.short_name}
        url, label = row.theme.get_absolute_url(), row.get_side_display()
        return Held(self.name, row.pk, label, title, url, row.organisation_id, row.programme_id)

    def read(self, pk):
        """Return the part."""
        return ThemeLead.objects.select_related("theme", "programme", "organisation").get(pk=pk)

    def row(self, pk):
        """Return the part, locked."""
        ThemeLead.objects.select_for_update().get(pk=pk)
        return self.read(pk)

    def named(self, pks, user):
        """Return the themes, which everybody sees."""
        rows = ThemeLead.objects.filter(pk__in=pks).select_related("theme", "programme")
        return {row.pk: self._held(row) for row in rows}

    def needed(self, row):
        """Say whether the part lasts, and its programme runs."""
        return not row.ended and not row.programme.past

    def eligible(self, row):
        """Return the organisation's other staff."""
        return staff_of(row.organisation).exclude(pk=row.user_id)

    def hand_over(self, row, to, by):
        """End the part and begin the same one for somebody, under their own job title."""
        present(to.pk)
        now = row.organisation.now()
        self._end(row)
        place = Membership.objects.current().filter(organisation=now, user=to).exclude(title="").first()
        same = {"programme": row.programme, "theme": row.theme, "side": row.side, "organisation": now}
        ThemeLead.objects.create(**same, user=to, title=place.title if place else row.title)
        record("programme.theme_lead_changed", row.programme, by=by, organisation_id=now.pk)

    def vacate(self, row, by):
        """End the part."""
        self._end(row)
        record("programme.theme_lead_ended", row.programme, by=by, organisation_id=row.organisation_id)

    def _end(self, row):
        if row.ended:
            raise Refused(_("This has ended already."))
        row.ends_on = max(row.starts_on, timezone.localdate())
        row.save(update_fields=["ends_on"])
