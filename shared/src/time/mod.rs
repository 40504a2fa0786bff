//! Instants, spans, time zones and the days that people have in them. No clock.

mod instant;
mod zone;

pub use instant::{Span, Time, TimeError};
pub use zone::{Day, Month, TimeZone, UnknownZone};
