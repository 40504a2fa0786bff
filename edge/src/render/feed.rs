//! The feeds: every text of every incident and public maintenance, and the post-mortems, newest first.
//! Ids and dates are the data's own, so that a reader sees each text once. The XML is quick-xml's, which
//! escapes what an operator wrote.

use std::io;

use candor_shared::published::article;
use candor_shared::text::markdown::to_html;
use candor_shared::text::{Id, Language};
use candor_shared::time::Time;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};
use yew::prelude::*;

use super::markup::markup;
use super::words;
use crate::document::Feed;
use crate::render::source::Source;
use crate::storage::Text;

/// Texts in a feed.
const TEXTS: i64 = 100;
/// Post-mortems in a feed.
const POSTMORTEMS: i64 = 20;
const GENERATOR: &str = "Candor";

struct Item {
    id: String,
    url: String,
    title: String,
    /// As it was written.
    text: String,
    /// As an HTML fragment.
    html: String,
    published: Time,
    updated: Time,
}

struct Channel {
    title: String,
    home: String,
    address: String,
    hub: Option<String>,
    language: Language,
    /// When the newest item changed; 1970 if there is none.
    updated: Time,
    items: Vec<Item>,
}

/// Writes the feed.
///
/// # Errors
/// If the storage cannot be read.
pub fn feed(format: Feed, source: &Source<'_>) -> worker::Result<String> {
    let channel = channel(format, source)?;
    let text = match format {
        Feed::Atom => xml(|writer| atom(writer, &channel, source)),
        Feed::Rss => xml(|writer| rss(writer, &channel)),
        Feed::Json => Ok(json_feed(&channel).to_string()),
    };
    text.map_err(|error| worker::Error::RustError(error.to_string()))
}

fn channel(format: Feed, source: &Source<'_>) -> worker::Result<Channel> {
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
    let told = source.ledger.newest_texts(TEXTS)?.into_iter().map(|told| match told {
        Text::Incident(of, entry) => {
            let title = format!("{}: {}", of.name, words::stage(entry.status.as_str()));
            item("incident", &of.id, entry.number, title, entry.body.as_str(), entry.at)
        }
        Text::Maintenance(of, entry) => {
            let title = format!("{}: {}", of.name, words::stage(entry.status.as_str()));
            item("maintenance", &of.id, entry.number, title, entry.body.as_str(), entry.at)
        }
    });
    let postmortems = source.ledger.newest_postmortems(POSTMORTEMS)?;
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
    let mut items: Vec<Item> = told.chain(postmortems).collect();
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

/// Plain text as HTML.
fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| {
        let lines = text.lines().enumerate();
        let lines = lines.map(|(index, line)| html! { <>if index > 0 { <br /> }{ line.to_owned() }</> });
        html! { <p>{ for lines }</p> }
    };
    markup(html! { <>{ for text.split("\n\n").map(paragraph) }</> })
}

fn xml(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> io::Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    write(&mut writer)?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

/// An element with a text in it.
fn text(writer: &mut Writer<Vec<u8>>, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let element = writer.create_element(name).with_attributes(attributes.iter().copied());
    element.write_text_content(BytesText::new(text))?;
    Ok(())
}

fn empty(writer: &mut Writer<Vec<u8>>, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    writer.create_element(name).with_attributes(attributes.iter().copied()).write_empty()?;
    Ok(())
}

/// RFC 4287.
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

/// RSS 2.0, with what Atom has besides (RSS Advisory Board, best practices profile).
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

/// JSON Feed 1.1 (jsonfeed.org/version/1.1).
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
