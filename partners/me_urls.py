"""Addresses below /me/ of what concerns one's own places in organisations."""

app_name = "mine"
urlpatterns = []
