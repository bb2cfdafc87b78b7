"""The form by which people say what others may know of them."""

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import LongText, OrcidField
from collaborative.core.pictures import Unfit
from collaborative.vocabulary.models import Scheme, Term, Theme
from partners.intake.expertise import LONGEST, typed_words
from partners.intake.pictures import portrait
from partners.models import Expertise, Profile
from partners.services.profiles import orcid_taken, taken_orcid

SUGGESTED = 300
"""Words that are offered for what one knows: those that most people have."""

LONGEST_NUMBER = 18
"""Digits of a row's number; more fit into no database."""

AMONG = _("Choose among those that are shown.")
AUDIENCES = (
    (Profile.Audience.NOBODY, _("Nobody: you alone see it, and you are not listed")),
    (Profile.Audience.STAFF, _("Staff of partner organisations, when they are signed in")),
    (Profile.Audience.EVERYONE, _("Everyone on the web, search engines too")),
)


class WordsField(LongText):
    """Words that commas or ends of lines part, as a list."""

    def clean(self, value):
        """Return the words; raises ``ValidationError`` with the sentence that tells what is wrong."""
        try:
            return typed_words(super().clean(value))
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from wrong


class Several(forms.ModelMultipleChoiceField):
    """Several rows by their numbers; one that no database holds is no choice."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": AMONG, "invalid_pk_value": AMONG}

    def clean(self, value):
        """Return the rows."""
        for pk in value if isinstance(value, list | tuple) else ():
            if len(str(pk)) > LONGEST_NUMBER:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class ProfileForm(forms.Form):
    """What others may know of a person: who may see it comes first."""

    use_required_attribute = False

    audience = forms.ChoiceField(
        label=_("Who may see your page?"),
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        help_text=_("You can change this at any time; it holds at once, everywhere."),
        error_messages={"required": _("Say who may see your page."), "invalid_choice": AMONG},
    )
    shows_email = forms.BooleanField(label=_("Show my e-mail address on the page"), required=False)
    expertise = WordsField(
        label=_("What do you know well?"),
        required=False,
        help_text=_("Up to twelve fields, in your own words: one on each line, or with commas between them."),
        rows=5,
    )
    another = forms.CharField(
        label=_("Add a word that others use"),
        required=False,
        max_length=LONGEST,
        help_text=_("Begin to type, and choose from what others have written."),
        widget=forms.TextInput(
            attrs={"list": "words-of-others", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
    )
    themes = Several(label=_("Themes you work on"), queryset=None, required=False)
    methods = Several(label=_("Methods you use"), queryset=None, required=False)
    languages = Several(label=_("Languages you work in"), queryset=None, required=False)
    offers = Several(
        label=_("What may people ask you for?"),
        queryset=None,
        required=False,
        help_text=_("You are listed for these in the expertise finder."),
    )
    about = LongText(
        label=_("About you"),
        required=False,
        max_length=1000,
        help_text=_("A few plain sentences. Markdown works."),
    )
    orcid = OrcidField(
        label=_("ORCID"),
        required=False,
        help_text=_("Such as 0000-0002-1825-0097, or its whole address."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 5 MB. It is cut square, and kept without place, time and camera."),
        error_messages={"empty": _("This file is empty. Choose a picture.")},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_picture = forms.BooleanField(label=_("Take my picture away"), required=False)

    def __init__(self, *args, person, profile=None, **kwargs):
        self.person, self.profile = person, profile
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = self._offered(Theme.objects, "themes")
        for name, scheme in (("methods", Scheme.METHOD), ("languages", Scheme.LANGUAGE), ("offers", Scheme.OFFER)):
            self.fields[name].queryset = self._offered(Term.objects.filter(scheme=scheme), name)
        if profile is None or not profile.picture:
            del self.fields["remove_picture"]

    def _offered(self, rows, name):
        """Return what holds today, and what the person chose while it did."""
        chosen = getattr(self.profile, name).values("pk") if self.profile else []
        return rows.filter(Q(pk__in=rows.current().values("pk")) | Q(pk__in=chosen))

    @property
    def suggestions(self):
        """The words that most people have whose pages this person may see."""
        used = Expertise.objects.filter(profiles__in=Profile.objects.listed_to(self.person))
        words = used.annotate(listed=Count("profiles")).order_by("-listed", "name")[:SUGGESTED]
        return sorted((word.name for word in words), key=str.casefold)

    def clean_orcid(self):
        """Return the ORCID; raises ``ValidationError`` for another person's."""
        orcid = self.cleaned_data["orcid"]
        if orcid and orcid_taken(orcid, self.person):
            raise forms.ValidationError(taken_orcid())
        return orcid

    def clean_picture(self):
        """Return the picture as it will be kept, or None."""
        file = self.cleaned_data["picture"]
        try:
            return portrait(file) if file else None
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit)) from unfit

    def clean(self):
        """Put the added word to the others, and ask again for a picture that cannot be kept in the form."""
        cleaned = super().clean()
        self._add_another(cleaned)
        if cleaned.get("audience") not in (None, Profile.Audience.NOBODY) and not self.person.name.strip():
            self.add_error("audience", gettext("Give your account a name first: the page would stand without one."))
        if self.errors and cleaned.get("picture"):
            self.add_error("picture", gettext("Choose your picture once more: it is kept only when all else is right."))
        return cleaned

    def _add_another(self, cleaned):
        another = cleaned.pop("another", "")
        if not another or "expertise" not in cleaned:
            return
        try:
            cleaned["expertise"] = typed_words("\n".join([*cleaned["expertise"], another]))
        except ValueError as wrong:
            self.add_error("another", str(wrong))


def initial_of(profile):
    """Return what the form shows first of a profile, or of nobody's yet."""
    if profile is None:
        return {"audience": Profile.Audience.NOBODY}
    said = {name: getattr(profile, name) for name in ("audience", "shows_email", "about", "orcid")}
    chosen = {name: list(getattr(profile, name).all()) for name in ("themes", "methods", "languages", "offers")}
    return said | chosen | {"expertise": "\n".join(word.name for word in profile.expertise.all())}
