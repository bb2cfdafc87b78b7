"""Two harvesters that we did not write read the harvest of a running portal."""

import warnings
from datetime import UTC, datetime, timedelta

import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch as ScytheFoundNothing
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from collaborative.outputs.models import Record
from collaborative.search.services import index_each, remove
from tests import factories as make

PAGE = 4
BEGAN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def portal(transactional_db, live_server, settings):
    """A running portal with small pages; returns the harvest's address."""
    settings.OAI_PAGE, settings.SITE_URL = PAGE, live_server.url
    return f"{live_server.url}/oai"


def library(n):
    """Put ``n`` things into the library, each changed a second after the one before; return their identifiers."""
    programme, theme, body = make.programme(), make.theme(), make.organisation()
    things = [
        make.sheet(programme, organisation=body) if at % 3 == 2 else make.review(programme, themes=[theme])
        for at in range(n)
    ]
    for kind in ("review", "sheet"):
        index_each(kind, [each.pk for each in things if each.kind == kind])
    for at, each in enumerate(things):
        rows = Record.objects.filter(kind=each.kind, object_id=each.pk)
        rows.update(stamp=BEGAN + timedelta(seconds=at - 60))
    return things, [f"oai:testserver:{each.kind}/{each.pk}" for each in things]


def by_sickle(url, **asked):
    """Harvest with sickle; return ``[(identifier, gone, titles), …]``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return [said(each) for each in Sickle(url, http_method="POST").ListRecords(metadataPrefix="oai_dc", **asked)]


def by_scythe(url, **asked):
    """Harvest with oaipmh-scythe; return the same."""
    with Scythe(url) as scythe:
        return [said(each) for each in scythe.list_records(metadata_prefix="oai_dc", **asked)]


def said(record):
    """Return what either client read of a record; of one that is gone they have no words at all."""
    return record.header.identifier, record.header.deleted, getattr(record, "metadata", {}).get("title")


@pytest.mark.parametrize("n", [PAGE - 1, PAGE, 2 * PAGE])
def test_both_read_every_record_once_whatever_the_number(portal, n):
    things, names = library(n)
    expected = [(name, False, [str(thing)]) for name, thing in zip(names, things, strict=True)]
    assert by_sickle(portal) == by_scythe(portal) == expected


def test_both_read_a_part_by_set_and_dates_and_are_told_what_is_gone(portal):
    things, names = library(2 * PAGE)
    theme = things[0].themes.get().slug
    since, until = "2026-03-01T12:00:01Z", "2026-03-01T12:00:06Z"
    gone = things[3]
    remove(gone.kind, gone.pk)
    Record.objects.filter(gone=True).update(stamp=BEGAN + timedelta(seconds=3 - 60))
    expected = [names[at] for at in (1, 3, 4, 6)]
    part = {"set": f"theme:{theme}", "from": since, "until": until}
    same = {"set_": f"theme:{theme}", "from_": since, "until": until}
    for found in (by_sickle(portal, **part), by_scythe(portal, **same)):
        assert [name for name, _gone, _title in found] == expected
        assert [name for name, deleted, _title in found if deleted] == [names[3]]


def test_both_read_who_we_are_and_which_sets_there_are(portal):
    library(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        sickle = Sickle(portal)
        who, sets = sickle.Identify(), [each.setSpec for each in sickle.ListSets()]
        formats = [each.metadataPrefix for each in sickle.ListMetadataFormats()]
        with pytest.raises(NoRecordsMatch):
            sickle.ListRecords(metadataPrefix="oai_dc", set="theme:none")
    with Scythe(portal) as scythe:
        same = scythe.identify()
        assert [each.setSpec for each in scythe.list_sets()] == sets
        assert [each.metadataPrefix for each in scythe.list_metadata_formats()] == formats == ["oai_dc"]
        with pytest.raises(ScytheFoundNothing):
            list(scythe.list_records(metadata_prefix="oai_dc", set_="theme:none"))
    assert who.baseURL == same.baseURL == portal
    assert who.granularity == same.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert "kind:review" in sets
