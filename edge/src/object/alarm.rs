//! The object's one alarm, for all that is due later.

use std::cell::Cell;

use candor_shared::time::Time;
use worker::Storage;

use crate::clock::due;
use crate::settings::Settings;
use crate::wait::limited;
use crate::{clock, log};

/// The longest wait that the alarm is set for: 30 days, in milliseconds.
const MAX_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long the platform may take to set it: 200 milliseconds, because answers wait for that.
const SET_MILLIS: i64 = 200;

/// The alarm.
pub(super) struct Alarm {
    storage: Storage,
    /// What it is set for, as far as this instance knows: setting it again would cost a write.
    set: Cell<Option<Setting>>,
    /// When it was last looked whether the log is to be trimmed, and after how many milliseconds that is due again; none if the log is
    /// kept for ever.
    trim: Cell<Option<(Time, i64)>>,
}

/// What the alarm is set for.
#[derive(Clone, Copy, Debug)]
struct Setting {
    /// What was asked for, which may be over or too far away.
    at: Time,
    /// When it rings.
    rings: Time,
}

impl Setting {
    /// A setting for this time: at once if it is over. The runtime refuses alarms that are too far away; one that rings too early is
    /// set again.
    fn new(at: Time, now: Time) -> Self {
        let wait = at.millis_since(now).clamp(0, MAX_MILLIS);
        Self { at, rings: Time::from_millis(now.as_millis().saturating_add(wait)).unwrap_or(at) }
    }

    /// Whether it rings for this time: when that comes, or before. It would ring too late if the clock was ahead when it was set.
    fn serves(self, at: Time, now: Time) -> bool {
        self.at == at && self.rings <= at.max(now)
    }
}

impl Alarm {
    pub fn new(storage: Storage) -> Self {
        Self { storage, set: Cell::default(), trim: Cell::default() }
    }

    /// Notes that the log is to be trimmed so many milliseconds after a time, if the settings permit that.
    pub fn trim(&self, settings: &Settings, since: Time, millis: i64) {
        self.trim.set(Some((since, millis)).filter(|_| matches!(settings.log_days, Ok(Some(_)))));
    }

    /// When the log is to be trimmed.
    pub fn trim_due(&self, now: Time) -> Option<Time> {
        self.trim.get().map(|(since, millis)| due(since, millis, now))
    }

    /// Notes that it rang, and so is not set any more.
    pub fn rang(&self) {
        self.set.set(None);
    }

    /// Sets it for a time, or for at once if that is over. What fails or takes too long is logged, and done again with the next
    /// question.
    pub async fn set(&self, at: Time) {
        let now = clock::now();
        if self.set.get().is_some_and(|set| set.serves(at, now)) {
            return;
        }
        let setting = Setting::new(at, now);
        match limited(SET_MILLIS, self.storage.set_alarm(setting.rings.millis_since(now))).await {
            Ok(()) => self.set.set(Some(setting)),
            Err(error) => log::error("the alarm could not be set", &[("error", &error.to_string())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_that_was_set_while_the_clock_was_ahead_is_set_again() {
        const HOUR: i64 = 60 * 60 * 1000;
        let at = |hour: i64| Time::from_millis(hour * HOUR).unwrap();
        let set = Setting::new(at(105), at(100));
        assert_eq!(set.rings, at(105));
        assert!(set.serves(at(105), at(101)) && !set.serves(at(104), at(101)));
        // For something that is over: it rings at once, and is not set with every question until then.
        let set = Setting::new(at(90), at(100));
        assert!(set.rings == at(100) && set.serves(at(90), at(100)) && set.serves(at(90), at(101)));
        // The clock was a day ahead: when it is right again, that "at once" is tomorrow.
        assert!(!Setting::new(at(90), at(124)).serves(at(90), at(100)));
        assert!(!Setting::new(at(110), at(124)).serves(at(110), at(101)));
        assert!(
            Setting::new(at(130), at(124)).serves(at(130), at(101)),
            "what is later anyway is as it should be"
        );
        // Too far away: it rings early, and is set again.
        let far = Setting::new(at(24 * 90), at(0));
        assert!(far.rings == at(24 * 30) && far.serves(at(24 * 90), at(1)));
    }
}
