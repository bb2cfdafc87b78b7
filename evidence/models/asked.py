"""What readers ask for: a text in another format or in another language."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from evidence.models.reviews import PERSON, Review
from evidence.models.versions import Version
from evidence.states import AskedState


class FormatRequestQuerySet(models.QuerySet):
    """Reads of requests for another format or a translation."""

    def visible_to(self, user):
        """Return one's own, and those about reviews that the person runs."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | Q(review__in=Review.objects.run_by(user)))

    def manageable_by(self, user):
        """Return those about reviews of the programmes the person coordinates."""
        return self.filter(review__in=Review.objects.manageable_by(user))

    def run_by(self, user):
        """Return those that the person answers: about reviews that they run."""
        return self.filter(review__in=Review.objects.run_by(user))

    def open(self):
        """Return those that wait for an answer."""
        return self.filter(state=AskedState.OPEN)


@kind("format_request")
class FormatRequest(models.Model):
    """Somebody, with an account or without, asks for a review in another format or in another language."""

    class Wanted(models.TextChoices):
        FORMAT = "format", _("Another format")
        TRANSLATION = "translation", _("A translation")

    class Format(models.TextChoices):
        LARGE_PRINT = "large_print", _("Large print")
        EASY_READ = "easy_read", _("Easy read")
        AUDIO = "audio", _("Audio")
        BRAILLE = "braille", _("Braille")
        SIGN_LANGUAGE = "sign_language", _("British Sign Language")
        WORD = "word", _("A text document that can be edited")
        OTHER = "other", _("Something else")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="format_requests")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wanted = models.CharField(_("what is asked for"), max_length=20, choices=Wanted)
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    details = models.TextField(_("what would help"), blank=True)
    form_key = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=AskedState, default=AskedState.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("to be answered by"))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    chased = models.PositiveSmallIntegerField(default=0)

    objects = FormatRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for another format or language")
        verbose_name_plural = _("requests for other formats and languages")
        ordering = ["state", "due_on", "pk"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="evidence_asked_due"),
            models.Index(fields=["review", "state"], name="evidence_asked_of"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(wanted="format") & ~Q(format="")) | (Q(wanted="translation") & ~Q(language="")),
                name="evidence_asked_for_something",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="evidence_asked_has_an_answer",
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.get_format_display() or self.language}"

    @property
    def waiting(self):
        """True while nobody has answered it."""
        return self.state == AskedState.OPEN

    def get_absolute_url(self):
        """Return where those who run the review answer it."""
        return reverse("evidence:answer_asked", args=[self.pk])
