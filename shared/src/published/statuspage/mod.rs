//! The public API that existing status clients speak: Statuspage's, version 2, under `/api/v2/`.
//!
//! The field's de-facto convention. Clients are strict in odd places, so times always have milliseconds and a zone,
//! `incident_updates` is newest first and never empty, no value is published that the vendor's enums do not have, and
//! an unknown value is `null`, never left out.

mod api;
mod types;

pub use api::Statuspage;
pub use types::{
    StatuspageAffected, StatuspageComponent, StatuspageComponents, StatuspageIncident, StatuspageIncidents,
    StatuspageMaintenances, StatuspagePage, StatuspageStage, StatuspageStatus, StatuspageStatusDocument,
    StatuspageSummary, StatuspageUpdate,
};
