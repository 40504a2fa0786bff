//! Updates: what an operator or a monitor sends, and how it is parsed. Fields are named as on the wire.

mod address;
mod component;
mod error;
mod followup;
mod incident;
mod kind;
mod kinds;
mod maintenance;
mod notice;
mod nullable;
mod page;
mod parse;
mod postmortem;
mod strict;
mod template;

pub use component::{ComponentRemove, ComponentSet};
pub use error::InputError;
pub use followup::FollowupSet;
pub use incident::{IncidentAmend, IncidentOpen, IncidentUpdate};
pub use kinds::Update;
pub use maintenance::{MaintenanceSchedule, MaintenanceUpdate};
pub use notice::{NoticeClear, NoticePost};
pub use page::PageSet;
pub use parse::{parse, parse_value};
pub use postmortem::PostmortemPublish;
pub use template::{TemplateRemove, TemplateSet};
