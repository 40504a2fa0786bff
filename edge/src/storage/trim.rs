//! Exports that somebody has stored safely, and the lines of the log that need not be kept because of them.
//!
//! The newest line always stays: it says which version the page has.

use candor_shared::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use worker::Result;

use super::ledger::{Ledger, integer};

/// How many lines are deleted at once.
const BATCH: usize = 500;
/// How many exports are remembered until one of them is confirmed.
const REMEMBERED: i64 = 16;

/// An export of which somebody has confirmed that it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Confirmed {
    /// The newest version in it.
    pub version: u64,
    /// The SHA-256 in its last line.
    pub sha256: String,
    /// When it was confirmed.
    pub confirmed_at: Time,
}

/// Where the log begins, if not at version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Trimmed {
    /// The log has the lines from this version on.
    pub from: u64,
    /// The export that holds those before.
    pub before: Confirmed,
}

#[derive(Deserialize)]
struct ConfirmedRow {
    version: u64,
    sha256: String,
    confirmed_at: i64,
}

impl From<ConfirmedRow> for Confirmed {
    fn from(ConfirmedRow { version, sha256, confirmed_at }: ConfirmedRow) -> Self {
        Self { version, sha256, confirmed_at: Time::from_millis(confirmed_at).unwrap_or(Time::EPOCH) }
    }
}

impl Ledger {
    /// Remembers that an export of this version ended with this hash.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn exported(&self, version: u64, sha256: &str, now: Time) -> Result<()> {
        self.run(
            "INSERT INTO export (sha256, version, ended_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET ended_at = excluded.ended_at",
            vec![sha256.into(), integer(version)?, now.as_millis().into()],
        )?;
        self.run(
            "DELETE FROM export WHERE confirmed_at IS NULL AND sha256 NOT IN (SELECT sha256 FROM export WHERE confirmed_at IS NULL ORDER BY ended_at DESC LIMIT ?)",
            vec![REMEMBERED.into()],
        )
    }

    /// Notes that an export is stored safely. None if the page remembers no such export. The one with the highest version
    /// counts; earlier ones are forgotten.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn confirm_export(&self, version: u64, sha256: &str, now: Time) -> Result<Option<Confirmed>> {
        let values = vec![sha256.into(), integer(version)?];
        let known: Vec<Value> =
            self.rows("SELECT version FROM export WHERE sha256 = ? AND version = ?", values)?;
        if known.is_empty() {
            return Ok(None);
        }
        self.transaction(&mut || {
            self.run(
                "UPDATE export SET confirmed_at = ? WHERE sha256 = ?",
                vec![now.as_millis().into(), sha256.into()],
            )?;
            self.run(
                "DELETE FROM export WHERE confirmed_at IS NOT NULL AND version < (SELECT max(version) FROM export WHERE confirmed_at IS NOT NULL)",
                vec![],
            )
        })?;
        self.confirmed_export()
    }

    /// The confirmed export with the highest version.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn confirmed_export(&self) -> Result<Option<Confirmed>> {
        let rows: Vec<ConfirmedRow> = self.rows(
            "SELECT version, sha256, confirmed_at FROM export WHERE confirmed_at IS NOT NULL ORDER BY version DESC, confirmed_at DESC LIMIT 1",
            vec![],
        )?;
        Ok(rows.into_iter().next().map(Confirmed::from))
    }

    /// Where the log begins, if lines were deleted.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn trimmed(&self) -> Result<Option<Trimmed>> {
        #[derive(Deserialize)]
        struct Row {
            first: u64,
            version: u64,
            sha256: String,
            confirmed_at: i64,
        }
        let rows: Vec<Row> = self.rows("SELECT first, version, sha256, confirmed_at FROM trimmed", vec![])?;
        Ok(rows.into_iter().next().map(|Row { first, version, sha256, confirmed_at }| Trimmed {
            from: first,
            before: ConfirmedRow { version, sha256, confirmed_at }.into(),
        }))
    }

    /// Notes where the log begins.
    pub(super) fn keep_trimmed(&self, trimmed: &Trimmed) -> Result<()> {
        let Trimmed { from, before } = trimmed;
        self.run(
            "INSERT OR REPLACE INTO trimmed (id, first, version, sha256, confirmed_at) VALUES (1, ?, ?, ?, ?)",
            vec![
                integer(*from)?,
                integer(before.version)?,
                before.sha256.as_str().into(),
                before.confirmed_at.as_millis().into(),
            ],
        )
    }

    /// Deletes the oldest lines of the log that were received before `until`, are in the confirmed export and have a version before
    /// `kept_from`, a batch at most. Returns whether there may be more.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing is deleted.
    pub fn trim(&self, until: Time, kept_from: u64) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            version: u64,
            received_at: i64,
        }
        let Some(before) = self.confirmed_export()? else { return Ok(false) };
        let rows: Vec<Row> = self
            .rows(&format!("SELECT version, received_at FROM log ORDER BY version LIMIT {BATCH}"), vec![])?;
        let may_go = |row: &&Row| {
            row.version <= before.version && row.version < kept_from && row.received_at < until.as_millis()
        };
        let Some(last) = rows.iter().take_while(may_go).last().map(|row| row.version) else {
            return Ok(false);
        };
        self.transaction(&mut || {
            self.run("DELETE FROM log WHERE version <= ?", vec![integer(last)?])?;
            self.keep_trimmed(&Trimmed { from: last.saturating_add(1), before: before.clone() })
        })?;
        Ok(rows.last().is_some_and(|row| row.version == last))
    }
}
