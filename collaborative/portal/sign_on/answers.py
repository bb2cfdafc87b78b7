"""What the browser is answered when single sign-on goes on elsewhere, or does not go on."""

from django.shortcuts import render


def going_on(request, service, url):
    """Lead the browser to a provider by a page that goes on at once.

    A redirect would be the answer to a form, and our content security policy lets forms lead to ourselves
    alone, wherever the provider may send people on to. A page may lead anywhere, and the policy stays as it is.
    """
    onward = f"0; url={url}"
    return render(request, "socialaccount/going_on.html", {"service": service, "url": url, "onward": onward})


def failed(request, sentence, status=403):
    """Say in a sentence why it did not work, and what can be done."""
    return render(request, "socialaccount/authentication_error.html", {"sentence": sentence}, status=status)
