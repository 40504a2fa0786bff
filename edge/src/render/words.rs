//! The pages' own words.

use candor_shared::record::Spread;
use candor_shared::state::{ComponentState, Impact, Indicator, Verdict};

/// A component's state, in words.
pub fn state(state: ComponentState) -> &'static str {
    match state {
        ComponentState::Operational => "Operational",
        ComponentState::UnderMaintenance => "Under maintenance",
        ComponentState::DegradedPerformance => "Degraded performance",
        ComponentState::PartialOutage => "Partial outage",
        ComponentState::MajorOutage => "Major outage",
    }
}

/// How bad an incident is, in words.
pub fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "No impact",
        Impact::Minor => "Minor",
        Impact::Major => "Major",
        Impact::Critical => "Critical",
    }
}

/// A term of the wire as people write it: `in_progress` is "In progress".
pub fn stage(term: &str) -> String {
    let mut characters = term.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).map(|c| if c == '_' { ' ' } else { c }).collect()
}

/// The class that gives a level its colour and its mark.
pub fn level(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "ok",
        Indicator::Maintenance => "maintenance",
        Indicator::Minor => "minor",
        Indicator::Major => "major",
        Indicator::Critical => "critical",
    }
}

/// The class of an incident's impact.
pub fn impact_class(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "neutral",
        other => level(other.into()),
    }
}

/// The class of a component's state.
pub fn state_class(state: ComponentState) -> &'static str {
    level(state.level())
}

/// What the gauntlet says, in a class and a word.
pub fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Met => ("ok", "Met"),
        Verdict::Partial => ("minor", "Partial"),
        Verdict::Missing => ("critical", "Missing"),
    }
}

/// How long, to the minute below a day and to the hour above.
pub fn duration(millis: i64) -> String {
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

/// The middle of a measure.
#[expect(clippy::cast_possible_truncation, reason = "seconds of a year are far below 2^53")]
pub fn median(spread: Spread) -> String {
    duration((spread.median as i64).saturating_mul(1000))
}

/// A ratio in per cent with two digits, cut and not rounded: only what is whole is called 100.
#[expect(clippy::cast_possible_truncation, clippy::float_arithmetic, reason = "from 0 to 1")]
pub fn percent(ratio: f64) -> String {
    let hundredths = (ratio * 10_000.0) as i64;
    match hundredths {
        10_000 => "100\u{a0}%".to_owned(),
        _ => format!("{}.{:02}\u{a0}%", hundredths / 100, hundredths % 100),
    }
}

/// "3 incidents", "1 incident".
pub fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `2026-11-22` as `22 Nov 2026`.
pub fn date(text: &str) -> String {
    format!("{text}T00:00:00Z")
        .parse::<candor_shared::time::Time>()
        .ok()
        .and_then(|time| time.in_words().split_once(',').map(|(day, _)| day.to_owned()))
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_numbers() {
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
}
