//! Labels a copy that nobody could confirm to be current. How a document states that depends on its format.

use candor_shared::time::Time;
use worker::Result;

use super::rendered::Rendered;
use super::{badge, json, page};
use crate::clock::is_recent;
use crate::document::Document;

/// The age from which an unconfirmed copy no longer says that all is well: a minute, in milliseconds. A copy younger than
/// that is labelled only, so that a hiccup does not alarm anybody.
const DOUBT_MILLIS: i64 = 60 * 1000;

/// The copy with a label: JSON gets `unconfirmed_since`, a page gets a line of text, a badge becomes "unknown". `since` is
/// the time when the object last confirmed the copy. After a minute nobody knows whether all is still well, so that pages
/// become neutral, and Statuspage's API names an indicator that its clients do not take for "well". A feed stays as it is,
/// because each of its items has a date; so does what is signed, which says when it was.
///
/// # Errors
/// If the body is JSON that cannot be parsed.
pub fn unconfirmed(
    document: &Document,
    version: u64,
    rendered: &Rendered,
    since: Time,
    now: Time,
) -> Result<Rendered> {
    // Nothing else was signed, and nothing that is unconfirmed is.
    if matches!(document, Document::Signed(_)) {
        return Ok(rendered.clone());
    }
    let in_doubt = !is_recent(since, DOUBT_MILLIS, now);
    let body = match document.parts().0 {
        Document::Status => json::unconfirmed_status(&rendered.body, since, in_doubt)?,
        Document::Bulletin(_) => json::unconfirmed_bulletin(&rendered.body, since, in_doubt)?,
        Document::Panel => json::unconfirmed_panel(&rendered.body, since, in_doubt)?,
        Document::Badge(_) => badge::unknown(),
        Document::Feed(_) => rendered.body.clone(),
        _ if rendered.policy.is_some() => page::unconfirmed(&rendered.body, since, in_doubt),
        Document::Statuspage(_) if in_doubt => json::unconfirmed_statuspage(&rendered.body, since)?,
        _ => json::unconfirmed(&rendered.body, since)?,
    };
    Ok(Rendered { policy: rendered.policy.clone(), ..Rendered::new(document, version, body) })
}

#[cfg(test)]
mod tests {
    use candor_shared::published::status_document;
    use candor_shared::state::State;

    use super::*;
    use crate::document::Components;

    #[test]
    fn json_and_badges_are_labelled() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let status = status_document(&State::default(), 1, at);
        let one = Rendered::json(&Document::Status, 1, &status).unwrap();
        for document in [Document::Status, Document::Metrics] {
            let old = unconfirmed(&document, 1, &one, at, at).unwrap();
            assert_ne!(one.etag, old.etag);
            assert!(old.body.contains(r#""unconfirmed_since":"2026-03-01T12:00:00.000Z""#));
        }
        // A feed stays as it is, in every language.
        for feed in [Document::at("/history.atom", ""), Document::at("/history.atom", "lang=de")] {
            let feed = feed.unwrap();
            let atom = Rendered::new(&feed, 1, "<feed/>".to_owned());
            assert_eq!(unconfirmed(&feed, 1, &atom, at, at).unwrap().body, "<feed/>");
        }
        let badge = Rendered::new(&Document::Badge(None), 1, "<svg></svg>".to_owned());
        assert!(unconfirmed(&Document::Badge(None), 1, &badge, at, at).unwrap().body.contains("unknown"));
    }

    #[test]
    fn what_is_signed_stays() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let later = "2026-03-02T12:00:00Z".parse().unwrap();
        for (path, query) in
            [("/signed/status.json", ""), ("/signed/bulletin.json", "lang=de"), ("/signed/", "")]
        {
            let document = Document::at(path, query).unwrap();
            let signed = Rendered::new(&document, 1, "e30.e30.AA".to_owned());
            assert_eq!(unconfirmed(&document, 1, &signed, at, later).unwrap(), signed);
        }
    }

    #[test]
    fn what_was_over_may_be_open_again() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        // Without the fields of a bulletin that an earlier program did not write.
        let over = r#"{"schema":1,"version":7,"published_at":"2026-03-01T12:00:00.000Z","language":"de","direction":"ltr",
            "level":"resolved","summary":"Behoben","page":{"name":{"text":["Trailmark"]}},"styles":"b{}",
            "lines":[{"key":"resolved/a@1","level":"resolved","label":"Behoben","url":"https://a.example/"}]}"#;
        let over = Rendered::new(&Document::Bulletin(Components::default()), 7, over.to_owned());
        let label =
            |now| unconfirmed(&Document::Bulletin(Components::default()), 7, &over, at, now).unwrap().body;
        for body in [label(at), label("2026-03-01T12:01:00Z".parse().unwrap())] {
            assert!(!body.contains("lines") && !body.contains("styles"), "{body}");
            assert!(body.contains(r#""unknown":"Status unbekannt","label":""#), "{body}");
        }
        let old = label("2026-03-01T12:01:00Z".parse().unwrap());
        assert!(old.contains(r#""summary":"Status unbekannt""#) && old.contains("phrases"), "{old}");
    }
}
