//! The feeds: the newest texts of incidents and public maintenances, and the newest post-mortems, newest first.
//! Each item has a stable id and the date of its text, so that a feed reader shows it once. A feed names absolute addresses
//! only: before the page has one, it has no links. quick-xml writes the XML and escapes an operator's text.

use std::io;

use candor_shared::bulletin::{incident_word, maintenance_word};
use candor_shared::published::article;
use candor_shared::text::markdown::{prose, to_html};
use candor_shared::text::{Body, Id, Language, Name};
use candor_shared::time::Time;
use candor_shared::words::{Word, offered};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};
use worker::{Error, Result};

use super::source::Source;
use crate::document::{Feed, in_language};
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
    /// The text as the operator wrote it, in Markdown.
    text: String,
    /// The text as an HTML fragment.
    html: String,
    published: Time,
    updated: Time,
}

struct Channel {
    /// The name of the page, as a URN.
    id: String,
    title: String,
    /// What is in it, in a sentence.
    about: String,
    /// The URL of the status page, if it is set.
    home: Option<String>,
    /// The URL of the feed itself, if the page has one.
    address: Option<String>,
    /// The WebSub hub, if one is set.
    hub: Option<String>,
    language: Language,
    /// When an item last changed; 1970 if there is none.
    updated: Time,
    items: Vec<Item>,
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

fn channel(format: Feed, source: &Source<'_>) -> Result<Channel> {
    let Source { words, .. } = *source;
    // A feed in another language than the page's is another feed.
    let own = offered(source.state.page.language().as_str()).unwrap_or("en");
    let address = match words.tag() {
        tag if tag == own => format.path().to_owned(),
        tag => in_language(format.path(), tag),
    };
    let page = &source.state.page;
    let urn = |kind: &str, id: &Id| format!("urn:candor:{}:{kind}:{id}", source.page_id);
    let item =
        |kind: &str, id: &Id, name: &Name, stage: Word, (number, text, at): (u32, &Body, Time), updated| {
            Item {
                id: format!("{}:{number}", urn(kind, id)),
                url: page.address(&format!("/{kind}s/{id}#update-{number}")),
                title: format!("{name}: {}", words.title(stage)),
                text: text.to_string(),
                html: prose(text.as_str()),
                published: at,
                updated,
            }
        };
    let texts =
        source.ledger.newest_texts(MAX_TEXTS, Some(words.tag()))?.into_iter().map(|text| match text {
            Text::Incident(of, entry) => {
                let own = of.language.as_ref();
                let (name, _) = words.translation(&of.name, own, &of.names);
                let (body, _) = words.translation(&entry.body, own, &entry.translations);
                let stage = incident_word(entry.status);
                item(
                    "incident",
                    &of.id,
                    name,
                    stage,
                    (entry.number, body, entry.at),
                    of.entry_modified_at(&entry),
                )
            }
            Text::Maintenance(of, entry) => {
                let own = page.language.as_ref();
                let (name, _) = words.translation(&of.name, own, &of.names);
                let (body, _) = words.translation(&entry.body, own, &entry.translations);
                let stage = maintenance_word(entry.status);
                item("maintenance", &of.id, name, stage, (entry.number, body, entry.at), entry.at)
            }
        });
    let postmortems = source.ledger.newest_postmortems(MAX_POSTMORTEMS)?;
    let postmortems = postmortems.into_iter().map(|(incident, postmortem)| {
        let text = article(&postmortem, words);
        Item {
            id: urn("postmortem", &incident.id),
            url: page.address(&format!("/incidents/{}#postmortem", incident.id)),
            title: words.fill(
                Word::PostmortemItem,
                &[(
                    "name",
                    words.translation(&incident.name, incident.language.as_ref(), &incident.names).0.as_str(),
                )],
            ),
            html: to_html(&text),
            text,
            published: postmortem.published_at,
            updated: postmortem.updated_at,
        }
    });
    let mut items: Vec<Item> = texts.chain(postmortems).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.published));
    Ok(Channel {
        id: format!("urn:candor:{}", source.page_id),
        title: page.title().to_owned(),
        about: words.fill(Word::FeedAbout, &[("name", page.title())]),
        home: page.address("/"),
        address: page.address(&address),
        hub: source.hub.map(ToOwned::to_owned),
        // Texts that are not translated are in the page's own language, which is what most of a feed without `?lang=` is in.
        language: if offered(page.language().as_str()) == Some(words.tag()) {
            page.language()
        } else {
            Language::try_from(words.tag().to_owned()).unwrap_or_else(|_| page.language())
        },
        updated: items.iter().map(|item| item.updated).max().unwrap_or(Time::EPOCH),
        items,
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
        text(writer, "title", &[], &channel.title)?;
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
                text(writer, "title", &[], &item.title)?;
                link(writer, "link", "alternate", Some("text/html"), item.url.as_deref())?;
                text(writer, "published", &[], &item.published.to_string())?;
                text(writer, "updated", &[], &item.updated.to_string())?;
                text(writer, "content", &[("type", "html")], &item.html)
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
                    text(writer, "description", &[], &item.html)
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
mod tests {
    use super::*;

    fn channel(page: Option<&str>) -> Channel {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let address = |path: &str| page.map(|page| format!("{page}{path}"));
        Channel {
            id: "urn:candor:trailmark".to_owned(),
            title: "Trailmark".to_owned(),
            about: "Incidents and maintenance: Trailmark".to_owned(),
            home: address("/"),
            address: address("/history.atom"),
            hub: Some("https://hub.example/".to_owned()),
            language: Language::english(),
            updated: at,
            items: vec![Item {
                id: "urn:candor:trailmark:incident:a:1".to_owned(),
                url: address("/incidents/a#update-1"),
                title: "Down: Investigating".to_owned(),
                text: "See https://a.example".to_owned(),
                html: prose("See https://a.example"),
                published: at,
                updated: at,
            }],
        }
    }

    #[test]
    fn a_feed_has_absolute_addresses_or_none() {
        for page in [None, Some("https://status.example.com"), Some("http://127.0.0.1:8787/demo")] {
            let channel = channel(page);
            let atom = xml(|writer| atom(writer, &channel)).unwrap();
            let rss = xml(|writer| rss(writer, &channel)).unwrap();
            let json = json_feed(&channel);
            for feed in [&atom, &rss] {
                for address in feed.split("href=\"").skip(1).chain(feed.split("<link>").skip(1)) {
                    assert!(
                        ["http", "urn:"].iter().any(|scheme| address.starts_with(scheme)),
                        "{page:?}: {feed}"
                    );
                }
                assert_eq!(feed.matches("rel=\"self\"").count(), usize::from(page.is_some()), "{feed}");
                assert!(feed.contains("rel=\"hub\"") && !feed.contains("\"\""), "{feed}");
            }
            assert_eq!(
                atom.matches("rel=\"alternate\"").count(),
                if page.is_some() { 2 } else { 0 },
                "{atom}"
            );
            assert_eq!(rss.matches("<link>").count(), if page.is_some() { 2 } else { 1 }, "{rss}");
            assert!(atom.contains("<id>urn:candor:trailmark:incident:a:1</id>"), "{atom}");
            assert_eq!(json.get("home_page_url").is_some(), page.is_some());
            assert_eq!(json["items"][0].get("url").is_some(), page.is_some());
            assert!(!json.to_string().contains("null"), "{json}");
        }
    }
}
