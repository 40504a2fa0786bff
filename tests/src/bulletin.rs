//! Bulletins written by hand, for pages that have no edge.

use serde_json::{Value, json};
use std::fs;
use xtask::paths;

/// The folder that holds the widget's files, as the loader names it: `/candor/HASH`.
pub fn folder() -> String {
    let entry = fs::read_dir(paths::assets().join("candor")).unwrap().flatten().next().unwrap();
    format!("/candor/{}", entry.file_name().to_string_lossy())
}

/// The words of a language, as `shared/locales` has them.
pub fn words(language: &str) -> Value {
    let file = paths::root().join(format!("shared/locales/{language}.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// All is well.
pub fn healthy() -> Value {
    json!({ "schema": 1, "version": 1, "published_at": "2026-01-01T10:00:00.000Z", "language": "en", "direction": "ltr",
        "level": "none", "summary": "All systems operational", "label": "Service status", "unknown": "Status unknown",
        "page": { "name": { "text": ["Trailmark"] }, "url": "https://status.example/" } })
}

/// A bulletin with these lines, and with what a painter needs for them.
pub fn telling(level: &str, summary: &str, lines: Value) -> Value {
    let (mut bulletin, words) = (healthy(), words("en"));
    (bulletin["version"], bulletin["level"], bulletin["summary"]) = (json!(2), json!(level), json!(summary));
    bulletin["lines"] = lines;
    bulletin["styles"] =
        fs::read_to_string(paths::assets().join(format!(".{}/banner.css", folder()))).unwrap().into();
    bulletin["phrases"] = json!({ "well": words["summary"]["none"], "more": words["count"]["more"] });
    for name in ["dismiss", "details", "show", "close", "not_confirmed", "offline"] {
        bulletin["phrases"][name] = words[name].clone();
    }
    bulletin
}

/// An incident that breaks check-ins.
pub fn incident(id: &str) -> Value {
    json!({ "key": format!("incident/{id}@1767261600000"), "level": "major", "label": "Partial outage",
        "name": { "text": ["Check-ins are failing"] }, "body": { "text": ["We are on it."] },
        "facts": [["Updated ", { "time": "2026-01-01T10:10:00.000Z" }], ["identified"]],
        "components": ["checkins"], "url": format!("https://status.example/incidents/{id}") })
}

/// Check-ins are down, and one incident says so.
pub fn major() -> Value {
    let mut bulletin = telling("major", "Partial system outage", json!([incident("down")]));
    bulletin["components"] = json!([{ "id": "checkins", "name": { "text": ["Check-ins"] }, "status": "major_outage",
        "level": "critical", "label": "major outage" }]);
    bulletin
}
