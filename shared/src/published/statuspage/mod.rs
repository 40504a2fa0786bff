//! Version 2 of Atlassian Statuspage's public API, under `/api/v2/`, which existing status clients read.
//!
//! Clients are strict, so times always have milliseconds and a zone, `incident_updates` is newest first and never
//! empty, enums have only Statuspage's values, and an unknown value is `null`, not absent.

mod api;
mod types;

pub use api::Statuspage;
pub use types::{
    StatuspageAffected, StatuspageComponent, StatuspageComponents, StatuspageIncident, StatuspageIncidents,
    StatuspageMaintenances, StatuspagePage, StatuspageStage, StatuspageStatus, StatuspageStatusDocument,
    StatuspageSummary, StatuspageUpdate,
};
