//! Instants and spans: the one time type of the crate, in one format.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits;

/// An instant, in whole milliseconds since 1970-01-01T00:00:00Z, between the years 1970 and 9999.
///
/// Written as RFC 3339 in UTC with exactly three fractional digits, because existing status clients parse only that:
/// `2010-10-04T15:00:00.000Z`. Parsing accepts any RFC 3339 offset and truncates finer fractions.
///
/// ```
/// use candor_shared::time::Time;
/// let time: Time = "2010-10-04T11:00:00-04:00".parse()?;
/// assert_eq!(time.to_string(), "2010-10-04T15:00:00.000Z");
/// # Ok::<(), candor_shared::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// 9999-12-31T00:00:00Z. A later instant could fall into the year 10000 in another time zone, which RFC 3339 cannot
/// write.
const LATEST: i64 = 253_402_214_400_000;

impl Time {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The instant `millis` milliseconds after the Unix epoch; `None` outside 1970 to 9999.
    pub fn from_millis(millis: i64) -> Option<Self> {
        (0..=LATEST).contains(&millis).then_some(Self(millis))
    }

    /// Milliseconds since the Unix epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// `self + span`, capped at the latest instant.
    #[must_use]
    pub fn after(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0).min(LATEST))
    }

    /// The format of HTTP and RSS (RFC 9110, section 5.6.7): `Mon, 04 Oct 2010 15:00:00 GMT`.
    pub fn in_http(self) -> String {
        let timestamp = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        timestamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Milliseconds from `earlier` to `self`; negative if `earlier` is later.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{timestamp:.3}")
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        check_form(text)?;
        let timestamp: jiff::Timestamp = without_fine_digits(text).parse().map_err(|_| TimeError::Time)?;
        Self::from_millis(timestamp.as_millisecond()).ok_or(TimeError::Time)
    }
}

/// Refuses what the parser would accept or change silently: a leap second (RFC 3339, section 5.7, allows one; time here
/// has none, so it would become another second), and an offset of a day or more (section 5.6: hours are 00 to 23).
fn check_form(text: &str) -> Result<(), TimeError> {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    let clock_end = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at(clock_end);
    let seconds = clock.split(':').nth(2).unwrap_or_default();
    if seconds.starts_with("60") {
        return Err(TimeError::LeapSecond);
    }
    let Some(offset) = offset.strip_prefix(['+', '-']) else { return Ok(()) };
    let two_digits = |part: &str, below: u8| {
        part.len() == 2
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|n| n < below)
    };
    let fits = offset
        .split_once(':')
        .is_some_and(|(hours, minutes)| two_digits(hours, 24) && two_digits(minutes, 60));
    if fits { Ok(()) } else { Err(TimeError::Offset) }
}

/// The text with at most nine digits after the point. RFC 3339 (section 5.6) permits any number; the parser reads nine.
fn without_fine_digits(text: &str) -> Cow<'_, str> {
    let Some((seconds, rest)) = text.split_once('.') else { return text.into() };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match (rest.get(..digits.min(9)), rest.get(digits..)) {
        (Some(kept), Some(zone)) if digits > 9 => format!("{seconds}.{kept}{zone}").into(),
        _ => text.into(),
    }
}

/// A positive length of time of at most 30 days, in whole milliseconds.
///
/// Parses short forms (`30m`, `1h30m`, `90s`, `2 hours`) and ISO 8601 (`PT30M`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

impl Span {
    /// The length in milliseconds: 1 or more.
    pub fn as_millis(self) -> i64 {
        self.0
    }
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let duration: jiff::SignedDuration = text.parse().map_err(|_| TimeError::Span)?;
        let millis = i64::try_from(duration.as_millis()).map_err(|_| TimeError::Span)?;
        (1..=limits::SPAN_MILLIS).contains(&millis).then_some(Self(millis)).ok_or(TimeError::Span)
    }
}

/// Why a text is not a time or a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// The second 60.
    LeapSecond,
    /// An offset that is not hours and minutes, from -23:59 to +23:59.
    Offset,
    /// Not an RFC 3339 instant between 1970 and 9999.
    Time,
    /// Not a span between a millisecond and 30 days.
    Span,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Time => "not a time between 1970 and 9999 with a zone; write it like 2010-10-04T15:00:00Z",
            Self::LeapSecond => "a leap second cannot be stored; write the second before or after, like 23:59:59Z or 00:00:00Z",
            Self::Offset => "the offset is not hours and minutes with a colon, from -23:59 to +23:59; write it like 2010-10-04T11:00:00-04:00",
            Self::Span => "not a span of at most 30 days; write it like 30m, 2h or 1h30m (days as hours: 48h)",
        })
    }
}

impl std::error::Error for TimeError {}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_parse_from_short_forms_and_iso_8601() {
        for (text, minutes) in [("30m", 30), ("1h30m", 90), ("2 hours", 120), ("PT45M", 45)] {
            assert_eq!(text.parse::<Span>().map(Span::as_millis), Ok(minutes * 60_000), "{text}");
        }
        for text in ["", "soon", "30", "-5m", "0s", "31d", "1 month", "9999999999999h"] {
            assert_eq!(text.parse::<Span>(), Err(TimeError::Span), "{text}");
        }
    }

    #[test]
    fn a_time_needs_a_zone_and_a_real_date() {
        for text in
            ["2010-10-04T15:00:00", "2010-10-04", "2010-02-30T00:00:00Z", "1969-12-31T23:59:59Z", "now", ""]
        {
            assert_eq!(text.parse::<Time>(), Err(TimeError::Time), "{text}");
        }
    }

    #[test]
    fn a_leap_second_and_an_offset_of_a_day_are_refused() {
        for text in ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00"] {
            assert_eq!(text.parse::<Time>(), Err(TimeError::LeapSecond), "{text}");
        }
        for offset in ["+24:00", "-24:00", "+25:30", "+99:99", "+12:60", "+4:00", "+0400", "+04"] {
            let text = format!("2010-10-04T15:00:00{offset}");
            assert_eq!(text.parse::<Time>(), Err(TimeError::Offset), "{text}");
        }
        for digits in ["5", "123456789", "1234567890", "99999999999999999999"] {
            let time: Time = format!("2010-10-04T15:00:00.{digits}+02:00").parse().unwrap();
            assert!(time.to_string().starts_with("2010-10-04T13:00:00."), "{digits}");
        }
        for offset in ["+23:59", "-23:59", "+14:00", "-00:00", "z"] {
            assert!(format!("2010-10-04T15:00:00.5{offset}").parse::<Time>().is_ok(), "{offset}");
        }
    }

    proptest! {
        #[test]
        fn a_time_reads_back_as_written(millis in 0..=LATEST) {
            let time = Time::from_millis(millis).unwrap();
            let text = time.to_string();
            prop_assert_eq!(text.len(), "2010-10-04T15:00:00.000Z".len());
            prop_assert_eq!(text.parse::<Time>().unwrap(), time);
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Time>();
            let _ = text.parse::<Span>();
        }
    }
}
