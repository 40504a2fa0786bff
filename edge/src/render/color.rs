//! The colours of levels, where a picture has no style sheet.

use candor_shared::state::Indicator;

/// White text on each of these has a contrast of at least 4.5.
pub fn color(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "#2a7d46",
        Indicator::Maintenance => "#2266dd",
        Indicator::Minor => "#8a6100",
        Indicator::Major => "#b04000",
        Indicator::Critical => "#c02233",
    }
}
