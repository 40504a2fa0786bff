//! `badge.svg`: the status of the page or of a component in a few words, for READMEs. yew renders it, as it renders the pages,
//! so that only one place escapes an operator's text.

use candor_shared::bulletin::{Part, overall, some_are};
use candor_shared::state::{ComponentState, Indicator, State};
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

/// The label of the page's own badge.
const STATUS: &str = "status";

/// The badge of the page, or of a component, as SVG. None if there is no such component.
pub(super) fn badge(state: &State, words: &Words, component: Option<&Id>) -> Option<String> {
    // A component's badge says what `/embed` says about it.
    let part = component.map(|id| Part::of(state, std::slice::from_ref(id)));
    let about = match &part {
        None => state,
        Some(part) => &part.as_ref()?.state,
    };
    let label = match component {
        None => STATUS,
        Some(id) => state.components.get(id)?.name.as_str(),
    };
    // An open incident without impact is named: nothing says that all is well beside it.
    let (message, color) = if part.iter().flatten().any(Part::is_unknown) {
        (words.get(Word::SummaryUnknown).to_owned(), UNKNOWN)
    } else if about.quiet_incident().is_some() {
        (cut(&overall(about, words), MAX_LABEL_CHARS), UNKNOWN)
    } else {
        (words.get(message(about)).to_owned(), color(about.indicator()))
    };
    Some(draw(label, &message, color, &title(words, state.page.title(), label, &message)))
}

/// The badge of a copy that could not be confirmed: "unknown".
pub(super) fn unknown() -> String {
    draw(STATUS, "unknown", UNKNOWN, "Status: unknown")
}

/// What a badge says, for those who do not see it. It does not say twice that it is about a status.
fn title(words: &Words, page: &str, label: &str, message: &str) -> String {
    let says_twice = label.trim().eq_ignore_ascii_case(STATUS) && words.says_status(page);
    let parts = [page, label, message].map(str::trim);
    let parts = parts.into_iter().enumerate().filter(|(place, _)| *place != 1 || !says_twice);
    parts.map(|(_, part)| part).collect::<Vec<_>>().join(": ")
}

/// The state of the page in a few words.
fn message(state: &State) -> Word {
    match state.indicator() {
        Indicator::None => Word::ComponentOperational,
        Indicator::Maintenance => Word::ComponentUnderMaintenance,
        Indicator::Minor if some_are(state, ComponentState::PartialOutage) => Word::ComponentPartialOutage,
        Indicator::Minor => Word::ComponentDegradedPerformance,
        Indicator::Major if some_are(state, ComponentState::MajorOutage) => Word::SummarySomeDown,
        Indicator::Major => Word::ComponentPartialOutage,
        Indicator::Critical => Word::ComponentMajorOutage,
    }
}

fn draw(label: &str, message: &str, color: &'static str, title: &str) -> String {
    let label = cut(label, MAX_LABEL_CHARS);
    let (left, right) = (width(&label), width(message));
    let split = left.saturating_add(2 * MARGIN);
    let whole = split.saturating_add(right).saturating_add(2 * MARGIN);
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
        <svg xmlns="http://www.w3.org/2000/svg" direction="ltr" width={whole.to_string()} height={HEIGHT.to_string()} role="img" aria-label={title.to_owned()}>
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
        assert!(draw("a", "x", "#000", "a<b & \"c\"").contains("\"a&lt;b &amp; &quot;c&quot;\""));
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

    fn page(updates: &str) -> State {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut state = State::default();
        for update in candor_shared::update::parse(updates.as_bytes()).unwrap() {
            let moment = candor_shared::rules::Moment { now, version: 1 };
            candor_shared::rules::apply(&mut state, &update, moment).unwrap();
        }
        state
    }

    #[test]
    fn a_title_says_status_once() {
        for (name, title) in [
            ("Acme", "Acme: status: operational"),
            ("Acme Status", "Acme Status: operational"),
            ("status", "status: operational"),
            ("STATUS", "STATUS: operational"),
            ("Status ", "Status: operational"),
            ("Statuspage", "Statuspage: operational"),
        ] {
            let state = page(&format!(r#"{{"type":"page.set","name":"{name}"}}"#));
            let svg = badge(&state, &Words::default(), None).unwrap();
            assert!(svg.contains(&format!("<title>{title}</title>")), "{svg}");
            assert!(svg.contains(&format!("aria-label=\"{title}\"")), "{svg}");
        }
        let german = Words::of("de").unwrap();
        assert_eq!(title(&german, "Zustand von Acme", STATUS, "gestört"), "Zustand von Acme: gestört");
        assert_eq!(
            title(&german, "Acme Status", "Status-API", "gestört"),
            "Acme Status: Status-API: gestört"
        );
    }

    #[test]
    fn the_badge_of_a_component_says_what_is_open_about_it() {
        let web = Id::try_from("web".to_owned()).unwrap();
        for (impact, about, says, green) in [
            ("none", "{}", "Odd", false),
            ("none", r#"{"web":"under_maintenance"}"#, "under maintenance", false),
            ("minor", r#"{"web":"degraded_performance"}"#, "degraded performance", false),
            ("minor", r#"{"web":"operational"}"#, "operational", true),
            ("major", r#"{"web":"operational","api":"major_outage"}"#, "operational", true),
            ("major", "{}", "partial outage", false),
            ("none", r#"{"api":"operational"}"#, "operational", true),
            ("critical", r#"{"api":"major_outage"}"#, "operational", true),
        ] {
            let state = page(&format!(
                r#"[{{"type":"component.set","id":"web","name":"Web"}},{{"type":"component.set","id":"api","name":"API"}},
                    {{"type":"incident.open","id":"q","name":"Odd","impact":"{impact}","components":{about},"body":"Logs."}}]"#
            ));
            let svg = badge(&state, &Words::default(), Some(&web)).unwrap();
            assert!(svg.contains(&format!("<title>Status: Web: {says}</title>")), "{impact} {about}: {svg}");
            assert_eq!(svg.contains(color(Indicator::None)), green, "{impact} {about}: {svg}");
            let part = Part::of(&state, std::slice::from_ref(&web)).unwrap().state;
            assert_eq!(part.indicator() == Indicator::None && part.quiet_incident().is_none(), green);
        }
    }

    #[test]
    fn a_group_without_members_is_not_green() {
        let mut updates = r#"{"type":"component.set","id":"g","name":"G","is_group":true}"#.to_owned();
        let group = Id::try_from("g".to_owned()).unwrap();
        let svg = |updates: &str| badge(&page(updates), &Words::default(), Some(&group)).unwrap();
        let empty = svg(&updates);
        assert!(empty.contains("Status: G: Status unknown") && empty.contains(UNKNOWN), "{empty}");
        updates = format!(r#"[{updates},{{"type":"component.set","id":"web","name":"Web","group":"g"}}]"#);
        assert!(svg(&updates).contains("Status: G: operational"));
    }

    #[test]
    fn a_page_from_right_to_left_turns_no_badge_round() {
        assert!(draw("خرائط", "x", "#000", "p").contains(r#"direction="ltr""#));
    }

    #[test]
    fn a_component_that_is_down_is_named_so() {
        for (web, api, says) in [
            ("operational", "operational", "operational"),
            ("major_outage", "operational", "Some systems are down"),
            ("major_outage", "partial_outage", "Some systems are down"),
            ("partial_outage", "partial_outage", "partial outage"),
            ("major_outage", "major_outage", "major outage"),
            ("under_maintenance", "operational", "under maintenance"),
        ] {
            let state = page(&format!(
                r#"[{{"type":"component.set","id":"web","name":"Web","status":"{web}"}},{{"type":"component.set","id":"api","name":"API","status":"{api}"}}]"#
            ));
            let svg = badge(&state, &Words::default(), None).unwrap();
            assert!(svg.contains(&format!("<title>Status: {says}</title>")), "{web} {api}: {svg}");
            let svg =
                badge(&state, &Words::default(), Some(&Id::try_from("web".to_owned()).unwrap())).unwrap();
            assert!(svg.contains(&format!("<title>Status: Web: {}</title>", web.replace('_', " "))), "{svg}");
        }
    }
}
