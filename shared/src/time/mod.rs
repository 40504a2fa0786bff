//! Instants, spans, time zones, and the days and months in a time zone. No clock.

mod instant;
mod zone;

pub use instant::{Span, Time, TimeError};
pub use zone::{Day, Month, TimeZone, UnknownZone};
