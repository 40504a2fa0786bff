//! What a page consists of. These types are stored as they serialise, so a change of their form needs a migration;
//! `tests/stored.rs` pins the form.

mod change;
mod component;
mod entity;
mod entry;
mod followup;
mod incident;
mod maintenance;
mod notice;
mod page;
mod postmortem;
mod response;
#[expect(clippy::module_inception, reason = "the file is named after its type")]
mod state;
mod template;
mod terms;

pub use change::Change;
pub use component::{Component, Former};
pub use entity::{EntityKind, EntityRef};
pub use entry::Entry;
pub use followup::Followup;
pub use incident::{Incident, Pause};
pub use maintenance::Maintenance;
pub use notice::Notice;
pub use page::{Check, Page};
pub use postmortem::{Lessons, Postmortem, PostmortemText, TEMPLATE_JSON, TEMPLATE_MARKDOWN, TimelineEntry};
pub use response::{Affected, Promises, Roles, Share};
pub use state::State;
pub use template::{Template, placeholders};
pub use terms::{
    ComponentState, FollowupStatus, Impact, IncidentStatus, Indicator, MaintenanceStatus, Outcome,
    TimelineKind, Verdict, Visibility,
};
