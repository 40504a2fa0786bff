//! The audit log, as operators read it.

use candor_shared::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use worker::Result;

use super::ledger::Ledger;
use super::sql::MAX_INTEGER;

/// One line of the audit log.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LoggedUpdate {
    /// The version that the update or the clock made.
    pub version: u64,
    /// When the worker received the update.
    pub received_at: Option<Time>,
    /// When the change took effect: the update's `at`, if it has one.
    pub at: Option<Time>,
    /// The id of the key that signed the update, or `clock`.
    pub key: String,
    /// The update as it was sent; null for a change that the clock made.
    pub update: Value,
    /// What the update changed.
    pub events: Value,
}

impl Ledger {
    /// The number of lines of the log. Versions have no gaps, so the oldest and the newest tell it without reading the others.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn log_rows(&self) -> Result<u64> {
        #[derive(Deserialize)]
        struct Row {
            rows: u64,
        }
        let rows: Vec<Row> = self.rows(
            "SELECT coalesce((SELECT max(version) FROM log) - (SELECT min(version) FROM log) + 1, 0) AS rows",
            vec![],
        )?;
        Ok(rows.first().map_or(0, |row| row.rows))
    }

    /// At most `limit` lines of the log below version `before`, or the newest lines without it; newest first.
    pub fn log(&self, before: Option<u64>, limit: u32) -> Result<Vec<LoggedUpdate>> {
        #[derive(Deserialize)]
        struct Row {
            version: u64,
            received_at: i64,
            at: i64,
            key: String,
            body: String,
            events: String,
        }
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(MAX_INTEGER);
        let rows: Vec<Row> = self.rows(
            "SELECT version, received_at, at, key, body, events FROM log WHERE version < ? ORDER BY version DESC LIMIT ?",
            vec![before.into(), i64::from(limit).into()],
        )?;
        rows.into_iter()
            .map(|row| {
                Ok(LoggedUpdate {
                    version: row.version,
                    received_at: Time::from_millis(row.received_at),
                    at: Time::from_millis(row.at),
                    key: row.key,
                    update: serde_json::from_str(&row.body)?,
                    events: serde_json::from_str(&row.events)?,
                })
            })
            .collect()
    }
}
