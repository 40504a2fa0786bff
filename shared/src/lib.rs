//! Candor's domain, pure: what a status page holds, which updates are allowed, and what is published.
//!
//! ```text
//! bytes --parse--> Update --apply(state, now)--> Events | Rejection
//!                            State --status_document--> StatusDocument (status.json)
//!          the clock --advance(state, now)--> Events          next_change(state): when to call it again
//! ```
//!
//! Nothing here reads a clock, draws a random number, does I/O or knows JavaScript: the caller passes the time in.
//! The same state, updates and times therefore give the same bytes.
//!
//! ```
//! use candor_shared::published::status_document;
//! use candor_shared::rules::{Moment, apply};
//! use candor_shared::state::State;
//! use candor_shared::time::Time;
//! use candor_shared::update::parse;
//!
//! let mut state = State::default();
//! let now: Time = "2010-10-04T15:10:00Z".parse()?;
//! let update = br#"{"type":"incident.open","name":"Check-ins fail","impact":"major","body":"We broke them."}"#;
//! for update in parse(update)? {
//!     apply(&mut state, &update, Moment { now, version: 1 })?;
//! }
//! let document = status_document(&state, 1, now);
//! assert_eq!(document.indicator.as_str(), "major");
//! assert_eq!(document.incidents[0].id.as_str(), "incident-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate does not verify signatures, store data or set alarms. `candor-edge` does.

#![deny(clippy::arithmetic_side_effects)]

pub mod bulletin;
pub mod limits;
pub mod panel;
pub mod published;
pub mod record;
pub mod review;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod state;
pub mod text;
pub mod time;
pub mod update;
pub mod words;
