//! What Markdown's parser makes of an operator's text, filtered: only what is safe to show, and everything that is to be read.
//!
//! Every surface is made of these events: HTML ([`super::markdown`]), and pieces for painters ([`super::pieces()`]).

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Parser, Tag, TagEnd, TextMergeStream};

use super::autolink::{Piece, pieces};
use super::chat::labelled;
use super::fences::on_own_lines;
use super::lines::{literal, number, stands_alone, without_continuations};
use super::link::{encoded, leads_on};
use super::marks::literal_marks;
use super::plain::{is_foreign, is_invisible};

/// The events that are safe to render, with a link around each address. HTML is text, an image is its alternative text, a link that
/// stands in another link is its text, and an image or a link without a text is its address.
pub(super) fn safe(markdown: &str) -> Vec<Event<'static>> {
    let literal = parsed(markdown).into_iter().map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    let mut open: Vec<Open> = Vec::new();
    let mut in_code = false;
    let mut events = Vec::new();
    // One text comes in pieces, and an address may stand in several of them.
    for event in TextMergeStream::new(literal) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let is_link = !open.iter().any(|around| around.is_link);
                let at = events.len();
                if is_link {
                    events.push(Event::Start(link_to(dest_url.clone())));
                }
                open.push(Open { at, to: dest_url, is_link, is_image: false });
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                open.push(Open { at: events.len(), to: dest_url, is_link: false, is_image: true });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let Some(Open { at, to, is_link, is_image }) = open.pop() else { continue };
                let is_inside = open.iter().any(|around| !around.is_image);
                let shows_nothing = !events.get(at..).is_some_and(|inside| inside.iter().any(is_shown));
                match (shows_nothing, is_inside) {
                    // The link around it has a text or an address of its own.
                    (true, true) if is_image => {}
                    (true, false) if is_image && leads_on(&to) => events.extend(link(to)),
                    (true, _) => events.push(Event::Text(to)),
                    _ => {}
                }
                if is_link {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            Event::Text(text) if !in_code && open.iter().all(|around| around.is_image) => {
                linked(&text, &mut events);
            }
            other => {
                match &other {
                    Event::Start(Tag::CodeBlock(_)) => in_code = true,
                    Event::End(TagEnd::CodeBlock) => in_code = false,
                    _ => {}
                }
                events.push(other);
            }
        }
    }
    events
}

/// What the parser finds, without the characters that no text has, with addresses, numbers and paths as they were written, with a
/// line break where a line stands for itself. What looks like a link and leads nowhere is as it was written: it may be a number to
/// call, or code. So is a backslash at the end of a line, as in a command, and a line of `-` or `=` below several others or of less than
/// three, as above the name under a mail.
fn parsed(markdown: &str) -> Vec<Event<'static>> {
    let markdown = literal_marks(&labelled(&without_continuations(&on_own_lines(&literal(markdown)))));
    let mut events = Vec::new();
    // The next number of each open list; nothing for one without numbers.
    let mut lists: Vec<Option<u64>> = Vec::new();
    // What follows the text of each open link that leads nowhere; nothing for one that leads somewhere.
    let mut links: Vec<Option<String>> = Vec::new();
    let mut label = None;
    // The line below an open heading that is none.
    let mut ruled = None;
    for (event, range) in Parser::new(&markdown).into_offset_iter() {
        let rest = |at: usize| markdown.get(at..).unwrap_or_default();
        match event {
            Event::Start(Tag::List(first)) => lists.push(first),
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => {
                if let Some(Some(next)) = lists.last_mut() {
                    let written = number(rest(range.start).trim_start()).map_or(*next, |(number, _)| number);
                    // A list counts up by one. What does not is another list.
                    if written != *next {
                        events
                            .extend([Event::End(TagEnd::List(true)), Event::Start(Tag::List(Some(written)))]);
                    }
                    *next = written.saturating_add(1);
                }
            }
            _ => {}
        }
        match clean(event).into_static() {
            Event::Text(text) if text.is_empty() => {}
            Event::Text(text) => events.push(Event::Text(label.take().map_or(text, CowStr::from))),
            Event::Start(Tag::Heading { .. })
                if let Some(rule) = markdown.get(range.clone()).and_then(no_heading) =>
            {
                ruled = Some(rule.to_owned());
                events.push(Event::Start(Tag::Paragraph));
            }
            Event::End(TagEnd::Heading(_)) if ruled.is_some() => {
                let rule = ruled.take().unwrap_or_default();
                events.extend([Event::HardBreak, Event::Text(rule.into()), Event::End(TagEnd::Paragraph)]);
            }
            Event::HardBreak if rest(range.start).starts_with('\\') => {
                events.extend([Event::Text("\\".into()), Event::HardBreak]);
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let is_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
                // Chats write "&" so, and Markdown reads no references in an address.
                let written = one_line(&dest_url);
                let to = if is_address { written.replace("&amp;", "&") } else { written.clone() };
                label = Some(to.clone()).filter(|to| *to != written);
                let to = to.as_str();
                if link_type == LinkType::Email {
                    events.push(Event::Start(link_to(format!("mailto:{}", encoded(to)).into())));
                    links.push(None);
                } else if leads_on(to) {
                    events.push(Event::Start(link_to(encoded(to).into())));
                    links.push(None);
                } else if is_address {
                    events.push(Event::Text("<".into()));
                    links.push(Some(">".to_owned()));
                } else {
                    let title =
                        if title.is_empty() { String::new() } else { format!(" \"{}\"", one_line(&title)) };
                    events.push(Event::Text("[".into()));
                    links.push(Some(format!("]({to}{title})")));
                }
            }
            Event::End(TagEnd::Link) => {
                let after = links.pop().flatten().map(|after| Event::Text(after.into()));
                events.push(after.unwrap_or(Event::End(TagEnd::Link)));
            }
            Event::SoftBreak if stands_alone(rest(range.end).trim_start_matches([' ', '\t', '>'])) => {
                events.push(Event::HardBreak)
            }
            event => events.push(event),
        }
    }
    events
}

/// The line of `-` or `=` in the source of a heading that nobody meant as one.
fn no_heading(source: &str) -> Option<&str> {
    let (text, rule) = source.trim_end().rsplit_once('\n')?;
    let rule = rule.trim_start_matches(['>', ' ', '\t']);
    let is_rule =
        !rule.is_empty() && (rule.trim_matches('-').is_empty() || rule.trim_matches('=').is_empty());
    (is_rule && (text.contains('\n') || rule.len() < 3)).then_some(rule)
}

/// A link or an image that is not closed yet.
struct Open {
    /// How many events came before it.
    at: usize,
    /// The address to which it leads, or of the image.
    to: CowStr<'static>,
    /// Whether it becomes a link.
    is_link: bool,
    is_image: bool,
}

/// Whether there is something to see in this event.
pub(super) fn is_shown(event: &Event<'_>) -> bool {
    matches!(event, Event::Text(text) | Event::Code(text) if !text.chars().all(is_invisible))
}

/// The event without characters that no text has. A text is checked when it is sent; a character reference such as `&#1;` is
/// decoded only here.
fn clean(event: Event<'_>) -> Event<'_> {
    let text = |text: CowStr<'_>| -> CowStr<'static> { text.replace(is_foreign, "").into() };
    match event {
        Event::Text(dirty) if dirty.contains(is_foreign) => Event::Text(text(dirty)),
        Event::Code(dirty) if dirty.contains(is_foreign) => Event::Code(text(dirty)),
        Event::Html(dirty) if dirty.contains(is_foreign) => Event::Html(text(dirty)),
        Event::InlineHtml(dirty) if dirty.contains(is_foreign) => Event::InlineHtml(text(dirty)),
        // The name of a language is for programs that colour code. Nothing here does.
        Event::Start(Tag::CodeBlock(_)) => Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = one_line(&dest_url).into();
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// An address without line ends, tabs and characters that no text has.
fn one_line(address: &str) -> String {
    address.replace(|c: char| is_foreign(c) || c.is_control(), "")
}

/// Adds a text, with a link around each address in it.
fn linked(text: &str, events: &mut Vec<Event<'static>>) {
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => events.push(Event::Text(text.to_owned().into())),
            Piece::Address(address) => events.extend(link(address.to_owned().into())),
        }
    }
}

/// A link whose text is its address.
fn link(to: CowStr<'static>) -> [Event<'static>; 3] {
    [Event::Start(link_to(encoded(&to).into())), Event::Text(to), Event::End(TagEnd::Link)]
}

/// The beginning of a link.
fn link_to(to: CowStr<'static>) -> Tag<'static> {
    let none = CowStr::Borrowed("");
    Tag::Link { link_type: LinkType::Inline, dest_url: to, title: none.clone(), id: none }
}

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;
