"""Plain text and tables of it: UTF-8, and no document of another kind under their name."""

import re

from django.utils.translation import gettext as _

from collaborative.core.pictures import Unfit

NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|script|svg|\?xml)\b", re.I)


def check_plain(data, ending):
    """Raise ``Unfit`` for what is no text in UTF-8."""
    if not data.strip():
        raise Unfit(_("This file is empty."))
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unfit(_("This is not text in UTF-8. Save it as “UTF-8” and choose it again.")) from error
    if NOT_TEXT.search(words) or MARKUP.match(words):
        raise Unfit(
            _("This file is not what its name says: %(ending)s files hold plain text.") % {"ending": ending.upper()}
        )
