"""The picture on the home page: who takes part in which programme, drawn from the partnerships."""

import math
from collections import defaultdict

from partners.models import ProgrammePartner

MOST = 80


def partnerships():
    """Return ``(nodes, edges, numbers)`` of the network: one query.

    Programmes are hubs on a circle; their partners stand around them, and those in several programmes
    between them. ``numbers`` are the police organisations, universities and programmes shown.
    """
    rows = (
        ProgrammePartner.objects.current()
        .select_related("organisation__kind_of", "programme")
        .order_by("programme__starts_on", "programme_id", "organisation__kind_of__code", "organisation__name")
    )
    programmes, bodies, joined = {}, {}, defaultdict(list)
    for row in rows:
        programmes[row.programme_id] = row.programme
        bodies[row.organisation_id] = row.organisation
        joined[row.organisation_id].append(row.programme_id)
    shown = dict(sorted(bodies.items(), key=lambda pair: -len(joined[pair[0]]))[:MOST])
    hubs = {pk: _on_circle(at, len(programmes), 0.27) for at, pk in enumerate(programmes)}
    nodes = [_hub(programmes[pk], *hubs[pk]) for pk in programmes]
    nodes += _spread(shown, joined, hubs)
    edges = [
        {"source": f"o{body}", "target": f"p{pk}", "hot": len(joined[body]) > 1}
        for body in shown
        for pk in joined[body]
    ]
    academic = sum(1 for body in bodies.values() if body.academic)
    return nodes, edges, {"police": len(bodies) - academic, "academic": academic, "programmes": len(programmes)}


def _on_circle(at, of, radius):
    if of == 1:
        return 0.5, 0.5
    angle = 2 * math.pi * at / of - math.pi / 2 - 0.5
    return 0.5 + radius * math.cos(angle), 0.5 + radius * 1.1 * math.sin(angle)


def _hub(programme, x, y):
    return {"id": f"p{programme.pk}", "x": x, "y": y, "kind": "hub", "label": programme.short_name, "size": 0.1}


def _spread(bodies, joined, hubs):
    """Place each body: alone in a programme, on an arc turned away from the others; in several, between them."""
    alone, between = defaultdict(list), defaultdict(list)
    for pk, body in bodies.items():
        (alone[joined[pk][0]] if len(joined[pk]) == 1 else between[tuple(sorted(joined[pk]))]).append(body)
    nodes = []
    for hub, members in alone.items():
        nodes += _around(members, *hubs[hub])
    for several, members in between.items():
        nodes += _amid(members, [hubs[pk] for pk in several])
    return nodes


def _around(members, x, y):
    outward = math.atan2(y - 0.5, x - 0.5)
    places = []
    for at, body in enumerate(members):
        share = (at + 0.5) / len(members) - 0.5
        angle = outward + share * math.pi * 1.5
        radius = (0.15, 0.21, 0.27)[at % 3] - 0.06 * abs(share)
        places.append(_node(body, x + radius * math.cos(angle), y + radius * 1.15 * math.sin(angle)))
    return places


def _amid(members, hubs):
    x, y = (sum(point[axis] for point in hubs) / len(hubs) for axis in (0, 1))
    (ax, ay), (bx, by) = hubs[0], hubs[-1]
    length = math.hypot(bx - ax, by - ay) or 1
    across = (-(by - ay) / length, (bx - ax) / length)
    places = []
    for at, body in enumerate(members):
        off = (at - (len(members) - 1) / 2) * 0.1
        places.append(_node(body, x + across[0] * off, y + across[1] * off, size=0.45))
    return places


def _node(body, x, y, size=0.2):
    kind = "b" if body.academic else "a"
    inside = lambda value: min(1.0, max(0.0, value))  # noqa: E731
    return {"id": f"o{body.pk}", "x": inside(x), "y": inside(y), "kind": kind, "label": str(body), "size": size}
