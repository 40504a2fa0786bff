//! `badge.svg`: the status of the page or of a component in a few words, for READMEs. yew renders it, as it renders the pages,
//! so that only one place escapes an operator's text.

use candor_shared::bulletin::{component_word, overall, some_are_down};
use candor_shared::state::{Indicator, State};
use candor_shared::text::Id;
use candor_shared::words::{Word, Words};
use yew::prelude::*;

use super::color::color;
use super::markup::markup;
use super::width::{cut, width};

/// The height in pixels.
const HEIGHT: usize = 20;
/// The radius of the corners in pixels.
const RADIUS: usize = 3;
/// The space before and after each text, in pixels.
const MARGIN: usize = 6;
/// The most characters of a label. A longer one is cut, because a badge must fit into a line.
const MAX_LABEL_CHARS: usize = 40;
/// The colour that is neither good nor bad: the status is unknown, or an incident without impact is open.
const UNKNOWN: &str = "#5b6770";

/// The badge of the page, or of a component, as SVG. None if there is no such component.
pub(super) fn badge(state: &State, words: &Words, component: Option<&Id>) -> Option<String> {
    let Some(id) = component else {
        let indicator = state.indicator();
        // An open incident without impact is named: nothing says that all is well beside it.
        if state.quiet_incident().is_some() {
            let name = cut(&overall(state, words), MAX_LABEL_CHARS);
            return Some(draw("status", &name, UNKNOWN, state.page.title()));
        }
        return Some(draw("status", words.get(message(state)), color(indicator), state.page.title()));
    };
    let component = state.components.get(id)?;
    let message = words.get(component_word(component.shown));
    Some(draw(component.name.as_str(), message, color(component.shown.level()), state.page.title()))
}

/// The badge of a copy that could not be confirmed: "unknown".
pub(super) fn unknown() -> String {
    draw("status", "unknown", UNKNOWN, "Status")
}

/// The state of the page in a few words.
fn message(state: &State) -> Word {
    match state.indicator() {
        Indicator::None => Word::ComponentOperational,
        Indicator::Maintenance => Word::ComponentUnderMaintenance,
        Indicator::Minor => Word::ComponentDegradedPerformance,
        Indicator::Major if some_are_down(state) => Word::SummarySomeDown,
        Indicator::Major => Word::ComponentPartialOutage,
        Indicator::Critical => Word::ComponentMajorOutage,
    }
}

fn draw(label: &str, message: &str, color: &'static str, page: &str) -> String {
    let label = cut(label, MAX_LABEL_CHARS);
    let (left, right) = (width(&label), width(message));
    let split = left.saturating_add(2 * MARGIN);
    let whole = split.saturating_add(right).saturating_add(2 * MARGIN);
    let title = match page {
        "Status" if label == "status" => format!("{page}: {message}"),
        page => format!("{page}: {label}: {message}"),
    };
    // The corners are drawn, not clipped: a clip path needs an id, and two badges in one document would share it.
    let (left_side, right_side) =
        (split.saturating_sub(RADIUS), whole.saturating_sub(split).saturating_sub(RADIUS));
    let left_side = format!("M{split} 0h-{left_side}a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3h{left_side}z");
    let right_side = format!("M{split} 0h{right_side}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right_side}z");
    let text = |x: usize, length: usize, text: String| {
        html! {
            <text x={x.to_string()} y="14" textLength={length.to_string()} lengthAdjust="spacingAndGlyphs" unicode-bidi="plaintext">{ text }</text>
        }
    };
    markup(html! {
        <svg xmlns="http://www.w3.org/2000/svg" width={whole.to_string()} height={HEIGHT.to_string()} role="img" aria-label={title.clone()}>
            <title>{ title }</title>
            <path fill="#3b444b" d={left_side}></path>
            <path fill={color} d={right_side}></path>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
                { text(MARGIN, left, label) }
                { text(split.saturating_add(MARGIN), right, message.to_owned()) }
            </g>
        </svg>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_has_a_title_and_escapes_and_cuts_its_label() {
        let state = State::default();
        let svg = badge(&state, &Words::default(), None).unwrap();
        assert!(svg.starts_with("<svg xmlns") && svg.contains("<title>Status: operational</title>"), "{svg}");
        assert_eq!(badge(&state, &Words::default(), Some(&Id::try_from("none".to_owned()).unwrap())), None);
        assert!(draw("a<b & \"c\"", "x", "#000", "p").contains("a&lt;b &amp; &quot;c&quot;"));
        assert!(draw(&"ä".repeat(50), "x", "#000", "p").contains(&format!("{}…", "ä".repeat(40))));
        let family = "👨‍👩‍👧";
        assert!(draw(&family.repeat(41), "x", "#000", "p").contains(&format!("{}…", family.repeat(40))));
    }

    #[test]
    fn badges_share_no_id() {
        for svg in [
            badge(&State::default(), &Words::default(), None).unwrap(),
            unknown(),
            draw("状态", "x", "#000", "p"),
        ] {
            assert!(!svg.contains("id=") && !svg.contains("url(#"), "{svg}");
        }
    }

    #[test]
    fn a_component_that_is_down_is_named_so() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        for (web, api, page) in [
            ("operational", "operational", "operational"),
            ("major_outage", "operational", "Some systems are down"),
            ("major_outage", "partial_outage", "Some systems are down"),
            ("partial_outage", "partial_outage", "partial outage"),
            ("major_outage", "major_outage", "major outage"),
            ("under_maintenance", "operational", "under maintenance"),
        ] {
            let mut state = State::default();
            let updates = format!(
                r#"[{{"type":"component.set","id":"web","name":"Web","status":"{web}"}},{{"type":"component.set","id":"api","name":"API","status":"{api}"}}]"#
            );
            for update in candor_shared::update::parse(updates.as_bytes()).unwrap() {
                candor_shared::rules::apply(
                    &mut state,
                    &update,
                    candor_shared::rules::Moment { now: at, version: 1 },
                )
                .unwrap();
            }
            let svg = badge(&state, &Words::default(), None).unwrap();
            assert!(svg.contains(&format!("<title>Status: {page}</title>")), "{web} {api}: {svg}");
            let svg =
                badge(&state, &Words::default(), Some(&Id::try_from("web".to_owned()).unwrap())).unwrap();
            assert!(svg.contains(&format!("<title>Status: Web: {}</title>", web.replace('_', " "))), "{svg}");
        }
    }
}
