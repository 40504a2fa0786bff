//! Streams of events (`GET /events`): one for each page and language, while an application shows something that may change.
//! `loader/live.js` does the same for pages. Whatever goes wrong here, watches go on polling.

use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

/// The name of the document.
const EVENTS: &str = "events";

/// What a stream sends.
pub(crate) enum Heard {
    /// There is this version.
    Version(u64),
    /// The last one was still the newest at this time of the server.
    Confirmed(Option<String>),
}

/// It is open until the value is dropped.
struct Stream {
    url: String,
    source: EventSource,
    _listeners: [EventListener; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

thread_local! {
    static STREAMS: RefCell<Vec<Stream>> = const { RefCell::new(Vec::new()) };
}

/// The address of the stream of the page that has this document, in its language.
pub(crate) fn stream_of(document: &str) -> String {
    let bare = crate::address::beside(document, EVENTS);
    document.split_once('?').map_or(bare.clone(), |(_, query)| [&bare, "?", query].concat())
}

/// Opens the streams that are wanted, closes all others, and reports to `heard` under their addresses.
pub(crate) fn keep(wanted: &[String], heard: fn(&str, Heard)) {
    STREAMS.with_borrow_mut(|streams| {
        streams.retain(|stream| wanted.contains(&stream.url));
        for url in wanted {
            if !streams.iter().any(|stream| stream.url == *url) {
                streams.extend(open(url, heard));
            }
        }
    });
}

fn open(url: &str, heard: fn(&str, Heard)) -> Option<Stream> {
    let source = EventSource::new(url).ok()?;
    let listen = |name: &'static str, read: fn(&MessageEvent) -> Option<Heard>| {
        let url = url.to_owned();
        EventListener::new(&source, name, move |event: &Event| {
            if let Some(event) = event.dyn_ref().and_then(read) {
                heard(&url, event);
            }
        })
    };
    let listeners = [
        // The id of the event ends with the version.
        listen("bulletin", |event| {
            Some(Heard::Version(event.last_event_id().rsplit_once('-')?.1.parse().ok()?))
        }),
        listen("confirmed", |event| Some(Heard::Confirmed(event.data().as_string()))),
    ];
    Some(Stream { url: url.to_owned(), source, _listeners: listeners })
}
