//! The object's one alarm, for all that is due later.

use std::cell::Cell;

use candor_shared::time::Time;
use worker::Storage;

use crate::settings::Settings;
use crate::{clock, log};

/// The longest wait that the alarm is set for: 30 days, in milliseconds.
const MAX_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The alarm.
pub(super) struct Alarm {
    storage: Storage,
    /// The time that it is set for, as far as this instance knows: setting it again would cost a write.
    at: Cell<Option<Time>>,
    /// When the log is to be trimmed; none if it is kept for ever.
    trim: Cell<Option<Time>>,
}

impl Alarm {
    pub fn new(storage: Storage) -> Self {
        Self { storage, at: Cell::default(), trim: Cell::default() }
    }

    /// Notes when the log is to be trimmed, if the settings permit that.
    pub fn trim(&self, settings: &Settings, at: Time) {
        self.trim.set(Some(at).filter(|_| matches!(settings.log_days, Ok(Some(_)))));
    }

    /// When the log is to be trimmed.
    pub fn trim_due(&self) -> Option<Time> {
        self.trim.get()
    }

    /// Whether the log is to be trimmed by now.
    pub fn is_trim_due(&self, now: Time) -> bool {
        self.trim.get().is_some_and(|at| at <= now)
    }

    /// Notes that it rang, and so is not set any more.
    pub fn rang(&self) {
        self.at.set(None);
    }

    /// Sets it for a time, or for at once if that is over. A failure is logged.
    pub async fn set(&self, at: Time) {
        if self.at.get() == Some(at) {
            return;
        }
        // The runtime refuses alarms that are too far away. One that rings too early is set again.
        let wait = at.millis_since(clock::now()).clamp(0, MAX_MILLIS);
        match self.storage.set_alarm(wait).await {
            Ok(()) => self.at.set(Some(at)),
            Err(error) => log::error("the alarm could not be set", &[("error", &error.to_string())]),
        }
    }
}
