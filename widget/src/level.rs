//! How bad something is, as the class of an element.

use candor_shared::bulletin::Level;

/// All of them, best first.
#[cfg(any(feature = "csr", test))]
pub(crate) const LEVELS: [Level; 7] = [
    Level::None,
    Level::Resolved,
    Level::Notice,
    Level::Maintenance,
    Level::Minor,
    Level::Major,
    Level::Critical,
];

/// The class of an element of this level: the level as it is in `bulletin.json`.
pub(crate) fn class(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Resolved => "resolved",
        Level::Notice => "notice",
        Level::Maintenance => "maintenance",
        Level::Minor => "minor",
        Level::Major => "major",
        Level::Critical => "critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_what_the_bulletin_has() {
        for level in LEVELS {
            assert_eq!(serde_json::to_value(level).unwrap(), class(level));
        }
    }
}
