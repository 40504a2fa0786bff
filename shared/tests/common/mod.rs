//! Helpers that the integration tests share.
#![allow(dead_code, missing_docs, reason = "each test file uses only some of these helpers")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use candor_shared::published::{StatusDocument, status_document};
use candor_shared::rules::{Event, Moment, Rejection, RejectionKind, advance, apply};
use candor_shared::state::State;
use candor_shared::time::Time;
use candor_shared::update::parse;

pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// A page under test. The test sends updates and sets the time.
pub struct Page {
    pub state: State,
    pub version: u64,
    pub now: Time,
}

impl Page {
    pub fn new(now: &str) -> Self {
        Self { state: State::default(), version: 0, now: time(now) }
    }

    /// Sets the time and makes the changes that are due.
    pub fn at(&mut self, now: &str) -> Vec<Event> {
        self.now = time(now);
        advance(&mut self.state, self.now)
    }

    pub fn try_send(&mut self, update: &str) -> Result<Vec<Event>, Rejection> {
        let update = parse(update.as_bytes()).unwrap().remove(0);
        let version = self.version + 1;
        let mut events = apply(&mut self.state, &update, Moment { now: self.now, version })?;
        events.extend(advance(&mut self.state, self.now));
        self.version = version;
        Ok(events)
    }

    pub fn send(&mut self, update: &str) -> Vec<Event> {
        self.try_send(update).unwrap_or_else(|rejection| panic!("{update}: {rejection}"))
    }

    /// Sends an update that must be refused, and checks that the state is unchanged.
    pub fn refused(&mut self, update: &str) -> (RejectionKind, String) {
        let before = self.state.clone();
        let rejection = self.try_send(update).expect_err(update);
        assert_eq!(self.state, before, "a refused update changed the state: {update}");
        (rejection.kind, rejection.to_string())
    }

    pub fn document(&self) -> StatusDocument {
        status_document(&self.state, self.version, self.now)
    }
}
