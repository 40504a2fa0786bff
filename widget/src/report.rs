//! Everything that there is to say, in the page of somebody else: each line, and the components that are not well. The
//! JavaScript painter makes exactly the same elements.

use candor_shared::bulletin::{Ailing, Line, LocalizedText};
use yew::prelude::*;

use crate::banner::{facts, small, texts};
use crate::clock::Clock;
use crate::level::class;
use crate::node::{node, text};
use crate::pieces::localized;

/// The elements: an article for each line, and a list of components.
pub(crate) fn report(lines: &[Line], components: &[Ailing], details: &str, clock: &Clock) -> Html {
    let mut all: Vec<Html> = lines.iter().map(|line| item(line, details, clock)).collect();
    if !components.is_empty() {
        let components = components.iter().map(|its| component(its, clock));
        all.push(node("ul", "components", &[], &[], components.collect()));
    }
    node("div", "", &["class"], &["report"], all)
}

fn item(line: &Line, details: &str, clock: &Clock) -> Html {
    let all =
        vec![texts(line, clock), small(facts(line, clock), line.url.as_deref(), details, line.elsewhere)];
    node("article", &line.key, &["class", "part"], &[class(line.level), "item"], all)
}

fn component(its: &Ailing, clock: &Clock) -> Html {
    node("li", its.id.as_str(), &["class"], &[class(its.level)], state(&its.name, &its.label, clock))
}

/// How something is: a dot, its name, a word.
pub(crate) fn state(name: &LocalizedText, label: &str, clock: &Clock) -> Vec<Html> {
    vec![
        node("i", "", &["class", "part"], &["dot", "dot"], Vec::new()),
        localized("span", "name", name, clock),
        text(" "),
        node("span", "state", &["class"], &["state"], vec![text(label)]),
    ]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::{clock, drawn::drawn, sample};

    #[test]
    fn every_node_of_a_report_is_as_agreed() {
        let bulletin = sample::bulletin("en");
        let lines = &bulletin.lines[2..];
        let details = &bulletin.phrases.unwrap().details;
        let expected = [
            r#"<div class="report"><article class="notice" part="item"><p><b>Notice</b> <strong dir="auto">Moving</strong></p>"#,
            r#"<p dir="auto">We move house.</p><small>Updated <time datetime="2026-01-01T10:12:00.000Z">1 Jan 2026, 10:12 UTC</time>"#,
            r#" <a href="https://status.example.com/" part="details">Details</a></small></article>"#,
            r#"<ul><li class="critical"><i class="dot" part="dot"></i><span dir="auto">Check-ins</span> <span class="state">major outage</span></li></ul></div>"#,
        ];
        assert_eq!(
            drawn(report(lines, &bulletin.components, details, &clock::clock("en"))),
            expected.concat()
        );
        assert_eq!(drawn(report(&[], &[], details, &clock::clock("en"))), r#"<div class="report"></div>"#);
    }
}
