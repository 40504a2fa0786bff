//! `GET /events`: what a stream says, as curl hears it.

use candor_tests::{Edge, Event, Heard, Listener};
use serde_json::json;

fn start() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    edge
}

fn listen(edge: &Edge, query: &str, further: &[&str]) -> Listener {
    Listener::open(&edge.url(&format!("/events{query}")), further)
}

fn open(edge: &Edge, id: &str) {
    edge.accept(&json!({"type":"incident.open","id":id,"name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage"},"body":"We broke check-ins."}));
}

#[test]
fn a_stream_begins_with_the_bulletin_and_goes_on_with_each_change() {
    let edge = start();
    let (english, german) = (listen(&edge, "?lang=en", &[]), listen(&edge, "?lang=de", &[]));
    let maps = listen(&edge, "?lang=en&components=maps", &[]);
    let chosen = listen(&edge, "", &["--header", "accept-language: de"]);
    assert_eq!(english.next(), Heard::Line("retry: 2000".to_owned()));
    let first = english.event("bulletin");
    // Word for word what a poll reads.
    assert_eq!(first.data, edge.get("/bulletin.json?lang=en").text().trim_end());
    for other in [&german, &maps, &chosen] {
        assert_eq!(other.event("bulletin").id, first.id);
    }
    open(&edge, "down");
    let told = english.event("bulletin");
    assert_eq!(told.json()["version"], edge.version());
    assert_eq!(told.json()["lines"][0]["name"]["text"], json!(["Check-ins are failing"]));
    assert_ne!(told.id, first.id);
    for german in [german, chosen] {
        let event = german.event("bulletin");
        assert_eq!(event.json()["language"], "de");
        assert_eq!(event.data, edge.get("/bulletin.json?lang=de").text().trim_end());
    }
    assert_eq!(maps.event("bulletin").json()["lines"], json!(null), "it is about other components");
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"It works again."}));
    assert_eq!(english.event("bulletin").json()["lines"][0]["level"], "resolved");
}

#[test]
fn while_nothing_changes_a_stream_confirms_what_it_has_told() {
    let edge = start();
    let stream = listen(&edge, "?lang=en", &[]);
    let told = stream.event("bulletin").json();
    stream.event("confirmed");
    let Heard::Event(Event { name, id, data }) = stream.next() else { panic!("no event") };
    assert_eq!((name.as_str(), id), ("confirmed", None));
    let published: jiff::Timestamp = told["published_at"].as_str().unwrap().parse().unwrap();
    assert!(data.parse::<jiff::Timestamp>().unwrap() > published, "{data}");
}

#[test]
fn a_client_that_comes_back_hears_what_it_has_missed() {
    let edge = start();
    let id = listen(&edge, "?lang=en", &[]).event("bulletin").id.unwrap();
    let resume = format!("last-event-id: {id}");
    // Nothing was missed: the same bulletin is not sent again.
    let Heard::Line(_) = listen(&edge, "?lang=en", &["--header", &resume]).next() else { panic!("no line") };
    let stream = listen(&edge, "?lang=en", &["--header", &resume]);
    loop {
        match stream.next() {
            Heard::Event(event) => break assert_eq!(event.name, "confirmed"),
            Heard::Line(_) => {}
            Heard::End => panic!("it ended"),
        }
    }
    open(&edge, "down");
    let missed = listen(&edge, "?lang=en", &["--header", &resume]).event("bulletin");
    assert_eq!(missed.json()["version"], edge.version());
    // Whatever else a client sends there, it gets the bulletin.
    for wrong in ["a-1", "x", &"9".repeat(500)] {
        let header = format!("last-event-id: {wrong}");
        assert_eq!(listen(&edge, "?lang=en", &["--header", &header]).event("bulletin"), missed, "{wrong}");
    }
}

#[test]
fn the_path_answers_as_the_others_do() {
    let edge = Edge::start();
    let none = |method: &str, path: &str| edge.send(method, path, &Vec::new(), None);
    let empty = none("GET", "/events").expect(404);
    assert_eq!(empty.header("content-type"), Some("application/problem+json"), "nothing is published yet");
    edge.set_up_page();
    let head = none("HEAD", "/events").expect(200);
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("cache-control"), Some("no-store, no-transform"));
    assert_eq!(head.header("access-control-allow-origin"), Some("*"));
    assert!(head.body.is_empty());
    let options = none("OPTIONS", "/events").expect(204);
    assert!(options.header("access-control-allow-methods").is_some_and(|methods| methods.contains("GET")));
    assert_eq!(none("POST", "/events").expect(405).header("allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(none("GET", "/events/").expect(308).header("location"), Some("/events"));
    none("GET", "/events?components=a,b,c,d,e,f,g,h,i").expect(404);
}

/// Who has heard of a version and asks another isolate for a document must not get an older one.
#[test]
fn a_reader_may_name_the_version_that_it_has_heard_of() {
    let edge = start();
    let version = edge.version();
    for at in [version.to_string(), (version + 1).to_string(), "x".to_owned(), String::new()] {
        for path in ["/status.json", "/bulletin.json", "/panel.json", "/"] {
            let answer = edge.get(&format!("{path}?lang=en&at={at}")).expect(200);
            assert_eq!(answer.header("candor-unconfirmed-since"), None, "{path} {at}");
        }
    }
}
