"""What can be found of events, and by whom; the same rule as their ``visible_to``."""

from collaborative.search.registry import ALWAYS, Entry, searchable
from collaborative.search.touching import touches
from training.models import Event
from training.states import PUBLIC_STATES


def with_words(rows):
    """Fetch what ``event`` reads of each row."""
    return rows.select_related("kind_of", "organiser").prefetch_related("themes")


@searchable("event", rows=with_words, order=30)
def event(event):
    """An event once it is announced; its coordinators find it before."""
    names = [event.kind_of.label, event.place, event.organiser.name, *(theme.name for theme in event.themes.all())]
    return Entry(
        title=event.title,
        summary=event.summary,
        body="\n\n".join(text for text in (event.description, " · ".join(name for name in names if name)) if text),
        public_from=ALWAYS if event.state in PUBLIC_STATES else None,
        programme_id=event.programme_id,
        date=event.starts_at.date(),
    )


def _touched_by(field):
    return lambda ids: [("event", Event.objects.filter(**{f"{field}__in": ids}))]


touches("theme")(_touched_by("themes"))
touches("organisation")(_touched_by("organiser"))
touches("programme")(_touched_by("programme"))
touches("vocabulary.term")(_touched_by("kind_of"))
