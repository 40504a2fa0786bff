//! `/embed`: the small page for frames and webviews. The widget's panel renders its content. It is never empty, because a
//! host cannot tell an empty frame from a broken one.

use std::rc::Rc;

use candor_shared::published::{StatusDocument, status_document};
use candor_widget::Panel;
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use crate::document::{Document, Variant};
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// Renders `/embed` in a variant.
///
/// # Errors
/// If yew renders nothing.
pub fn embed(source: &Source<'_>, variant: Variant) -> Result<Rendered> {
    let mut status = status_document(source.state, source.version, source.published_at);
    status.description = words::overall(source.state).to_owned();
    let document = Document::Embed(variant);
    let draft = Draft {
        path: &document.path(),
        title: source.state.page.title().to_owned(),
        description: status.description.clone(),
        level: status.indicator,
        version: Some(source.version),
        content: panel(status, variant, source.state.page.address_or_path("/")),
    };
    render(&document, source, draft)
}

fn panel(status: StatusDocument, variant: Variant, page: String) -> Html {
    let most = match variant {
        Variant::Badge => 0,
        Variant::Banner => 1,
        Variant::Inline => usize::MAX,
    };
    html! { <Panel document={Rc::new(status)} {most} {page} /> }
}

#[cfg(test)]
mod tests {
    use candor_shared::rules::{Moment, advance, apply, next_change};
    use candor_shared::state::State;
    use candor_shared::time::Time;
    use candor_shared::update::parse;

    use super::*;
    use crate::render::markup::markup;

    fn shown(state: &State, now: Time, variant: Variant) -> String {
        markup(panel(status_document(state, 1, now), variant, "/".to_owned()))
    }

    #[test]
    fn a_resolved_incident_is_shown_for_an_hour_unless_another_is_open() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut state = State::default();
        let send = |state: &mut State, updates: &str| {
            for update in parse(updates.as_bytes()).unwrap() {
                apply(state, &update, Moment { now, version: 1 }).unwrap();
            }
        };
        send(
            &mut state,
            r#"[{"type":"incident.open","id":"a","name":"Maps are slow","impact":"minor","body":"We look."},
                {"type":"incident.open","id":"b","name":"Search fails","impact":"major","body":"We look."},
                {"type":"incident.update","incident":"a","status":"resolved","body":"Maps are back."},
                {"type":"notice.post","body":"We move house."}]"#,
        );
        assert!(!shown(&state, now, Variant::Inline).contains("Maps are back."), "another incident is open");

        send(
            &mut state,
            r#"{"type":"incident.update","incident":"b","status":"resolved","body":"It works again."}"#,
        );
        let resolved = "resolved <time datetime=\"2026-03-01T12:00:00.000Z\">1 Mar 2026, 12:00 UTC</time>";
        for (variant, articles) in [(Variant::Badge, 0), (Variant::Banner, 1), (Variant::Inline, 3)] {
            let page = shown(&state, now, variant);
            assert!(page.contains("<h1 class=\"state\">Resolved</h1>"), "{page}");
            assert_eq!(page.matches("<article").count(), articles, "{page}");
            assert_eq!(page.matches(resolved).count(), articles.min(2), "{page}");
            assert_eq!(page.matches("<article class=\"ok\">").count(), articles.min(2), "{page}");
        }

        let until = next_change(&state).unwrap();
        assert_eq!(
            advance(&mut state, until).len(),
            2,
            "the end of the hour makes a version, for which the page is rendered again"
        );
        let page = shown(&state, until, Variant::Banner);
        assert!(page.contains("All Systems Operational") && page.contains("We move house."), "{page}");
    }
}
