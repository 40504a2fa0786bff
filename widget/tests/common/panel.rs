//! A panel with something of everything in it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use candor_shared::panel::Panel;

/// As the edge writes it.
pub const PANEL: &str = r#"{"schema":1,"version":42,"published_at":"2026-01-01T10:12:00.000Z","language":"en","direction":"ltr",
    "title":"Status in detail","level":"major","summary":"Some systems are down","unknown":"Status unknown",
    "page":{"name":{"text":["Trailmark"]},"url":"https://status.example.com"},
    "sections":[
        {"title":"What is going on","stories":[{"key":"incident/down","level":"major","label":"Major outage",
            "name":{"text":["Check-ins fail"],"language":"de"},"note":{"text":["One in three."]},
            "facts":[["Updated ",{"time":"2026-01-01T10:12:00.000Z"}],["identified"]],
            "links":[{"label":"Details","url":"https://status.example.com/incidents/down"}],
            "updates":[{"label":"Identified","body":{"text":["A ",{"strong":"full disk"},"."]},"facts":[[{"time":"2026-01-01T10:12:00.000Z"}]]}]}]},
        {"title":"What is over","stories":[{"key":"incident/mail","level":"minor","label":"Minor","name":{"text":["Mails"]},
            "facts":[["lasted 2 h"]],"links":[{"label":"Bad","url":"javascript:alert(1)"}]}]}],
    "uptime":{"title":"The last 3 days","days":["30 Dec 2025","31 Dec 2025","1 Jan 2026"],"no_data":"no data yet","whole":"100%","today":"today",
        "groups":[{"name":{"text":["App"]},"components":[{"id":"checkins","name":{"text":["Check-ins"]},"level":"critical","label":"Major outage",
            "description":"Check-ins: 97% over 2 days","share":"97%","span":"2 days of data","known":2,"imperfect":[{"day":2,"level":"major","share":"96%"}]}]},
            {"components":[{"id":"maps","name":{"text":["Maps"]},"level":"none","label":"Operational","description":"Maps: 100% over 3 days",
            "share":"100%","span":"3 days ago","known":3}]}]},
    "check":{"title":"Is it just me?","about":"Tries.","start":"Check","checking":"Checking …","answers":"answers in {time}","silent":"does not answer",
        "untried":"Unknown","all_answer":"All.","all_silent":"None.","known":"Known.","not_known":"Not known.","help":{"label":"Get help","url":"mailto:a@example.com"},
        "addresses":[{"name":{"text":["Maps"]},"url":"https://maps.example.com/","level":"none","label":"Operational"}]},
    "links":[{"label":"History","url":"https://status.example.com/history"}],
    "languages":[{"language":"de","name":"Deutsch"},{"language":"en","name":"English"}],"language_label":"Language","close":"Close",
    "not_confirmed":"not confirmed since {time}","offline":"You are offline. This is as of {time}."}"#;

/// The same, parsed.
pub fn panel() -> Panel {
    serde_json::from_str(PANEL).unwrap()
}
