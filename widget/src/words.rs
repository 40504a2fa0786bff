//! Every word of the widget, in English so far. `loader/draw.js` has the same.

use candor_shared::Indicator;

pub(crate) const LABEL: &str = "Status";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const JUST_NOW: &str = "just now";
/// Stands between facts.
pub(crate) const DOT: &str = " · ";

/// The state in a word or two.
pub(crate) fn level(level: Indicator) -> &'static str {
    match level {
        Indicator::Critical => "Major outage",
        Indicator::Major => "Partial outage",
        Indicator::Minor => "Degraded",
        Indicator::Maintenance => "Maintenance",
        Indicator::None => "Notice",
    }
}

/// `in_progress`, as people write it.
pub(crate) fn status(status: &str) -> &str {
    if status == "in_progress" { "in progress" } else { status }
}
