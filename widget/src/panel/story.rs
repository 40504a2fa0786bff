//! Incidents and maintenance with all that was said of them.

use candor_shared::panel::{PanelLink, Section, Story, StoryUpdate};
use candor_shared::text::Piece;
use yew::prelude::*;

use crate::banner::{is_web, small};
use crate::clock::Clock;
use crate::level::class;
use crate::node::{node, text};
use crate::pieces::{localized, painted};

/// Stories under a heading.
pub(super) fn section(of: &Section, clock: &Clock) -> Html {
    let mut all = vec![node("h3", "title", &[], &[], vec![text(&of.title)])];
    all.extend(of.stories.iter().map(|its| story(its, clock)));
    node("section", &of.title, &[], &[], all)
}

fn story(of: &Story, clock: &Clock) -> Html {
    let label = node("b", "", &[], &[], vec![text(&of.label)]);
    let mut heading = vec![label, text(" ")];
    if let Some(name) = &of.name {
        heading.push(localized("strong", "strong", name, clock));
    }
    let mut all = vec![node("h4", "name", &[], &[], heading)];
    if let Some(note) = &of.note {
        all.push(node("div", "note", &["class"], &["note"], vec![localized("p", "note", note, clock)]));
    }
    all.push(facts(&of.facts, clock));
    if !of.updates.is_empty() {
        let updates = of.updates.iter().map(|its| update(its, clock)).collect();
        all.push(node("ol", "updates", &[], &[], updates));
    }
    all.push(links("p", &of.links));
    node("article", &of.key, &["class", "part"], &[class(of.level), "item"], all)
}

fn update(of: &StoryUpdate, clock: &Clock) -> Html {
    let mut first = Vec::new();
    if let Some(label) = &of.label {
        first.push(node("strong", "", &[], &[], vec![text(label)]));
        first.push(text(" "));
    }
    first.push(facts(&of.facts, clock));
    let first = node("p", "where", &[], &[], first);
    node("li", "", &[], &[], vec![first, localized("p", "body", &of.body, clock)])
}

fn facts(all: &[Vec<Piece>], clock: &Clock) -> Html {
    small(all.iter().map(|fact| painted(fact, clock)).collect(), None, "", false)
}

/// Addresses in one element; nothing if there are none. Only addresses of the web and of mail become links.
pub(super) fn links(tag: &'static str, of: &[PanelLink]) -> Html {
    let all = of.iter().filter(|link| is_web(&link.url) || link.url.starts_with("mailto:"));
    let all: Vec<Html> =
        all.map(|its| node("a", "", &["href"], &[&its.url], vec![text(&its.label)])).collect();
    if all.is_empty() {
        return Html::default();
    }
    node(tag, "links", &["class"], &["links"], all)
}
