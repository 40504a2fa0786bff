//! The rules: what an update changes, what time alone changes, which updates are refused, and what a key may do.

mod advice;
mod amend;
mod apply;
mod choose;
mod clock;
mod component;
mod event;
mod followup;
mod incident;
mod maintenance;
mod moment;
mod notice;
mod order;
mod page;
mod postmortem;
mod rejection;
mod role;
mod settle;
mod size;
mod template;
mod wording;

pub use advice::advice;
pub use amend::check_correction;
pub use apply::apply;
pub use clock::{advance, next_change};
pub use event::Event;
pub use moment::Moment;
pub use page::names_somebody;
pub use rejection::{Rejection, RejectionKind};
pub use role::Role;
pub use size::{check_size, largest_status};
