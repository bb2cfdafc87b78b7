"""Who makes a review, and what every text goes through, in the coordinators' workshop."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.admin import AskingForm, NamedCells, PolicyAdmin, PolicyInline
from evidence import services
from evidence.models import Check, ReviewPerson


class PartForm(AskingForm):
    """A part in making a review: its person is named by their address; once it is there, it can only end."""

    fixed = ("part", "organisation", "starts_on")
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, required=False, help_text=_("Of an account that exists.")
    )
    ends = forms.BooleanField(label=_("Ends today"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["email"].disabled = True
            self.initial["email"] = self.instance.user.email
        else:
            self.fields["ends"].disabled = True

    def clean_email(self):
        """Find the person; raises ``ValidationError`` when nobody has the address."""
        email = self.cleaned_data["email"].strip().lower()
        if self.instance.pk:
            return email
        person = User.objects.filter(email=email, is_active=True, anonymised_at=None).first() if email else None
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask them to make one first."))
        self.instance.user = person
        return email

    def clean(self):
        """Say beside the row what the services would refuse."""
        cleaned = super().clean()
        row = self.instance
        if row.pk and cleaned.get("ends") and not row.lasts:
            self.add_error("ends", _("This part has ended already."))
        same = {"user": row.user_id, "part": cleaned.get("part"), "ends_on": None}
        if not row.pk and row.user_id and row.review_id and ReviewPerson.objects.filter(review=row.review_id, **same):
            self.add_error("email", _("This person has this part already."))
        return cleaned


class PartRows(NamedCells):
    """Rows that the services write: whoever gets a part is told, and all is recorded."""

    recorded = True

    def save_new(self, form, commit=True):
        """Give a part."""
        part = form.instance
        more = {"organisation": part.organisation, "starts_on": part.starts_on}
        return services.give_part(self.instance, part.user, part.part, by=form.user, **more)

    def save_existing(self, form, obj, commit=True):
        """End a part, if that was asked."""
        return services.end_part(obj, by=form.user) if form.cleaned_data.get("ends") else obj


class PersonInline(PolicyInline):
    """The editors and authors who work on it."""

    model = ReviewPerson
    form = PartForm
    formset = PartRows
    autocomplete_fields = ("organisation",)
    own_fields = ()
    list_select_related = ("user", "organisation")
    fields = ("email", "part", "organisation", "starts_on", "ends_on", "ends")
    readonly_fields = ("ends_on",)


@admin.register(Check)
class CheckAdmin(PolicyAdmin):
    """The checklist that every text goes through: coordinators read it, administrators change it."""

    manage_policy = "portal.admin"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    list_display = ("words", "kind_of", "required", "position")
    list_filter = ("kind_of", "required")
    list_select_related = ("kind_of",)
    search_fields = ("words",)
    ordering = ("position", "pk")
