"""Checks that the Atom and RSS feeds are well-formed and valid, and reads them with `feedparser`, which has no JSON.

    python clients/feeds.py BASE [without-address]

"without-address" checks the feeds of a page that has no address yet, which have no links.
`feedparser` forgives violations of RFC 4287 and RSS 2.0, so this program checks those rules in the XML itself.
"""

import json
import re
import sys
import time
import urllib.request
import warnings
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser

warnings.simplefilter("error")

base, *more = sys.argv[1:]
LINKS = 0 if "without-address" in more else 1
ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(r"(\w{3}, )?\d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})")


def check(holds, what):
    if not holds:
        sys.exit(what)


def one(element, name):
    """The text of the only child of this name."""
    found = element.findall(name)
    check(len(found) == 1, f"{element.tag} has {len(found)} {name}, not one")
    text = "".join(found[0].itertext()).strip()
    check(text, f"{name} in {element.tag} is empty")
    return text


def absolute(url, where):
    check(re.match(r"https?://[^/\s]+(/\S*)?$", url), f"{where} is not an absolute URL: {url}")


def unique(ids):
    check(len(set(ids)) == len(ids), f"an id occurs twice: {ids}")


def atom(feed):
    check(feed.tag == f"{ATOM}feed", feed.tag)
    entries = feed.findall(f"{ATOM}entry")
    for element in [feed, *entries]:
        one(element, f"{ATOM}title")
        check(re.match(r"[a-z][a-z0-9+.-]*:\S+$", one(element, f"{ATOM}id")), "an id is not an IRI")
        for date in [one(element, f"{ATOM}updated"), *(found.text for found in element.findall(f"{ATOM}published"))]:
            check(RFC3339.fullmatch(date), f"not a date of RFC 3339: {date}")
        links = element.findall(f"{ATOM}link")
        alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
        check(len(alternates) == LINKS, f"{element.tag} has {len(alternates)} alternate links")
        for link in links:
            absolute(link.attrib["href"], "link")
    itself = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    check(len(itself) == LINKS, f"the feed has {len(itself)} links to itself")
    check(LINKS or all(entry.find(f"{ATOM}content") is not None for entry in entries), "an entry has no link and no content")
    for entry in entries:
        author = entry.find(f"{ATOM}author")
        author = feed.find(f"{ATOM}author") if author is None else author
        check(author is not None and one(author, f"{ATOM}name"), "an entry has no author")
    unique([one(entry, f"{ATOM}id") for entry in entries])


def rss(root):
    check(root.tag == "rss" and root.get("version") == "2.0", f"{root.tag} {root.attrib}")
    check(len(root) == 1, "more than one channel")
    channel = root[0]
    items = channel.findall("item")
    one(channel, "description")
    for element in [channel, *items]:
        one(element, "title")
        if LINKS:
            absolute(one(element, "link"), "link")
    link = channel.find(f"{ATOM}link")
    if LINKS:
        check(link is not None and link.get("rel") == "self", "the channel has no atom:link to itself")
        absolute(link.attrib["href"], "atom:link")
    else:
        check(link is None and not any(item.find("link") is not None for item in items), "a link without an address")
        check(re.match(r"urn:[a-z0-9]+:\S+$", one(channel, "link")), "the channel's link is not a URN")
    dates = [found.text for name in ("pubDate", "lastBuildDate") for found in channel.findall(name)]
    for date in dates + [one(item, "pubDate") for item in items]:
        check(RFC822.fullmatch(date), f"not a date of RFC 822: {date}")
        day, at = date[:3], parsedate_to_datetime(date)
        check("," not in date or at.strftime("%a") == day, f"the wrong weekday: {date}")
    for item in items:
        guid = item.find("guid")
        check(guid is not None and guid.text, "an item has no guid")
        if guid.get("isPermaLink", "true") == "true":
            absolute(guid.text, "guid")
    unique([one(item, "guid") for item in items])


def iso(moment):
    return moment and time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)


def text(entry):
    return "".join(part["value"] for part in entry.get("content", [])) or entry.get("summary", "")


def read(url, media_type, valid):
    with urllib.request.urlopen(url) as answer:
        sent = answer.headers["content-type"]
        check(sent.split(";")[0] == media_type, f"{url} is {sent}")
        valid(ElementTree.fromstring(answer.read()))
    feed = feedparser.parse(url)
    check(feed.status == 200 and not feed.bozo, f"{url}: {feed.status} {feed.get('bozo_exception')}")
    return {
        "version": feed.version,
        "title": feed.feed.title,
        "link": feed.feed.get("link"),
        "entries": [
            {
                "id": entry.id,
                "title": entry.title,
                "link": entry.get("link"),
                "published": iso(entry.get("published_parsed")),
                "updated": iso(entry.get("updated_parsed")) if "updated" in entry.keys() else None,
                "text": len(text(entry)),
            }
            for entry in feed.entries
        ],
    }


print(
    json.dumps(
        {
            "atom": read(f"{base}/history.atom", "application/atom+xml", atom),
            "rss": read(f"{base}/history.rss", "application/rss+xml", rss),
        },
        ensure_ascii=False,
    )
)
