//! The page's Durable Object, the only writer: it applies updates, stores them and renders the documents of each edition.

mod alarm;
mod answer;
mod answered;
mod asked;
mod backup;
mod changes;
mod chores;
mod copied;
mod copies;
mod copy_metadata;
mod corrected;
mod due;
mod edition;
mod failure;
mod gauges;
mod health;
mod live;
mod log_page;
mod parts;
mod push;
mod rate;
mod replay;
mod replies;
mod standby;
mod status_page;
pub mod stub;
mod submission;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use answer::AnswerBody;
pub use asked::LATE_MILLIS;
#[cfg(any(test, feature = "simulation"))]
pub use changes::MAX_WAITING;
pub use changes::{CHANGES, HOLD_MILLIS, version_id};
pub use copy_metadata::CopyMetadata;
#[cfg(test)]
pub use health::Health;
#[cfg(test)]
pub use log_page::LogPage;
pub use log_page::Wanted;
pub use parts::{part_from, part_of};
#[cfg(test)]
pub use standby::StandbyDocument;
pub use standby::{SignedOrder, StandbyOrder};
pub use submission::Submission;
