//! What Markdown reads where: plain text, and what has marks of its own, in which no other mark begins anything.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

/// A place in the source.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where an address that begins there must end: the text of a link does not run on into the link's own address.
    pub(super) limit: usize,
    pub(super) is_emphasised: bool,
}

/// The places of a source, each kind from its beginning to its end.
pub(super) struct Places {
    /// Where plain text stands: not code, HTML, or an address that is marked as one.
    pub(super) plain: Vec<Place>,
    /// Code, HTML, addresses that are marked as such, and those of links.
    pub(super) closed: Vec<Range<usize>>,
    /// Links and images with a text of their own.
    pub(super) named: Vec<Range<usize>>,
    /// Blocks of code, from their first line on.
    pub(super) code: Vec<Range<usize>>,
}

impl Places {
    /// Where plain text stands here, if it does.
    pub(super) fn at(&self, at: usize) -> Option<&Place> {
        let place = self.plain.partition_point(|place| place.end <= at);
        self.plain.get(place).filter(|place| place.start <= at)
    }

    pub(super) fn of(markdown: &str) -> Self {
        // What is open: how many places came before a link or an image; nothing for what is not plain inside.
        let mut open: Vec<Option<usize>> = Vec::new();
        let (mut emphasis, mut last) = (0_usize, 0);
        let mut plain: Vec<Place> = Vec::new();
        let (mut closed, mut named, mut code) = (Vec::new(), Vec::new(), Vec::new());
        for (event, range) in Parser::new(markdown).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_)) => open.push(None),
                Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                    let is_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
                    open.push((!is_address).then_some(plain.len()));
                }
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                    let first = open.pop().flatten();
                    let inside = first.and_then(|first| plain.get_mut(first..));
                    for place in inside.into_iter().flatten() {
                        place.limit = place.limit.min(last);
                    }
                    code.extend((event == Event::End(TagEnd::CodeBlock)).then(|| range.clone()));
                    let is_named =
                        matches!(event, Event::End(TagEnd::Link | TagEnd::Image)) && first.is_some();
                    named.extend(is_named.then(|| range.clone()));
                    let from = if is_named { last.max(range.start) } else { range.start };
                    closed.push(from..range.end);
                }
                Event::Start(Tag::Emphasis | Tag::Strong) => emphasis = emphasis.saturating_add(1),
                Event::End(TagEnd::Emphasis | TagEnd::Strong) => emphasis = emphasis.saturating_sub(1),
                Event::Code(_) | Event::Html(_) | Event::InlineHtml(_) => closed.push(range.clone()),
                Event::Text(_) if !open.contains(&None) => {
                    let is_emphasised = emphasis > 0;
                    plain.push(Place {
                        start: range.start,
                        end: range.end,
                        limit: markdown.len(),
                        is_emphasised,
                    });
                }
                _ => {}
            }
            if !matches!(event, Event::Start(_)) {
                last = range.end;
            }
        }
        closed.sort_by_key(|range| range.start);
        Self { plain, closed, named, code }
    }
}
