//! `badge.svg`: the status of the page or of a component in a few words, for READMEs. yew renders it, as it renders the pages,
//! so that only one place escapes an operator's text.

use candor_shared::state::{Indicator, State};
use candor_shared::text::Id;
use yew::prelude::*;

use super::color::color;
use super::markup::markup;

/// The height in pixels.
const HEIGHT: usize = 20;
/// The space before and after each text, in pixels.
const MARGIN: usize = 6;
/// The assumed width of a character at 11 px, in tenths of a pixel. `textLength` stretches the text to that width.
const CHARACTER_TENTHS: usize = 67;
/// The most characters of a label. A longer one is cut, because a badge must fit into a line.
const MAX_LABEL_CHARS: usize = 40;
/// The colour of the badge when the status is unknown.
const UNKNOWN: &str = "#5b6770";

/// The badge of the page, or of a component, as SVG. None if there is no such component.
pub(super) fn badge(state: &State, component: Option<&Id>) -> Option<String> {
    let Some(id) = component else {
        let indicator = state.indicator();
        return Some(draw("status", message(indicator), color(indicator), state.page.title()));
    };
    let component = state.components.get(id)?;
    let level = component.shown.level();
    Some(draw(component.name.as_str(), message(level), color(level), state.page.title()))
}

/// The badge of a copy that could not be confirmed: "unknown".
pub(super) fn unknown() -> String {
    draw("status", "unknown", UNKNOWN, "Status")
}

fn message(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "operational",
        Indicator::Maintenance => "maintenance",
        Indicator::Minor => "degraded",
        Indicator::Major => "partial outage",
        Indicator::Critical => "major outage",
    }
}

fn draw(label: &str, message: &str, color: &'static str, page: &str) -> String {
    let label = match label.char_indices().nth(MAX_LABEL_CHARS) {
        Some((at, _)) => format!("{}…", label.get(..at).unwrap_or_default()),
        None => label.to_owned(),
    };
    let width = |text: &str| text.chars().count().saturating_mul(CHARACTER_TENTHS).div_ceil(10);
    let (left, right) = (width(&label), width(message));
    let split = left.saturating_add(2 * MARGIN);
    let whole = split.saturating_add(right).saturating_add(2 * MARGIN);
    let title = format!("{page}: {label}: {message}");
    let text = |x: usize, length: usize, text: String| {
        html! {
            <text x={x.to_string()} y="14" textLength={length.to_string()} lengthAdjust="spacingAndGlyphs">{ text }</text>
        }
    };
    markup(html! {
        <svg xmlns="http://www.w3.org/2000/svg" width={whole.to_string()} height={HEIGHT.to_string()} role="img" aria-label={title.clone()}>
            <title>{ title }</title>
            <clipPath id="r"><rect width={whole.to_string()} height={HEIGHT.to_string()} rx="3"></rect></clipPath>
            <g clip-path="url(#r)">
                <rect width={whole.to_string()} height={HEIGHT.to_string()} fill={color}></rect>
                <rect width={split.to_string()} height={HEIGHT.to_string()} fill="#3b444b"></rect>
            </g>
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
        let svg = badge(&state, None).unwrap();
        assert!(
            svg.starts_with("<svg xmlns") && svg.contains("<title>Status: status: operational</title>"),
            "{svg}"
        );
        assert_eq!(badge(&state, Some(&Id::try_from("none".to_owned()).unwrap())), None);
        assert!(draw("a<b & \"c\"", "x", "#000", "p").contains("a&lt;b &amp; &quot;c&quot;"));
        assert!(draw(&"ä".repeat(50), "x", "#000", "p").contains(&format!("{}…", "ä".repeat(40))));
    }
}
