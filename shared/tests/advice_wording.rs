//! Advice on the wording of updates: which texts it reads, and what it does not claim.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod common;
use candor_shared::rules::advice;
use candor_shared::update::parse;
use common::Page;

fn advised(page: &mut Page, update: &str) -> String {
    let events = page.send(update);
    advice(&page.state, &parse(update.as_bytes()).unwrap().remove(0), &events, page.now).join("\n")
}

fn page() -> Page {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    page
}

const OPEN: &str = r#"{"type":"incident.open","id":"i","name":"It is slow","impact":"major","body":"We broke it.","components":{"api":"major_outage"}}"#;

#[test]
fn every_text_for_visitors_is_read() {
    for (before, update) in [
        (OPEN, r#"{"type":"incident.update","body":"Some users saw errors, and we are on it."}"#),
        (OPEN, r#"{"type":"incident.update","body":"We are on it.","impact_note":"Some users saw errors."}"#),
        (OPEN, r#"{"type":"incident.amend","update":1,"body":"Some users saw errors."}"#),
        (
            r#"{"type":"page.set","language":"de"}"#,
            &OPEN.replace(
                "\"We broke it.\"",
                r#"{"de":"Einige Nutzer sind betroffen.","en":"Some users saw errors."}"#,
            ),
        ),
        (
            r#"{"type":"notice.clear"}"#,
            r#"{"type":"maintenance.schedule","id":"m","name":"Work","components":["api"],"body":"Some users saw errors.","scheduled_for":"2026-03-02T12:00:00Z","scheduled_until":"2026-03-02T13:00:00Z"}"#,
        ),
    ] {
        let mut page = page();
        let _ = page.try_send(before);
        let said = advised(&mut page, update);
        assert!(said.contains("\"some users\" is evasive"), "{update}: {said}");
    }
}

#[test]
fn texts_in_other_languages_and_quotations_get_none() {
    for body in [
        "Wir haben ein technical issue mit der Datenbank und suchen.",
        "Abbiamo un technical problem con il database.",
        "We broke it. Our first text was \\\"some users may be experiencing issues\\\".",
        "This was not outside of our control, and it is not human error.",
        "The alert was dismissed as a false positive.",
        "The alarm had been dismissed twice before.",
        "We let them go to the old page while search was broken.",
        "`some users` is the name of the table that we lost.",
    ] {
        let said = advised(&mut page(), &OPEN.replace("We broke it.", body));
        assert!(!said.contains("is evasive") && !said.contains("blames"), "{body}: {said}");
    }
}

#[test]
fn components_that_work_do_not_say_what_is_affected() {
    let said = advised(&mut page(), &OPEN.replace("major_outage", "operational"));
    assert!(said.contains("Visitors do not see what is affected."), "{said}");
    assert!(!advised(&mut page(), OPEN).contains("Visitors do not see"));
}
