"""Reads our documents with the typed Statuspage v2 client of the PyPI package `aRez`, unmodified.

    python clients/statuspage_arez.py BASE

This client is strict: it parses times with one fixed pattern, takes the newest update without checking that there is
one, and raises on an unknown status, impact or indicator. The client itself reads only summary.json; this program
fetches the other documents through the client's session and parses them with the client's classes.
"""

import asyncio
import json
import sys

from arez.statuspage import Component, ComponentGroup, Incident, Maintenance, StatusPage


def component(read):
    return {"id": read.id, "name": read.name, "status": read.status, "color": f"{read.color:06x}"}


def event(read):
    shown = {
        "id": read.id,
        "name": read.name,
        "status": read.status,
        "impact": read.impact,
        "components": [part.id for part in read.components],
        "updates": len(read.updates),
        "last_update": str(read.last_update),
    }
    if isinstance(read, Maintenance):
        shown |= {"from": read.scheduled_for.isoformat(), "until": read.scheduled_until.isoformat()}
    return shown


async def main(base):
    async with StatusPage(base) as page:
        now = await page.get_status()
        known = {part.id: part for part in now.components}

        async def events(kind, endpoint, field):
            body = await page.request(endpoint)
            return [event(kind(item, known)) for item in body[field]]

        listed = (await page.request("components.json"))["components"]
        status = (await page.request("status.json"))["status"]
        assert status == {"indicator": now.impact.lower(), "description": now.status}, status
        understood = {
            "page": now.name,
            "updated_at": now.updated_at.isoformat(),
            "indicator": now.impact,
            "description": now.status,
            "groups": [component(read) | {"members": [part.id for part in read.components]} for read in now.groups],
            "components": [component(read) for read in now.components],
            "listed": [component(ComponentGroup(part) if part["group"] else Component(None, part)) for part in listed],
            "current": [event(read) for read in now.incidents],
            "planned": [event(read) for read in now.maintenances],
            "incidents": await events(Incident, "incidents.json", "incidents"),
            "unresolved": await events(Incident, "incidents/unresolved.json", "incidents"),
        }
        for name, endpoint in [
            ("maintenances", "scheduled-maintenances.json"),
            ("upcoming", "scheduled-maintenances/upcoming.json"),
            ("active", "scheduled-maintenances/active.json"),
        ]:
            understood[name] = await events(Maintenance, endpoint, "scheduled_maintenances")
        print(json.dumps(understood, ensure_ascii=False))


asyncio.run(main(sys.argv[1]))
