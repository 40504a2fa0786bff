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

/// What is known of a copy that nobody could confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// When the object last confirmed it.
    pub since: Time,
    /// Whether something newer exists, or may exist because a write was in doubt after it.
    pub is_superseded: bool,
}

impl Doubt {
    /// Whether nobody knows any more that all is well, if the copy says so.
    pub fn is_grave(self, now: Time) -> bool {
        self.is_superseded || !is_recent(self.since, DOUBT_MILLIS, now)
    }
}

/// The copy with a label: JSON gets `unconfirmed_since`, a page gets a line of text, a badge becomes "unknown". If something newer is
/// known, or after a minute, nobody knows whether all is still well, so that pages become neutral, and Statuspage's API names an indicator
/// that its clients do not take for "well". A feed stays as it is, because each of its items has a date; so does what is signed, which
/// says when it was.
///
/// # Errors
/// If the body is JSON that cannot be parsed.
pub fn unconfirmed(
    document: &Document,
    version: u64,
    rendered: &Rendered,
    doubt: Doubt,
    now: Time,
) -> Result<Rendered> {
    // Nothing else was signed, and nothing that is unconfirmed is.
    if matches!(document, Document::Signed(_)) {
        return Ok(rendered.clone());
    }
    let (since, in_doubt) = (doubt.since, doubt.is_grave(now));
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

    fn since(since: Time) -> Doubt {
        Doubt { since, is_superseded: false }
    }

    #[test]
    fn what_is_known_to_be_out_of_date_is_in_doubt_at_once() {
        let at: Time = "2026-03-01T12:00:00Z".parse().unwrap();
        let well = Rendered::json(&Document::Status, 1, &status_document(&State::default(), 1, at)).unwrap();
        let label = |doubt| unconfirmed(&Document::Status, 1, &well, doubt, at).unwrap().body;
        let young = label(since(at));
        assert!(young.contains("All systems operational") || young.contains("\"none\""), "{young}");
        let superseded = label(Doubt { since: at, is_superseded: true });
        assert_ne!(superseded, young);
        assert!(!superseded.contains("All systems operational"), "{superseded}");
    }

    #[test]
    fn json_and_badges_are_labelled() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let status = status_document(&State::default(), 1, at);
        let one = Rendered::json(&Document::Status, 1, &status).unwrap();
        for document in [Document::Status, Document::Metrics] {
            let old = unconfirmed(&document, 1, &one, since(at), at).unwrap();
            assert_ne!(one.etag, old.etag);
            assert!(old.body.contains(r#""unconfirmed_since":"2026-03-01T12:00:00.000Z""#));
        }
        // A feed stays as it is, in every language.
        for feed in [Document::at("/history.atom", ""), Document::at("/history.atom", "lang=de")] {
            let feed = feed.unwrap();
            let atom = Rendered::new(&feed, 1, "<feed/>".to_owned());
            assert_eq!(unconfirmed(&feed, 1, &atom, since(at), at).unwrap().body, "<feed/>");
        }
        let badge = Rendered::new(&Document::Badge(None), 1, "<svg></svg>".to_owned());
        assert!(
            unconfirmed(&Document::Badge(None), 1, &badge, since(at), at).unwrap().body.contains("unknown")
        );
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
            assert_eq!(unconfirmed(&document, 1, &signed, since(at), later).unwrap(), signed);
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
        let label = |now| {
            unconfirmed(&Document::Bulletin(Components::default()), 7, &over, since(at), now).unwrap().body
        };
        for body in [label(at), label("2026-03-01T12:01:00Z".parse().unwrap())] {
            assert!(!body.contains("lines") && !body.contains("styles"), "{body}");
            assert!(body.contains(r#""unknown":"Status unbekannt","label":""#), "{body}");
        }
        let old = label("2026-03-01T12:01:00Z".parse().unwrap());
        assert!(old.contains(r#""summary":"Status unbekannt""#) && old.contains("phrases"), "{old}");
    }
}
