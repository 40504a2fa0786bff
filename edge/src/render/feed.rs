//! The feeds: the newest texts of incidents and public maintenances, and the newest post-mortems, newest first.
//! Each item has a stable id and the date of its text, so that a feed reader shows it once. quick-xml writes the XML and
//! escapes an operator's text.

use std::io;

use candor_shared::published::article;
use candor_shared::text::markdown::to_html;
use candor_shared::text::{Id, Language};
use candor_shared::time::Time;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};
use worker::{Error, Result};
use yew::prelude::*;

use super::markup::markup;
use super::source::Source;
use super::words;
use crate::document::Feed;
use crate::storage::Text;

/// The most texts in a feed.
const MAX_TEXTS: i64 = 100;
/// The most post-mortems in a feed.
const MAX_POSTMORTEMS: i64 = 20;
const GENERATOR: &str = "Candor";

struct Item {
    id: String,
    url: String,
    title: String,
    /// The text as the operator wrote it: plain text, or Markdown for a post-mortem.
    text: String,
    /// The text as an HTML fragment.
    html: String,
    published: Time,
    updated: Time,
}

struct Channel {
    title: String,
    /// The URL of the status page.
    home: String,
    /// The URL of the feed itself.
    address: String,
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
        Feed::Atom => xml(|writer| atom(writer, &channel, source)),
        Feed::Rss => xml(|writer| rss(writer, &channel)),
        Feed::Json => Ok(json_feed(&channel).to_string()),
    };
    text.map_err(|error| Error::RustError(error.to_string()))
}

fn channel(format: Feed, source: &Source<'_>) -> Result<Channel> {
    let page = &source.state.page;
    let urn = |kind: &str, id: &Id| format!("urn:candor:{}:{kind}:{id}", source.page_id);
    let item = |kind: &str, id: &Id, number: u32, title: String, text: &str, at: Time| Item {
        id: format!("{}:{number}", urn(kind, id)),
        url: page.address_or_path(&format!("/{kind}s/{id}#update-{number}")),
        title,
        text: text.to_owned(),
        html: paragraphs(text),
        published: at,
        updated: at,
    };
    let texts = source.ledger.newest_texts(MAX_TEXTS)?.into_iter().map(|text| match text {
        Text::Incident(of, entry) => {
            let title = format!("{}: {}", of.name, words::stage(entry.status.as_str()));
            item("incident", &of.id, entry.number, title, entry.body.as_str(), entry.at)
        }
        Text::Maintenance(of, entry) => {
            let title = format!("{}: {}", of.name, words::stage(entry.status.as_str()));
            item("maintenance", &of.id, entry.number, title, entry.body.as_str(), entry.at)
        }
    });
    let postmortems = source.ledger.newest_postmortems(MAX_POSTMORTEMS)?;
    let postmortems = postmortems.into_iter().map(|(incident, postmortem)| {
        let text = article(&postmortem);
        Item {
            id: urn("postmortem", &incident.id),
            url: page.address_or_path(&format!("/incidents/{}#postmortem", incident.id)),
            title: format!("{}: what happened", incident.name),
            html: to_html(&text),
            text,
            published: postmortem.published_at,
            updated: postmortem.updated_at,
        }
    });
    let mut items: Vec<Item> = texts.chain(postmortems).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.published));
    Ok(Channel {
        title: page.title().to_owned(),
        home: page.address_or_path("/"),
        address: page.address_or_path(format.path()),
        hub: source.hub.map(ToOwned::to_owned),
        language: page.language(),
        updated: items.iter().map(|item| item.updated).max().unwrap_or(Time::EPOCH),
        items,
    })
}

/// Plain text as HTML: an empty line separates paragraphs, a line end becomes `<br>`.
fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| {
        let lines = text.lines().enumerate();
        let lines = lines.map(|(index, line)| html! { <>if index > 0 { <br /> }{ line.to_owned() }</> });
        html! { <p>{ for lines }</p> }
    };
    markup(html! { <>{ for text.split("\n\n").map(paragraph) }</> })
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

/// Writes Atom (RFC 4287).
fn atom(writer: &mut Writer<Vec<u8>>, channel: &Channel, source: &Source<'_>) -> io::Result<()> {
    let root = writer
        .create_element("feed")
        .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
        .with_attribute(("xml:lang", channel.language.as_str()));
    root.write_inner_content(|writer| {
        text(writer, "id", &[], &format!("urn:candor:{}", source.page_id))?;
        text(writer, "title", &[], &channel.title)?;
        text(writer, "updated", &[], &channel.updated.to_string())?;
        text(writer, "generator", &[], GENERATOR)?;
        empty(
            writer,
            "link",
            &[("rel", "self"), ("type", "application/atom+xml"), ("href", &channel.address)],
        )?;
        empty(writer, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &channel.home)])?;
        if let Some(hub) = &channel.hub {
            empty(writer, "link", &[("rel", "hub"), ("href", hub)])?;
        }
        writer
            .create_element("author")
            .write_inner_content(|writer| text(writer, "name", &[], &channel.title))?;
        for item in &channel.items {
            writer.create_element("entry").write_inner_content(|writer| {
                text(writer, "id", &[], &item.id)?;
                text(writer, "title", &[], &item.title)?;
                empty(writer, "link", &[("rel", "alternate"), ("type", "text/html"), ("href", &item.url)])?;
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
            text(writer, "link", &[], &channel.home)?;
            text(writer, "description", &[], &format!("Incidents and maintenance: {}", channel.title))?;
            text(writer, "language", &[], channel.language.as_str())?;
            text(writer, "generator", &[], GENERATOR)?;
            text(writer, "lastBuildDate", &[], &channel.updated.in_http())?;
            empty(
                writer,
                "atom:link",
                &[("rel", "self"), ("type", "application/rss+xml"), ("href", &channel.address)],
            )?;
            if let Some(hub) = &channel.hub {
                empty(writer, "atom:link", &[("rel", "hub"), ("href", hub)])?;
            }
            for item in &channel.items {
                writer.create_element("item").write_inner_content(|writer| {
                    text(writer, "guid", &[("isPermaLink", "false")], &item.id)?;
                    text(writer, "title", &[], &item.title)?;
                    text(writer, "link", &[], &item.url)?;
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
            json!({
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_text": item.text,
                "content_html": item.html,
                "date_published": item.published,
                "date_modified": item.updated,
            })
        })
        .collect();
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "language": channel.language.as_str(),
        "authors": [{ "name": channel.title }],
        "items": items,
    });
    if let (Some(hub), Some(feed)) = (&channel.hub, feed.as_object_mut()) {
        feed.insert("hubs".to_owned(), json!([{ "type": "WebSub", "url": hub }]));
    }
    feed
}
