// Reads the three feeds with `feedsmith` and the XML feeds with `rss-parser`, and checks that both read the same. Checks
// feed.json against the rules of JSON Feed 1.1, which neither library does.
//
//     node clients/feeds.mjs BASE

import assert from "node:assert/strict";
import { detectAtomFeed, detectJsonFeed, detectRssFeed, parseAtomFeed, parseJsonFeed, parseRssFeed } from "feedsmith";
import RssParser from "rss-parser";

const base = process.argv[2];

async function load(path, mediaType) {
  const answer = await fetch(base + path);
  const body = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${body}`);
  assert.equal(answer.headers.get("content-type").split(";")[0], mediaType, path);
  return body;
}

const iso = (date) => (date ? new Date(date).toISOString().replace(/\.\d+Z$/, "Z") : null);
const alternate = (links) => links.find((link) => (link.rel ?? "alternate") === "alternate").href;
// feedsmith returns a text as a string or, if it has a type, as an object.
const plain = (text) => (typeof text === "object" ? text.value : text);

function fromAtom(body) {
  assert(detectAtomFeed(body));
  const feed = parseAtomFeed(body);
  return {
    title: plain(feed.title),
    link: alternate(feed.links),
    entries: (feed.entries ?? []).map((entry) => ({
      id: entry.id,
      title: plain(entry.title),
      link: alternate(entry.links),
      published: iso(entry.published),
      updated: iso(entry.updated),
      text: plain(entry.content ?? entry.summary).length,
    })),
  };
}

function fromRss(body) {
  assert(detectRssFeed(body));
  const feed = parseRssFeed(body);
  return {
    title: feed.title,
    link: feed.link,
    entries: (feed.items ?? []).map((item) => ({
      id: item.guid.value,
      title: item.title,
      link: item.link,
      published: iso(item.pubDate),
      updated: iso(item.atom?.updated),
      text: (item.content?.encoded ?? item.description).length,
    })),
  };
}

function fromJson(body) {
  assert(detectJsonFeed(body));
  const feed = parseJsonFeed(body);
  return {
    title: feed.title,
    link: feed.home_page_url,
    entries: (feed.items ?? []).map((item) => ({
      id: item.id,
      title: item.title,
      link: item.url,
      published: iso(item.date_published),
      updated: iso(item.date_modified),
      text: (item.content_html ?? item.content_text).length,
    })),
  };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const string = (value) => typeof value === "string" && value !== "";
const url = (value) => string(value) && /^https?:$/.test(new URL(value).protocol);
const date = (value) => RFC3339.test(value) && !Number.isNaN(Date.parse(value));
const list = (each) => (value) => Array.isArray(value) && value.every(each);
const author = (value) => url(value.url ?? value.avatar) || string(value.name);
const attachment = (value) => url(value.url) && string(value.mime_type);

const FEED = {
  version: (value) => value === "https://jsonfeed.org/version/1.1", title: string, home_page_url: url, feed_url: url,
  description: string, user_comment: string, next_url: url, icon: url, favicon: url, authors: list(author),
  language: string, expired: (value) => typeof value === "boolean",
  hubs: list((hub) => string(hub.type) && url(hub.url)),
  items: Array.isArray,
};
const ITEM = {
  id: string, url, external_url: url, title: string, content_html: string, content_text: string, summary: string,
  image: url, banner_image: url, date_published: date, date_modified: date, authors: list(author), tags: list(string),
  language: string, attachments: list(attachment),
};

function jsonFeed11(feed) {
  const fields = (object, rules, required) => {
    for (const name of required) assert(name in object, `feed.json: no ${name} in ${JSON.stringify(object)}`);
    for (const [name, value] of Object.entries(object)) {
      // Names that begin with an underscore are extensions.
      if (name.startsWith("_")) continue;
      assert(rules[name]?.(value), `feed.json: ${name} is ${JSON.stringify(value)}`);
    }
  };
  fields(feed, FEED, ["version", "title", "home_page_url", "feed_url", "items"]);
  for (const item of feed.items) {
    fields(item, ITEM, ["id"]);
    assert(item.content_html ?? item.content_text, `feed.json: ${item.id} has no content`);
  }
  const ids = feed.items.map((item) => item.id);
  assert.equal(new Set(ids).size, ids.length, `feed.json: an id occurs twice: ${ids}`);
}

// rss-parser fetches the feed itself, as a feed reader does.
async function sameByRssParser(path, read) {
  const feed = await new RssParser().parseURL(base + path);
  const found = {
    title: feed.title,
    link: feed.link,
    entries: feed.items.map((item) => ({
      id: item.id ?? item.guid, title: item.title, link: item.link, published: iso(item.isoDate),
    })),
  };
  const { title, link, entries } = read;
  const wanted = {
    title, link, entries: entries.map(({ id, title, link, published }) => ({ id, title, link, published })),
  };
  assert.deepEqual(found, wanted, `rss-parser and feedsmith read ${path} differently`);
}

const atom = fromAtom(await load("/history.atom", "application/atom+xml"));
const rss = fromRss(await load("/history.rss", "application/rss+xml"));
const body = await load("/feed.json", "application/feed+json");
jsonFeed11(JSON.parse(body));
const json = fromJson(body);
await sameByRssParser("/history.atom", atom);
await sameByRssParser("/history.rss", rss);
console.log(JSON.stringify({ atom, rss, json }));
