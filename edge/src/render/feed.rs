//! The feeds: the newest texts of incidents and public maintenances, and the newest post-mortems, newest first.
//! Each item has a stable id and the date of its text, so that a feed reader shows it once. A feed names absolute addresses
//! only: before the page has one, it has no links. quick-xml writes the XML and escapes an operator's text.

use std::collections::BTreeMap;
use std::io;

use candor_shared::bulletin::{incident_word, maintenance_word};
use candor_shared::published::{whole_article, whole_article_html};
use candor_shared::text::{Body, Id, Language, Name};
use candor_shared::time::Time;
use candor_shared::words::{Word, Words, offered};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};
use worker::{Error, Result};

use super::feed_facts::Facts;
use super::source::Source;
use crate::document::{Feed, HOME};
use crate::storage::Text;

/// The most texts in a feed.
const MAX_TEXTS: i64 = 100;
/// The most post-mortems in a feed.
const MAX_POSTMORTEMS: i64 = 20;
const GENERATOR: &str = "Candor";

struct Item {
    id: String,
    /// Where it can be read, if the page has an address.
    url: Option<String>,
    title: String,
    /// The language of the name in the title.
    title_language: String,
    /// The text as the operator wrote it, in Markdown.
    text: String,
    /// The text as an HTML fragment.
    html: String,
    /// The language of the text.
    language: String,
    published: Time,
    updated: Time,
}

struct Channel {
    /// The name of the feed, as a URN: that of the page, with a language if one was chosen.
    id: String,
    title: String,
    /// The language of the title.
    title_language: String,
    /// What is in it, in a sentence.
    about: String,
    /// The URL of the status page, if it is set.
    home: Option<String>,
    /// The URL of the feed itself, if the page has one.
    address: Option<String>,
    /// The WebSub hub, if one is set.
    hub: Option<String>,
    /// The language of what is not marked otherwise.
    language: Language,
    /// When an item last changed; when the page did, if there is none.
    updated: Time,
    items: Vec<Item>,
}

impl Channel {
    /// A language, if it is another one than that of the feed.
    fn other<'a>(&self, language: &'a str) -> Option<&'a str> {
        (language != self.language.as_str()).then_some(language)
    }
}

/// The feed in one of the formats.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn feed(format: Feed, source: &Source<'_>) -> Result<String> {
    let channel = channel(format, source)?;
    let text = match format {
        Feed::Atom => xml(|writer| atom(writer, &channel)),
        Feed::Rss => xml(|writer| rss(writer, &channel)),
        Feed::Json => Ok(json_feed(&channel).to_string()),
    };
    text.map_err(|error| Error::RustError(error.to_string()))
}

/// Finds an operator's text in the language of a feed.
struct Texts<'a> {
    words: &'a Words,
    /// The language of the texts, if it is the page's own and there are no words of it.
    only: Option<&'a Language>,
}

impl<'a> Texts<'a> {
    /// The closest text, and its language.
    fn translation<T>(
        &self,
        text: &'a T,
        own: Option<&'a Language>,
        translations: &'a BTreeMap<Language, T>,
    ) -> (&'a T, String) {
        let found =
            self.only.filter(|only| own != Some(only)).and_then(|only| translations.get_key_value(only));
        let (text, language) = match (self.only, found) {
            (None, _) => self.words.translation(text, own, translations),
            (_, Some((language, text))) => (text, language.as_str()),
            (_, None) => (text, own.map_or("en", Language::as_str)),
        };
        (text, language.to_owned())
    }
}

fn channel(format: Feed, source: &Source<'_>) -> Result<Channel> {
    let Source { words, chosen, state, ledger, .. } = *source;
    let page = &state.page;
    let own = page.language();
    let spoken = offered(own.as_str());
    // A feed in a language that was chosen is another feed: it has an id, an address and links of its own.
    let id = format!("urn:candor:{}", source.page_id);
    let urn = |kind: &str, of: &Id| format!("{id}:{kind}:{of}");
    let link = |path: &str, at: &str| page.address(&format!("{}{at}", source.in_chosen(path)));
    let texts = Texts { words, only: Some(&own).filter(|_| chosen.or(spoken).is_none()) };
    let language = match chosen.filter(|tag| spoken != Some(*tag)) {
        Some(tag) => Language::try_from(tag.to_owned()).unwrap_or_else(|_| own.clone()),
        None => own.clone(),
    };
    let wanted = texts.only.map_or(words.tag(), Language::as_str);
    let mut items = Vec::new();
    for text in ledger.newest_texts(MAX_TEXTS, Some(wanted))? {
        let item = |kind: &str,
                    of: &Id,
                    (name, title_language): (&Name, String),
                    stage: Word,
                    (number, published): (u32, Time),
                    (body, language): (&Body, String),
                    facts: Facts,
                    updated| Item {
            id: format!("{}:{number}", urn(kind, of)),
            url: link(&format!("/{kind}s/{of}"), &format!("#update-{number}")),
            title: words.labelled(name.as_str(), &words.title(stage)),
            title_language,
            text: facts.text(words, body),
            html: facts.html(words, body, &language),
            language,
            published,
            updated,
        };
        items.push(match &text {
            Text::Incident(of, entry) => {
                let own = of.language.as_ref();
                item(
                    "incident",
                    &of.id,
                    texts.translation(&of.name, own, &of.names),
                    incident_word(entry.status),
                    (entry.number, entry.at),
                    texts.translation(&entry.body, own, &entry.translations),
                    Facts::of(words, (state, ledger), None, entry.failing().map(|id| (id, Some(entry.at))))?,
                    of.entry_modified_at(entry),
                )
            }
            Text::Maintenance(of, entry) => {
                let own = of.language(page);
                item(
                    "maintenance",
                    &of.id,
                    texts.translation(&of.name, own, &of.names),
                    maintenance_word(entry.status),
                    (entry.number, entry.at),
                    texts.translation(&entry.body, own, &entry.translations),
                    Facts::of(
                        words,
                        (state, ledger),
                        Some((of.scheduled_for, of.scheduled_until)),
                        of.components.iter().map(|id| (id, (!of.is_open()).then_some(of.created_at))),
                    )?,
                    entry.at,
                )
            }
        });
    }
    for (incident, postmortem) in &ledger.newest_postmortems(MAX_POSTMORTEMS)? {
        let own = incident.language.as_ref();
        let (name, title_language) = texts.translation(&incident.name, own, &incident.names);
        items.push(Item {
            id: urn("postmortem", &incident.id),
            url: link(&format!("/incidents/{}", incident.id), "#postmortem"),
            title: words.fill(Word::PostmortemItem, &[("name", name.as_str())]),
            title_language,
            html: whole_article_html(2, postmortem, words),
            text: whole_article(postmortem, words),
            language: own.map_or("en", Language::as_str).to_owned(),
            published: postmortem.published_at,
            updated: incident.renamed_at.map_or(postmortem.updated_at, |at| at.max(postmortem.updated_at)),
        });
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.published));
    Ok(Channel {
        title: page.title().to_owned(),
        title_language: own.to_string(),
        about: words.fill(Word::FeedAbout, &[("name", page.title())]),
        home: link(HOME, ""),
        address: link(format.path(), ""),
        hub: source.hub.map(ToOwned::to_owned),
        language,
        updated: items.iter().map(|item| item.updated).max().unwrap_or(source.published_at),
        items,
        id: chosen.map_or_else(|| id.clone(), |tag| format!("{id}:feed:{tag}")),
    })
}

/// An XML document with what `write` writes.
fn xml(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> io::Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    write(&mut writer)?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

/// Writes an element that contains a text.
fn text(writer: &mut Writer<Vec<u8>>, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let element = writer.create_element(name).with_attributes(attributes.iter().copied());
    element.write_text_content(BytesText::new(text))?;
    Ok(())
}

/// Writes an element that contains what an operator wrote, with its language where it is another than that of the feed.
fn written(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    attributes: &[(&str, &str)],
    language: Option<&str>,
    content: &str,
) -> io::Result<()> {
    let language = language.map(|language| ("xml:lang", language));
    let attributes: Vec<(&str, &str)> = attributes.iter().copied().chain(language).collect();
    text(writer, name, &attributes, content)
}

/// Writes an element without content.
fn empty(writer: &mut Writer<Vec<u8>>, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    writer.create_element(name).with_attributes(attributes.iter().copied()).write_empty()?;
    Ok(())
}

/// Writes a link, if there is an address to which it can lead.
fn link(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    rel: &str,
    kind: Option<&str>,
    address: Option<&str>,
) -> io::Result<()> {
    let Some(address) = address else { return Ok(()) };
    let mut attributes = vec![("rel", rel)];
    attributes.extend(kind.map(|kind| ("type", kind)));
    attributes.push(("href", address));
    empty(writer, name, &attributes)
}

/// Writes Atom (RFC 4287). Its entries have content, so a link is optional (section 4.1.2).
fn atom(writer: &mut Writer<Vec<u8>>, channel: &Channel) -> io::Result<()> {
    let root = writer
        .create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .with_attribute(("xml:lang", channel.language.as_str()));
    root.write_inner_content(|writer| {
        text(writer, "id", &[], &channel.id)?;
        written(writer, "title", &[], channel.other(&channel.title_language), &channel.title)?;
        text(writer, "updated", &[], &channel.updated.to_string())?;
        text(writer, "generator", &[], GENERATOR)?;
        link(writer, "link", "self", Some("application/atom+xml"), channel.address.as_deref())?;
        link(writer, "link", "alternate", Some("text/html"), channel.home.as_deref())?;
        link(writer, "link", "hub", None, channel.hub.as_deref())?;
        writer
            .create_element("author")
            .write_inner_content(|writer| text(writer, "name", &[], &channel.title))?;
        for item in &channel.items {
            writer.create_element("entry").write_inner_content(|writer| {
                text(writer, "id", &[], &item.id)?;
                written(writer, "title", &[], channel.other(&item.title_language), &item.title)?;
                link(writer, "link", "alternate", Some("text/html"), item.url.as_deref())?;
                text(writer, "published", &[], &item.published.to_string())?;
                text(writer, "updated", &[], &item.updated.to_string())?;
                written(writer, "content", &[("type", "html")], channel.other(&item.language), &item.html)
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Writes RSS 2.0, with `atom:link` for the feed's own URL and the hub (RSS Advisory Board, best practices profile).
fn rss(writer: &mut Writer<Vec<u8>>, channel: &Channel) -> io::Result<()> {
    let root = writer
        .create_element("rss")
        .with_attribute(("version", "2.0"))
        .with_attribute(("xmlns:atom", "http://www.w3.org/2005/Atom"));
    root.write_inner_content(|writer| {
        writer.create_element("channel").write_inner_content(|writer| {
            text(writer, "title", &[], &channel.title)?;
            // RSS requires a link, and permits every registered scheme: `urn` is one.
            text(writer, "link", &[], channel.home.as_ref().unwrap_or(&channel.id))?;
            text(writer, "description", &[], &channel.about)?;
            text(writer, "language", &[], channel.language.as_str())?;
            text(writer, "generator", &[], GENERATOR)?;
            text(writer, "lastBuildDate", &[], &channel.updated.in_http())?;
            link(writer, "atom:link", "self", Some("application/rss+xml"), channel.address.as_deref())?;
            link(writer, "atom:link", "hub", None, channel.hub.as_deref())?;
            for item in &channel.items {
                writer.create_element("item").write_inner_content(|writer| {
                    text(writer, "guid", &[("isPermaLink", "false")], &item.id)?;
                    text(writer, "title", &[], &item.title)?;
                    if let Some(url) = &item.url {
                        text(writer, "link", &[], url)?;
                    }
                    text(writer, "pubDate", &[], &item.published.in_http())?;
                    // RSS has no mark of its own for the language of an item.
                    match channel.other(&item.language) {
                        None => text(writer, "description", &[], &item.html),
                        Some(language) => {
                            let html = format!("<div lang=\"{language}\" dir=\"auto\">{}</div>", item.html);
                            text(writer, "description", &[], &html)
                        }
                    }
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

/// The feed as JSON Feed 1.1 (jsonfeed.org/version/1.1).
fn json_feed(channel: &Channel) -> Value {
    let items: Vec<Value> = channel
        .items
        .iter()
        .map(|item| {
            with(
                json!({
                    "id": item.id,
                    "title": item.title,
                    "content_text": item.text,
                    "content_html": item.html,
                    "language": item.language,
                    "date_published": item.published,
                    "date_modified": item.updated,
                }),
                [("url", item.url.clone().map(Value::from))],
            )
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "language": channel.language.as_str(),
        "authors": [{ "name": channel.title }],
        "items": items,
    });
    let hubs = channel.hub.as_ref().map(|hub| json!([{ "type": "WebSub", "url": hub }]));
    let home = channel.home.clone().map(Value::from);
    let address = channel.address.clone().map(Value::from);
    with(feed, [("home_page_url", home), ("feed_url", address), ("hubs", hubs)])
}

/// The JSON object with those of the fields that have a value.
fn with<const N: usize>(mut object: Value, fields: [(&str, Option<Value>); N]) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    object
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
