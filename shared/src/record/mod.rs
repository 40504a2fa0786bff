//! What is derived from the history: incidents and maintenances with all their entries, and the metrics.

mod changes;
mod held;
mod history;
mod incident_measures;
mod metrics;
mod story;
mod uptime;

pub use changes::ChangeCounts;
pub use history::History;
pub use incident_measures::IncidentMeasures;
pub use metrics::{Changes, MetricsDocument, Spread, UPTIME_DAYS, WINDOWS, Window, metrics, window_start};
pub use story::{IncidentRecord, MaintenanceRecord, RemovedComponents};
pub use uptime::{DayUptime, Interval, Lost, Uptime, lost, lost_of, uptime_by_day};
