//! Candor's domain, pure: what a status page holds, which updates are allowed, and what is published.
//!
//! ```text
//! bytes --parse--> Update --apply(state, now)--> Events | Rejection
//!                            State --status_document--> StatusDocument (status.json)
//!          the clock --advance(state, now)--> Events          next_change(state): when to ask again
//! ```
//!
//! Nothing here reads a clock, draws a random number, does I/O or knows JavaScript: the caller
//! passes the time in. The same state, updates and times therefore give the same bytes.
//!
//! ```
//! use candor_shared::{apply, parse, status_document, Moment, State, Time};
//!
//! let mut state = State::default();
//! let now: Time = "2010-10-04T15:10:00Z".parse()?;
//! let update = br#"{"type":"incident.open","name":"Check-ins fail","impact":"major","body":"We broke them."}"#;
//! for update in parse(update)? {
//!     apply(&mut state, &update, Moment { now, version: 1 })?;
//! }
//! let document = status_document(&state, 1, now);
//! assert_eq!(document.indicator.as_str(), "major");
//! assert_eq!(document.incidents[0].id.as_str(), "incident-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What this crate does not do: verify signatures, store, or schedule. `candor-edge` does.

#![deny(clippy::arithmetic_side_effects)]

mod advice;
mod apply;
mod change;
mod clock;
mod document;
mod event;
mod followup;
mod gauntlet;
pub mod limits;
pub mod markdown;
mod metrics;
mod parse;
pub mod phrases;
mod postmortem;
mod publish;
mod record;
mod rejection;
mod response;
mod role;
mod said;
#[cfg(feature = "schema")]
mod schema;
mod state;
mod statuspage;
mod template;
mod terms;
mod text;
mod time;
mod told;
mod update;
mod zone;

pub use advice::advice;
pub use apply::{Moment, apply, check_size};
pub use change::{Change, ChangeCounts};
pub use clock::{advance, next_change};
pub use document::{
    ComponentStatus, IncidentStatusEntry, MaintenanceStatusEntry, NoticeEntry, PageEntry, ResolvedEntry,
    StatusDocument, Translation, Translations,
};
pub use event::{EntityKind, EntityRef, Event};
pub use followup::Followup;
pub use gauntlet::{Criterion, Gauntlet, gauntlet};
pub use metrics::{
    Changes, DayUptime, History, Interval, MetricsDocument, Spread, UPTIME_DAYS, Uptime, WINDOWS, Window,
    metrics, uptime, window_start,
};
pub use parse::{InputError, parse, parse_value};
pub use postmortem::{Lessons, Postmortem, PostmortemText, TEMPLATE_JSON, TEMPLATE_MARKDOWN, TimelineEntry};
pub use publish::status_document;
pub use record::{
    FollowupEntry, NoticeDocument, PostmortemDocument, article, notice_document, postmortem_document,
};
pub use rejection::{Rejection, RejectionKind};
pub use response::{Affected, Promises, Roles, Share};
pub use role::Role;
pub use said::Said;
pub use state::{Component, Entry, Incident, Maintenance, Notice, Page, State};
pub use statuspage::{
    Statuspage, StatuspageAffected, StatuspageComponent, StatuspageComponents, StatuspageIncident,
    StatuspageIncidents, StatuspageMaintenances, StatuspagePage, StatuspageStage, StatuspageStatus,
    StatuspageStatusDocument, StatuspageSummary, StatuspageUpdate,
};
pub use template::Template;
pub use terms::{
    ComponentState, FollowupState, Impact, IncidentStatus, Indicator, MaintenanceStatus, Outcome,
    TimelineKind, Verdict, Visibility,
};
pub use text::{Body, Color, Id, Language, Link, Logo, Name, TextError, Url};
pub use time::{Span, Time, TimeError};
pub use told::{IncidentRecord, MaintenanceRecord};
pub use update::{
    ComponentRemove, ComponentSet, FollowupSet, IncidentAmend, IncidentOpen, IncidentUpdate,
    MaintenanceSchedule, MaintenanceUpdate, NoticeClear, NoticePost, PageSet, PostmortemPublish,
    TemplateRemove, TemplateSet, Update,
};
pub use zone::{Day, Month, TimeZone, UnknownZone};
