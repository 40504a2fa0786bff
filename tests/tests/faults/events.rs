//! What streams of events cost the object, and what they do when it fails.

use std::time::Duration;

use candor_tests::{Heard, Listener, eventually};
use serde_json::json;

use crate::harness::Faulty;

/// Longer than a question waits.
const PATIENCE: Duration = Duration::from_secs(20);

fn listen(faulty: &Faulty, language: &str) -> Listener {
    let stream = Listener::open(&faulty.edge.url(&format!("/events?lang={language}")), &[]);
    stream.event("bulletin");
    stream.event("confirmed");
    stream
}

/// A stream that begins with a bulletin, as soon as there is one.
fn hears_again(faulty: &Faulty) -> Listener {
    eventually("a stream that is current", PATIENCE, || {
        let stream = Listener::open(&faulty.edge.url("/events?lang=en"), &[]);
        loop {
            match stream.next() {
                Heard::Event(event) if event.name == "bulletin" => return Some(stream),
                Heard::End => return None,
                _ => {}
            }
        }
    })
}

/// The comment with which a stream ends.
#[track_caller]
fn last_words(stream: &Listener) -> String {
    loop {
        match stream.next() {
            Heard::Line(line) if line.starts_with(": ") => return line,
            Heard::End => panic!("it ended without a word"),
            _ => {}
        }
    }
}

#[test]
fn twenty_streams_are_one_question_and_one_document() {
    let faulty = Faulty::start();
    let streams: Vec<_> = (0..20).map(|_| listen(&faulty, "en")).collect();
    faulty.faults("");
    for stream in &streams {
        stream.event("confirmed");
        stream.event("confirmed");
    }
    let counted = faulty.faults("");
    // Each question waits for seven seconds, and the twenty have heard of two answers.
    let questions = counted["object /changes"].as_u64().unwrap();
    assert!((1..=4).contains(&questions), "{counted}");
    assert!(counted["object /bulletin.json"].is_null(), "{counted}");

    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    for stream in &streams {
        stream.event("bulletin");
    }
    let counted = faulty.faults("");
    assert_eq!(counted["object /bulletin.json"], 1, "{counted}");
    assert!(counted["object /changes"].as_u64().unwrap() <= 3, "{counted}");
}

#[test]
fn a_stream_that_nobody_confirms_ends_with_a_word() {
    let faulty = Faulty::start();
    let stream = listen(&faulty, "en");
    faulty.faults("object=throw");
    let words = ": the page's storage cannot be reached";
    assert_eq!(last_words(&stream), words);
    assert_eq!(stream.next(), Heard::Line("retry: 30000".to_owned()));
    assert_eq!(stream.next(), Heard::End);
    // There is an old copy, but nothing to hear.
    let another = Listener::open(&faulty.edge.url("/events?lang=en"), &[]);
    assert_eq!(last_words(&another), words);
    faulty.faults("");
    hears_again(&faulty);
}

/// The instance that has trapped is replaced, and what it knew of the streams is lost.
#[test]
fn after_a_trap_in_the_object_streams_are_heard_again() {
    let faulty = Faulty::start();
    let _first = listen(&faulty, "en");
    let fault = "object=trap&only=/changes";
    faulty.faults(fault);
    // The question that is under way ends first, and the next one traps.
    eventually("a question", PATIENCE, || faulty.faults(fault)["object /changes"].as_u64());
    faulty.faults("");
    let again = hears_again(&faulty);
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    assert_eq!(again.event("bulletin").json()["version"], faulty.edge.version());
}
