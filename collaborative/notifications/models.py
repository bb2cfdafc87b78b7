"""The ledger of letters, news, follows, preferences and digests."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from collaborative.core.reader import scope_of
from collaborative.notifications.states import OPEN, Channel, Frequency, Group, LetterState

PERSON = settings.AUTH_USER_MODEL


class LetterQuerySet(models.QuerySet):
    """Reads of the ledger."""

    def visible_to(self, user):
        """Return one's own letters in the portal."""
        return self.filter(recipient=user, channel=Channel.PORTAL) if user.is_authenticated else self.none()

    def manageable_by(self, user):
        """Return the whole ledger to administrators, to others nothing."""
        return self.all() if scope_of(user).everything else self.none()

    def unread(self):
        """Return those in the portal that were not marked as read."""
        return self.filter(channel=Channel.PORTAL, read_at=None)

    def due(self, now=None):
        """Return the mail to be sent by ``now``: waiting, or in hands whose claim has run out."""
        return self.filter(channel=Channel.MAIL, state__in=OPEN, due_at__lte=now or timezone.now())


@kind("letter")
class Letter(models.Model):
    """One letter to one recipient on one channel; ids only, its words are rendered at sending.

    One to somebody without an account has no recipient but an ``address``, in lower case, which is kept no
    longer than it is needed (``services.forget_addresses``).
    """

    key = models.CharField(_("letter"), max_length=80)
    event = models.CharField(_("event"), max_length=160)
    recipient = models.ForeignKey(
        PERSON, verbose_name=_("recipient"), on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    address = models.EmailField(_("address without an account"), max_length=254, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    kind_of = models.CharField(_("kind of thing"), max_length=40)
    object_id = models.BigIntegerField(_("number of the thing"))
    actor = models.ForeignKey(
        PERSON, verbose_name=_("by"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation_id = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True, help_text=_("Ids that the letter's words need."))
    in_digest = models.BooleanField(_("goes into the daily mail"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=LetterState, default=LetterState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(channel="mail", state__in=("queued", "sending")),
                name="notifications_due",
            ),
            models.Index(
                fields=["recipient"], condition=Q(channel="portal", read_at=None), name="notifications_unread"
            ),
            models.Index(fields=["recipient", "channel", "-created_at", "-id"], name="notifications_newest"),
            models.Index(fields=["kind_of", "object_id"], name="notifications_thing"),
            models.Index(fields=["address"], condition=~Q(address=""), name="notifications_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="notifications_told_once"),
            models.UniqueConstraint(
                fields=["event", "address", "channel"],
                condition=~Q(address=""),
                name="notifications_address_told_once",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="")
                | (Q(recipient=None, channel="mail") & (~Q(address="") | ~Q(state__in=("queued", "sending")))),
                name="notifications_person_or_address",
            ),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="notifications_known_state"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notifications_known_channel"),
            models.CheckConstraint(
                condition=Q(state="sending", claimed_until__isnull=False)
                | (~Q(state="sending") & Q(claimed_until=None)),
                name="notifications_claimed_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notifications_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "suppressed", "bounced")) | ~Q(reason=""),
                name="notifications_unsent_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.pk}"

    @property
    def goes_to(self):
        """The mail address to which it goes; empty once an address without an account was forgotten."""
        return self.recipient.email if self.recipient else self.address

    def get_absolute_url(self):
        """Return the list in which the recipient finds it."""
        return reverse("notifications:notifications")


class News(models.Model):
    """Something new about a thing, for whoever follows one of its topics."""

    event = models.CharField(max_length=160, unique=True)
    kind_of = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    actor = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = _("news")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="notifications_news_newest")]

    def __str__(self):
        return f"{self.kind_of} {self.object_id}"


class NewsTopic(models.Model):
    """A topic under which news are told, such as a theme."""

    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="topics")
    kind_of = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind_of", "object_id"], name="notifications_topic")]
        constraints = [models.UniqueConstraint(fields=["news", "kind_of", "object_id"], name="notifications_one_topic")]

    def __str__(self):
        return f"{self.kind_of} {self.object_id}"


class Follow(models.Model):
    """A person follows a thing; an ``automatic`` follow came with taking part and brings no mail."""

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="follows")
    kind_of = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    automatic = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kind_of", "-created_at", "-pk"]
        indexes = [models.Index(fields=["kind_of", "object_id"], name="notifications_followers")]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind_of", "object_id"], name="notifications_one_follow")
        ]

    def __str__(self):
        return f"{self.user_id} follows {self.kind_of} {self.object_id}"


class Preference(models.Model):
    """How often a person wants mail of one group."""

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="preferences")
    group = models.CharField(max_length=20, choices=Group)
    frequency = models.CharField(max_length=20, choices=Frequency)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["user", "group"]
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="notifications_one_preference"),
            models.CheckConstraint(condition=Q(group__in=Group.values), name="notifications_known_group"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="notifications_known_frequency"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.group} {self.frequency}"


class DigestQuerySet(models.QuerySet):
    """Reads of digests."""

    def visible_to(self, user):
        """Return one's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


@kind("digest")
class Digest(models.Model):
    """One person's mail of one local day: what happened from ``window_from`` until before ``window_to``."""

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="notifications_one_digest_a_day"),
            models.CheckConstraint(condition=Q(window_to__gt=models.F("window_from")), name="notifications_window"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.day}"

    def get_absolute_url(self):
        """Return the person's page, which shows the same."""
        return reverse("me")
