"""Which reviews and sheets carry the words of something else, and are indexed anew when these change."""

from collaborative.search.touching import touches
from evidence.models import Review, Sheet


@touches("theme")
def of_themes(ids):
    """Both name their themes."""
    return [("review", Review.objects.filter(themes__in=ids)), ("sheet", Sheet.objects.filter(themes__in=ids))]


@touches("programme")
def of_programmes(ids):
    """What is harvested of both names their programme."""
    return [("review", Review.objects.filter(programme__in=ids)), ("sheet", Sheet.objects.filter(programme__in=ids))]


@touches("organisation")
def of_organisations(ids):
    """Sheets name who sent them in."""
    return [("sheet", Sheet.objects.filter(organisation__in=ids))]


@touches("evidence.tag")
def of_tags(ids):
    """Sheets name their tags."""
    return [("sheet", Sheet.objects.filter(tags__in=ids))]


@touches("vocabulary.term")
def of_terms(ids):
    """Reviews name their kind; sheets name stage, recognition and modes."""
    sheets = [Sheet.objects.filter(**{f"{field}__in": ids}) for field in ("stage", "recognised", "modes__term")]
    return [("review", Review.objects.filter(kind_of__in=ids)), *(("sheet", found) for found in sheets)]
