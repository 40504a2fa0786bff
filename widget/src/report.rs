//! Everything that there is to say, in the page of somebody else: each line, and the components that are not well. The
//! JavaScript painter makes exactly the same elements.

use candor_shared::bulletin::{Ailing, Line};
use yew::prelude::*;

use crate::banner::{facts, small, told};
use crate::clock::Clock;
use crate::level::class;
use crate::pieces::said;

/// The elements: an article for each line, and a list of components.
pub(crate) fn report(lines: &[Line], components: &[Ailing], details: &str, clock: &Clock) -> Html {
    let mut all: Vec<Html> = lines.iter().map(|line| item(line, details, clock)).collect();
    if !components.is_empty() {
        all.push(
            html! { <ul key="components">{ for components.iter().map(|its| component(its, clock)) }</ul> },
        );
    }
    html! { <div class="report">{ for all }</div> }
}

fn item(line: &Line, details: &str, clock: &Clock) -> Html {
    html! {
        <article key={line.key.clone()} class={class(line.level)} part="item">
            { told(line, clock) }
            { small(facts(line, clock), line.url.as_deref(), details) }
        </article>
    }
}

fn component(its: &Ailing, clock: &Clock) -> Html {
    html! {
        <li key={its.id.as_str()} class={class(its.level)}>
            <i class="dot" part="dot"></i>
            { said("span", "name", &its.name, clock) }
            { " " }
            <span class="state">{ its.label.clone() }</span>
        </li>
    }
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
            r#"<div class="report"><article part="item" class="notice"><p><b>Notice</b> <strong dir="auto">Moving</strong></p>"#,
            r#"<p dir="auto">We move house.</p><small>Updated <time datetime="2026-01-01T10:12:00.000Z">1 Jan 2026, 10:12 UTC</time>"#,
            r#" <a href="https://status.example.com/">Details</a></small></article>"#,
            r#"<ul><li class="critical"><i part="dot" class="dot"></i><span dir="auto">Check-ins</span> <span class="state">major outage</span></li></ul></div>"#,
        ];
        assert_eq!(
            drawn(report(lines, &bulletin.components, details, &clock::clock("en"))),
            expected.concat()
        );
        assert_eq!(drawn(report(&[], &[], details, &clock::clock("en"))), r#"<div class="report"></div>"#);
    }
}
