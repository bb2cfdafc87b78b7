"""What is typed into the table of words that mean the same."""

from collections import Counter

from django import forms
from django.utils.translation import gettext as _

from collaborative.core.admin import AskingForm
from collaborative.search.models import Synonyms, Wording
from collaborative.search.parsing import MOST_WORDS, key_of, readable, words_of
from collaborative.search.stopwords import STOP_WORDS

LONGEST_WORDING = 80
FEWEST_WORDINGS, MOST_WORDINGS = 2, 12
LONGEST_LIST = 5000
"""Characters of all that is sent; much more than fits into the wordings."""


class SynonymsForm(AskingForm):
    """Wordings, one on each line; each says by itself what is wrong with it."""

    class Meta:
        model = Synonyms
        fields = ("words", "used")
        widgets = {"words": forms.Textarea(attrs={"rows": 6, "cols": 60})}

    def clean_words(self):
        """Return the wordings, one on each line and each once, or say what stands against them."""
        typed = readable(self.cleaned_data["words"][:LONGEST_LIST]).replace("\r", "\n").split("\n")
        lines = [line for each in typed if (line := " ".join(each.split()))]
        faults = [fault for line in lines if (fault := _fault(line))] or _repeated(lines) or self._taken(lines)
        if not faults and not FEWEST_WORDINGS <= len(lines) <= MOST_WORDINGS:
            faults = [
                _("Write %(fewest)s to %(most)s wordings that mean the same, one on each line.")
                % {"fewest": FEWEST_WORDINGS, "most": MOST_WORDINGS}
            ]
        if faults:
            raise forms.ValidationError(faults[:MOST_WORDINGS])
        return "\n".join(lines)

    def _taken(self, lines):
        """Say which wordings stand in another group: a search could not tell which is meant."""
        keys = {key_of(words_of(line)): line for line in lines[: MOST_WORDINGS + 1]}
        others = Wording.objects.filter(key__in=keys).select_related("group")
        others = others.exclude(group=self.instance.pk) if self.instance.pk else others
        return [
            _("“%(wording)s” already stands in another group: %(group)s.")
            % {"wording": keys[row.key], "group": row.group}
            for row in others
        ]


def _fault(line):
    """Return what is wrong with one wording, or nothing."""
    words, shown = words_of(line), {"wording": line[:LONGEST_WORDING], "most": MOST_WORDS, "longest": LONGEST_WORDING}
    if len(line) > LONGEST_WORDING:
        return _("“%(wording)s…” is longer than %(longest)s characters.") % shown
    if not any(sign.isalpha() for word in words for sign in word):
        return _("“%(wording)s” has no letter in it.") % shown
    if len(words) > MOST_WORDS:
        return _("“%(wording)s” has more than %(most)s words.") % shown
    if all(word.lower() in STOP_WORDS for word in words):
        return _("“%(wording)s” stands in nearly every text, so searches leave it out.") % shown
    return ""


def _repeated(lines):
    """Say which wordings are the same but for capitals, signs or a plural."""
    keys = [key_of(words_of(line)) for line in lines]
    times = Counter(keys)
    twice = {key: line for key, line in zip(keys, lines, strict=True) if times[key] > 1}
    return [
        _("“%(wording)s” stands here twice; capitals, signs and plurals make no difference.") % {"wording": line}
        for line in twice.values()
    ]
