"""The button that follows a theme or a programme, and what is new on a person's own page."""

from collaborative.core.panels import panel
from collaborative.notifications.queries import follows, news_for


@panel("theme", order=5)
def follow_theme(theme, request):
    """Follow the theme, or stop."""
    return _follow(theme, request)


@panel("programme", order=5)
def follow_programme(programme, request):
    """Follow the programme, or stop."""
    return _follow(programme, request)


def _follow(thing, request):
    return "notifications/follow.html", {"thing": thing, "follows": follows(request.user, thing)}


@panel("me", order=60)
def news(person, request):
    """What is new in what the person follows."""
    return "notifications/news.html", {"news": news_for(person)}
