//! Days and months in a time zone, with daylight saving.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz;
use serde::{Deserialize, Serialize};

use super::instant::Time;

/// The name of a time zone of the IANA database (RFC 6557), such as `Europe/Berlin`. The database is compiled in, so
/// that a page has the same days on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeZone(String);

impl TimeZone {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self("Etc/UTC".to_owned())
    }

    /// The IANA name, such as `Europe/Berlin`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a place uses this time zone. `Factory` is the database's name for a machine whose time zone is not
    /// configured.
    pub(crate) fn is_assigned(&self) -> bool {
        self.0 != "Factory"
    }

    /// Up to `count` days, oldest first; the last one contains `now` and ends at the next midnight. Fewer near 1970.
    pub fn last_days(&self, now: Time, count: u16) -> Vec<Day> {
        let zone = self.zone();
        let Ok(timestamp) = jiff::Timestamp::from_millisecond(now.as_millis()) else { return Vec::new() };
        let mut date = timestamp.to_zoned(zone.clone()).date();
        let mut days = Vec::new();
        for _ in 0..count {
            let (Ok(next), Ok(before)) = (date.tomorrow(), date.yesterday()) else { break };
            let Some((start, end)) = between(&zone, date, next) else { break };
            days.push(Day { date: date.to_string(), start, end });
            date = before;
        }
        days.reverse();
        days
    }

    fn date(&self, time: Time) -> Date {
        let timestamp =
            jiff::Timestamp::from_millisecond(time.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        timestamp.to_zoned(self.zone()).date()
    }

    /// The date that contains this instant, such as `2026-03-01`.
    pub fn date_of(&self, time: Time) -> String {
        self.date(time).to_string()
    }

    /// The month that contains this instant.
    pub fn month_of(&self, time: Time) -> Month {
        Month(self.date(time).first_of_month())
    }

    /// The first instant of a month and the first instant of the next; `None` if the month ends before 1970 here.
    pub fn bounds(&self, month: Month) -> Option<(Time, Time)> {
        between(&self.zone(), month.0, month.0.last_of_month().tomorrow().ok()?)
    }

    fn zone(&self) -> tz::TimeZone {
        tz::TimeZone::get(&self.0).unwrap_or(tz::TimeZone::UTC)
    }
}

/// The midnights of two dates. An instant before 1970 becomes 1970-01-01T00:00:00Z: west of Greenwich, 1970 began in
/// UTC on a local date in 1969.
fn between(zone: &tz::TimeZone, from: Date, until: Date) -> Option<(Time, Time)> {
    let midnight = |date: Date| {
        let midnight = date.to_zoned(zone.clone()).ok()?;
        Time::from_millis(midnight.timestamp().as_millisecond())
    };
    let until = midnight(until).filter(|until| *until > Time::EPOCH)?;
    Some((midnight(from).unwrap_or(Time::EPOCH), until))
}

/// A calendar month of a certain year, written `2010-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = ();

    /// Four digits, a hyphen, two digits: December 1969 (the month west of Greenwich when 1970 began in UTC) to
    /// December 9998.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or(())?;
        let digits =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (year, month) =
            (digits(year).ok_or(())?, digits(month).and_then(|m| i8::try_from(m).ok()).ok_or(())?);
        let date = Date::new(year, month, 1).map_err(|_| ())?;
        (Date::constant(1969, 12, 1)..=Date::constant(9998, 12, 1))
            .contains(&date)
            .then_some(Self(date))
            .ok_or(())
    }
}

impl TryFrom<String> for TimeZone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        let zone = tz::TimeZone::get(&name).map_err(|_| UnknownZone)?;
        Ok(Self(zone.iana_name().ok_or(UnknownZone)?.to_owned()))
    }
}

/// No time zone has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownZone;

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a time zone of the IANA database; write it like Europe/Berlin or Etc/UTC")
    }
}

/// A calendar day in a time zone. It has its real length, such as 23 or 25 hours when daylight saving
/// begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The first instant of the day.
    pub start: Time,
    /// The first instant of the next day.
    pub end: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
        TimeZone::try_from(name.to_owned())
    }

    #[test]
    fn zone_names_are_normalised_and_unknown_ones_refused() {
        assert_eq!(zone("europe/berlin").unwrap().as_str(), "Europe/Berlin");
        assert!(zone("Etc/UTC").is_ok());
        for bad in ["", "Mars/Olympus", "Etc/Unknown", "+01:00", "../etc/passwd"] {
            assert_eq!(zone(bad), Err(UnknownZone), "{bad}");
        }
    }

    #[test]
    fn days_have_their_real_length() {
        let hours = |zone_name: &str, now: &str| -> Vec<(String, i64)> {
            let days = zone(zone_name).unwrap().last_days(now.parse().unwrap(), 3);
            days.into_iter().map(|d| (d.date, d.end.millis_since(d.start) / 3_600_000)).collect()
        };
        let wanted = |days: [(&str, i64); 3]| days.map(|(date, hours)| (date.to_owned(), hours)).to_vec();
        assert_eq!(
            hours("Europe/Berlin", "2026-03-30T10:00:00Z"),
            wanted([("2026-03-28", 24), ("2026-03-29", 23), ("2026-03-30", 24)])
        );
        assert_eq!(
            hours("Europe/Berlin", "2026-10-26T10:00:00Z"),
            wanted([("2026-10-24", 24), ("2026-10-25", 25), ("2026-10-26", 24)])
        );
        assert_eq!(
            hours("Pacific/Auckland", "2026-06-01T23:00:00Z"),
            wanted([("2026-05-31", 24), ("2026-06-01", 24), ("2026-06-02", 24)])
        );
        // Where daylight saving begins at midnight, the day begins at one o'clock.
        assert_eq!(
            hours("Africa/Cairo", "2026-04-25T12:00:00Z"),
            wanted([("2026-04-23", 24), ("2026-04-24", 23), ("2026-04-25", 24)])
        );
    }

    #[test]
    fn months_begin_and_end_at_local_midnight() {
        let berlin = zone("Europe/Berlin").unwrap();
        let month: Month = "2026-10".parse().unwrap();
        let (start, end) = berlin.bounds(month).unwrap();
        assert_eq!(start.to_string(), "2026-09-30T22:00:00.000Z");
        assert_eq!(end.to_string(), "2026-10-31T23:00:00.000Z");
        assert_eq!(berlin.month_of(start), month);
        assert_eq!(month.to_string(), "2026-10");
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-10",
            "2026-1",
            "+026-10",
            "2026-10-01",
            "1969-11",
            "9999-12",
        ] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_first_month_exists_in_every_zone() {
        let bounds = |name: &str, month: &str| zone(name).unwrap().bounds(month.parse().unwrap());
        for (name, month) in
            [("Etc/UTC", "1970-01"), ("Asia/Tokyo", "1970-01"), ("America/New_York", "1969-12")]
        {
            let zone = zone(name).unwrap();
            assert_eq!(zone.month_of(Time::EPOCH).to_string(), month);
            assert_eq!(bounds(name, month).map(|(start, _)| start), Some(Time::EPOCH), "{name}");
            assert_eq!(zone.last_days(Time::EPOCH, 3).len(), 1, "{name}");
        }
        for name in ["Etc/UTC", "Asia/Tokyo"] {
            assert_eq!(bounds(name, "1969-12"), None, "{name}");
        }
    }

    #[test]
    fn each_day_ends_where_the_next_begins() {
        for name in ["America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Etc/UTC"] {
            let days = zone(name).unwrap().last_days("2026-12-01T00:00:00Z".parse().unwrap(), 400);
            assert_eq!(days.len(), 400);
            assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start), "{name}");
        }
    }
}
