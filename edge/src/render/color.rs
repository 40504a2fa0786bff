//! The colours of the indicator, for images that have no style sheet.

use candor_shared::state::Indicator;

/// The colour as `#rrggbb`. White text on it has a contrast of at least 4.5:1 (WCAG 2.2, success criterion 1.4.3).
pub(super) fn color(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "#2a7d46",
        Indicator::Maintenance => "#2266dd",
        Indicator::Minor => "#8a6100",
        Indicator::Major => "#b04000",
        Indicator::Critical => "#c02233",
    }
}
