//! A standby: it holds the page of another deployment and follows it, until it takes that deployment's place.
//!
//! It begins as a restore of a whole export. Afterwards it reads what changed since its newest version. What comes in several
//! parts is kept aside until the last one is there, so that the page goes from one version of the other deployment to another one.
//! While it follows, it has the other one's epoch: the same version is the same page. When it is promoted it gets an epoch of
//! its own, because from then on the two may differ.

use candor_shared::time::Time;
use serde::Deserialize;
use worker::{Error, Result};

use super::accepted::IS_SIGNATURE;
use super::export::Cursor;
use super::ledger::{Ledger, integer};
use super::lines::{Manifest, complete, end_of_export, lines};
use super::reader::{Reader, Wrong, wrong};
use super::restore::Progress;
use super::standby::{Promoted, Standby};
use crate::http::Problem;

/// The most bytes that are kept aside: 64 MiB, what changes in some 100,000 updates.
const MAX_STAGED: u64 = 64 * 1024 * 1024;

impl Ledger {
    /// The standby, if this is one and holds a page.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn standby(&self) -> Result<Option<Standby>> {
        #[derive(Deserialize)]
        struct Row {
            confirmed_at: i64,
            promoted_at: Option<i64>,
            promoted_version: Option<u64>,
            epoch: Option<String>,
        }
        let query = "SELECT confirmed_at, promoted_at, promoted_version, (SELECT epoch FROM followed) AS epoch FROM standby";
        let rows: Vec<Row> = self.rows(query, vec![])?;
        let time = |millis| {
            Time::from_millis(millis).ok_or_else(|| Error::RustError("a time is out of range".to_owned()))
        };
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let promoted = match (row.promoted_at, row.promoted_version) {
            (Some(at), Some(version)) => Some(Promoted { at: time(at)?, version, epoch: row.epoch }),
            _ => None,
        };
        Ok(Some(Standby { confirmed_at: time(row.confirmed_at)?, promoted }))
    }

    /// Stores that the page is that of the other deployment, as this export says that was heard now.
    pub(super) fn followed(&self, manifest: &Manifest, now: Time) -> Result<()> {
        self.run("UPDATE epoch SET id = ?", vec![manifest.epoch.as_str().into()])?;
        // What was heard now is no younger, whatever the clock there says.
        let confirmed_at = manifest.exported_at.min(now);
        self.run(
            "INSERT OR REPLACE INTO standby (id, confirmed_at) VALUES (1, ?)",
            vec![confirmed_at.as_millis().into()],
        )
    }

    /// Where the export begins that holds what changed since the newest version here.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn changes_since(&self, epoch: &str, newest: u64) -> Result<Cursor> {
        #[derive(Deserialize)]
        struct Row {
            rows: i64,
        }
        // Rows are only ever added, so they have the same numbers in both deployments.
        let rows: Vec<Row> =
            self.rows("SELECT coalesce(max(rowid), 0) AS rows FROM component_state", vec![])?;
        Ok(Cursor::since(epoch.to_owned(), newest, rows.first().map_or(0, |row| row.rows)))
    }

    /// Reads a part of what changed since version `newest` of the page that this one follows. The part begins `from` bytes after
    /// the beginning. The last part changes the page; the others are kept aside.
    ///
    /// # Errors
    /// If the storage fails. A part that is wrong gets a problem. Neither changes anything.
    pub fn follow(
        &self,
        from: u64,
        part: &[u8],
        newest: u64,
        now: Time,
    ) -> Result<std::result::Result<Progress, Problem>> {
        let complete = match complete(part) {
            Ok(complete) => complete,
            Err(problem) => return Ok(Err(problem)),
        };
        let kept = if from == 0 { 0 } else { self.kept_aside()? };
        if from < kept {
            return Ok(Ok(Progress { next: kept, version: newest, done: false }));
        }
        if from > kept {
            return Ok(Err(Problem::conflict(format!(
                "The changes go on at byte {kept}, not at {from}: send from={kept}."
            ))));
        }
        let next = from.saturating_add(u64::try_from(complete.len()).unwrap_or(u64::MAX));
        if end_of_export(lines(complete).last().unwrap_or_default()).is_none() {
            if next > MAX_STAGED {
                return Ok(Err(Problem::conflict(format!(
                    "Too much has changed to be read at once. Let this deployment follow anew: send {{\"type\":\"page.follow\",\"version\":{newest}}} to /v1/standby."
                ))));
            }
            let Ok(text) = std::str::from_utf8(complete) else {
                return Ok(Err(Problem::invalid_export("The export is not UTF-8.".to_owned())));
            };
            self.keep_aside(from, text)?;
            return Ok(Ok(Progress { next, version: newest, done: false }));
        }
        let mut reader = Reader::since(newest);
        let outcome =
            self.reading(&mut reader, &mut |reader| self.read_changes(reader, from, complete, now))?;
        Ok(outcome.map(|()| Progress { next: reader.next, version: reader.version, done: true }))
    }

    fn read_changes(
        &self,
        reader: &mut Reader,
        from: u64,
        last: &[u8],
        now: Time,
    ) -> std::result::Result<(), Wrong> {
        #[derive(Deserialize)]
        struct Part {
            at: i64,
            part: String,
        }
        let newest = reader.version;
        // One at a time, because each may have a megabyte. What is kept aside from `from` on is of an earlier attempt.
        let query = "SELECT at, part FROM staged WHERE at > ? AND at < ? ORDER BY at LIMIT 1";
        let mut after = -1;
        while let Some(Part { at, part }) =
            self.rows::<Part>(query, vec![after.into(), integer(from)?])?.into_iter().next()
        {
            after = at;
            self.read_lines(reader, part.as_bytes(), now)?;
        }
        self.read_lines(reader, last, now)?;
        let Some((_, manifest)) = reader.manifest.as_ref().filter(|_| reader.end.is_some()) else {
            return wrong("the end is missing");
        };
        if manifest.epoch != self.epoch()? {
            return wrong("this is another page, or the page was restored; let this deployment follow anew");
        }
        self.followed(manifest, now)?;
        self.run("DELETE FROM staged", vec![])?;
        if reader.version == newest {
            self.now_named()?;
        } else {
            self.now_the_page(reader.version)?;
        }
        Ok(())
    }

    fn kept_aside(&self) -> Result<u64> {
        #[derive(Deserialize)]
        struct Row {
            next: u64,
        }
        let rows: Vec<Row> = self
            .rows("SELECT coalesce(max(at + length(CAST(part AS BLOB))), 0) AS next FROM staged", vec![])?;
        Ok(rows.first().map_or(0, |row| row.next))
    }

    fn keep_aside(&self, from: u64, part: &str) -> Result<()> {
        self.transaction(&mut || {
            if from == 0 {
                self.run("DELETE FROM staged", vec![])?;
            }
            self.run("INSERT INTO staged (at, part) VALUES (?, ?)", vec![integer(from)?, part.into()])
        })
    }

    /// Makes the standby take the place of the deployment that it followed, at version `newest`.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing changed.
    pub fn promote(&self, newest: u64, now: Time) -> Result<()> {
        self.transaction(&mut || {
            self.run(
                "UPDATE standby SET promoted_at = ?, promoted_version = ?",
                vec![now.as_millis().into(), integer(newest)?],
            )?;
            self.run("INSERT OR REPLACE INTO followed (id, epoch) SELECT 1, id FROM epoch", vec![])?;
            self.new_epoch()?;
            self.run("DELETE FROM staged", vec![])
        })
    }

    fn new_epoch(&self) -> Result<()> {
        self.run("UPDATE epoch SET id = lower(hex(randomblob(8)))", vec![])
    }

    /// Empties the storage, so that the standby can follow anew. Used signatures stay used.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing changed.
    pub fn empty(&self) -> Result<()> {
        self.transaction(&mut || {
            const TABLES: [&str; 16] = [
                "log",
                "entity",
                "entry",
                "component_state",
                "restore",
                "origin",
                "standby",
                "followed",
                "staged",
                "uptime_sum",
                "incident_measure",
                "derived_at",
                "export",
                "trimmed",
                "mirror",
                "language",
            ];
            for table in TABLES {
                self.run(&format!("DELETE FROM {table}"), vec![])?;
            }
            self.run(&format!("DELETE FROM accepted WHERE NOT {IS_SIGNATURE}"), vec![])?;
            self.new_epoch()
        })?;
        self.derived.replace(super::derived::Derived::default());
        Ok(())
    }
}
