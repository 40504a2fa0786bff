//! Words and classes for values on the pages: statuses, levels, durations, numbers, dates.

use candor_shared::record::Spread;
use candor_shared::state::{ComponentState, Impact, Indicator, State, Verdict};
use candor_shared::time::Time;

/// The state of the whole page, in words, as [`Indicator::description`]; but an outage is not called partial while a component
/// is wholly down.
pub(super) fn overall(state: &State) -> &str {
    if state.indicator() == Indicator::Major && some_are_down(state) {
        return "Some Systems Are Down";
    }
    state.description()
}

/// The level of the page's colours and icon: that of the indicator, but not the green one beside an open incident.
pub(super) fn overall_level(state: &State) -> Indicator {
    let indicator = state.indicator();
    let quiet = indicator == Indicator::None && state.open_incidents().next().is_some();
    if quiet { Indicator::Maintenance } else { indicator }
}

/// Whether a component is wholly down.
pub(super) fn some_are_down(state: &State) -> bool {
    state
        .components
        .values()
        .any(|component| !component.is_group && component.shown == ComponentState::MajorOutage)
}

/// In place of a good status that nobody could confirm for a minute.
pub(super) const UNKNOWN: &str = "Status unknown";

/// A component's status, in words.
pub(super) fn state(state: ComponentState) -> &'static str {
    match state {
        ComponentState::Operational => "Operational",
        ComponentState::UnderMaintenance => "Under maintenance",
        ComponentState::DegradedPerformance => "Degraded performance",
        ComponentState::PartialOutage => "Partial outage",
        ComponentState::MajorOutage => "Major outage",
    }
}

/// An incident's impact, in words.
pub(super) fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "No impact",
        Impact::Minor => "Minor",
        Impact::Major => "Major",
        Impact::Critical => "Critical",
    }
}

/// A term of the JSON documents as text: `in_progress` becomes "In progress".
pub(super) fn stage(term: &str) -> String {
    let mut characters = term.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).map(|c| if c == '_' { ' ' } else { c }).collect()
}

/// The CSS class of an indicator. It sets the colour and the mark.
pub(super) fn level(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "ok",
        Indicator::Maintenance => "maintenance",
        Indicator::Minor => "minor",
        Indicator::Major => "major",
        Indicator::Critical => "critical",
    }
}

/// The CSS class of an incident's impact.
pub(super) fn impact_class(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "neutral",
        other => level(other.into()),
    }
}

/// The CSS class of a component's status.
pub(super) fn state_class(state: ComponentState) -> &'static str {
    level(state.level())
}

/// The CSS class and the word for a verdict of the gauntlet.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Met => ("ok", "Met"),
        Verdict::Partial => ("minor", "Partial"),
        Verdict::Missing => ("critical", "Missing"),
        Verdict::Unjudged => ("neutral", "Not judged"),
    }
}

/// A duration in milliseconds as text: in minutes below a day, in hours from a day on.
pub(super) fn duration(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    let (hours, days) = (minutes / 60, minutes / (24 * 60));
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) if minutes % 60 == 0 => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (days, hours, _) if hours % 24 == 0 => format!("{days} d"),
        (days, hours, _) => format!("{days} d {} h", hours % 24),
    }
}

/// The median of a measure, as a duration.
#[expect(clippy::cast_possible_truncation, reason = "seconds of a year are far below 2^53")]
pub(super) fn median(spread: Spread) -> String {
    duration((spread.median as i64).saturating_mul(1000))
}

/// A ratio from 0 to 1 in per cent with two decimals. It is cut, not rounded, so that only 1 becomes "100 %".
#[expect(clippy::cast_possible_truncation, clippy::float_arithmetic, reason = "from 0 to 1")]
pub(super) fn percent(ratio: f64) -> String {
    let hundredths = (ratio * 10_000.0) as i64;
    match hundredths {
        10_000 => "100\u{a0}%".to_owned(),
        _ => format!("{}.{:02}\u{a0}%", hundredths / 100, hundredths % 100),
    }
}

/// A span of time: "4 Oct 2010, 15:00 – 17:00 UTC", or with both days if it ends on another one.
pub(super) fn window(from: Time, to: Time) -> String {
    let (from, to) = (from.in_words(), to.in_words());
    let from = from.strip_suffix(" UTC").unwrap_or(&from);
    match (from.split_once(", "), to.split_once(", ")) {
        (Some((day, _)), Some((same, until))) if day == same => format!("{from} – {until}"),
        _ => format!("{from} – {to}"),
    }
}

/// A number with a noun: "3 incidents", "1 incident".
pub(super) fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A date such as `2026-11-22` as text: "22 Nov 2026".
pub(super) fn date(text: &str) -> String {
    format!("{text}T00:00:00Z")
        .parse::<Time>()
        .ok()
        .and_then(|time| time.in_words().split_once(',').map(|(day, _)| day.to_owned()))
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_ratios_terms_and_dates_are_written_out() {
        let minutes = |minutes: i64| duration(minutes * 60_000);
        assert_eq!(minutes(0), "less than a minute");
        assert_eq!(minutes(26), "26 min");
        assert_eq!(minutes(60), "1 h");
        assert_eq!(minutes(125), "2 h 5 min");
        assert_eq!(minutes(24 * 60), "1 d");
        assert_eq!(minutes(76 * 60 + 59), "3 d 4 h");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(percent(0.999_99), "99.99\u{a0}%");
        assert_eq!(percent(0.5), "50.00\u{a0}%");
        assert_eq!(stage("in_progress"), "In progress");
        assert_eq!(date("2026-11-02"), "2 Nov 2026");
    }

    #[test]
    fn a_window_names_a_day_once() {
        for (from, to, words) in [
            ("2010-10-04T15:00:00Z", "2010-10-04T17:00:00Z", "4 Oct 2010, 15:00 – 17:00 UTC"),
            ("2010-10-04T22:00:00Z", "2010-10-05T01:00:00Z", "4 Oct 2010, 22:00 – 5 Oct 2010, 01:00 UTC"),
            ("2010-10-04T15:00:00Z", "2011-10-04T15:00:00Z", "4 Oct 2010, 15:00 – 4 Oct 2011, 15:00 UTC"),
            ("2010-10-04T00:00:00Z", "2010-10-04T23:59:00Z", "4 Oct 2010, 00:00 – 23:59 UTC"),
        ] {
            assert_eq!(window(from.parse().unwrap(), to.parse().unwrap()), words);
        }
    }
}
