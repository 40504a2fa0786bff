//! Restores the page from an export, in parts.
//!
//! The rows of the export are written where they belong, and a row in `restore` says that they are not the page yet: while it
//! exists, nothing is loaded ([`Ledger::load`]). The last line of the export deletes it, if all that came before is what it says.

use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::{Deserialize, Serialize};
use worker::Result;

use super::derived::Derived;
use super::ledger::{Ledger, integer};
use super::lines::{Line, Manifest, complete, lines, parse};
use super::reader::{Reader, STAGED, UnderWay};
use crate::http::Problem;

/// How far a restore is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Progress {
    /// How many bytes of the export have been read: where the next part begins.
    pub next: u64,
    /// The newest version that has been read.
    pub version: u64,
    /// Whether the page is restored. Until then nothing of it is published.
    pub done: bool,
}

/// Where a restored page comes from.
#[derive(Deserialize)]
pub(super) struct Origin {
    pub page_id: Id,
    sha256: String,
    bytes: u64,
}

impl Ledger {
    /// The restore that is under way.
    pub(super) fn restore_under_way(&self) -> Result<Option<UnderWay>> {
        let rows = self.rows("SELECT manifest, next, version, running FROM restore", vec![])?;
        Ok(rows.into_iter().next())
    }

    /// Where the page comes from, if it was restored.
    pub(super) fn origin(&self) -> Result<Option<Origin>> {
        let rows = self.rows("SELECT page_id, sha256, bytes FROM origin", vec![])?;
        Ok(rows.into_iter().next())
    }

    /// Reads the lines that are complete in a part of an export, which begins `from` bytes after its beginning. A part that was
    /// read before changes nothing. `newest` is the newest version of the page; `is_standby`: whether the page is to follow the one that was
    /// exported.
    ///
    /// # Errors
    /// If the storage fails. A part that is wrong gets a problem. Neither changes anything.
    pub fn restore(
        &self,
        from: u64,
        part: &[u8],
        newest: u64,
        is_standby: bool,
        now: Time,
    ) -> Result<Result<Progress, Problem>> {
        if newest > 0 {
            return self.restored_before(from, part, newest);
        }
        let complete = complete(part);
        let first = complete.as_ref().ok().and_then(|complete| lines(complete).next());
        let under_way = self.restore_under_way()?;
        if let Ok(Line::Abort {}) = parse(part.trim_ascii()) {
            return match under_way {
                Some(_) => self.abort_restore().map(Ok),
                None => Ok(Err(Problem::conflict("No restore is under way, so there is none to abort."))),
            };
        }
        let mut reader = match under_way {
            None if from > 0 => {
                return Ok(Err(Problem::conflict(
                    "No restore is under way: send the export from its beginning, with from=0.",
                )));
            }
            None => Reader::new(),
            Some(under_way)
                if from == 0 && first.is_some_and(|first| first != under_way.manifest.as_bytes()) =>
            {
                return Ok(Err(Problem::conflict(
                    "A restore of another export is under way. Finish it, or abort it by sending {\"abort\":{}}.",
                )));
            }
            Some(under_way) if from < under_way.next => {
                return Ok(Ok(Progress { next: under_way.next, version: under_way.version, done: false }));
            }
            Some(under_way) if from > under_way.next => {
                return Ok(Err(Problem::conflict(format!(
                    "The restore goes on at byte {}, not at {from}: send from={}.",
                    under_way.next, under_way.next
                ))));
            }
            Some(under_way) => Reader::resume(under_way)?,
        };
        let complete = match complete {
            Ok(complete) => complete,
            Err(problem) => return Ok(Err(problem)),
        };
        let outcome = self.reading(&mut reader, &mut |reader| {
            self.read_lines(reader, complete, now)?;
            Ok(self.keep_restore(reader, is_standby, now)?)
        })?;
        Ok(outcome.map(|()| Progress {
            next: reader.next,
            version: reader.version,
            done: reader.end.is_some(),
        }))
    }

    /// The answer on a page that has a version: a problem, unless the end of the export with which it was restored comes again.
    fn restored_before(&self, from: u64, part: &[u8], newest: u64) -> Result<Result<Progress, Problem>> {
        let last = lines(part).last().and_then(|line| parse(line).ok());
        let same = |origin: &Origin| matches!(&last, Some(Line::End(end)) if end.sha256 == origin.sha256);
        Ok(match self.origin()? {
            Some(origin) if same(&origin) && from > 0 => {
                Ok(Progress { next: origin.bytes, version: newest, done: true })
            }
            Some(origin) if same(&origin) => Err(Problem::conflict(format!(
                "This export was restored before. The page is in use, at version {newest}; nothing changed."
            ))),
            _ => Err(Problem::conflict(format!(
                "The page is in use, at version {newest}. An export is restored into an empty deployment only; nothing changed."
            ))),
        })
    }

    /// Stores where the restore stands, or ends it.
    fn keep_restore(&self, reader: &Reader, is_standby: bool, now: Time) -> Result<()> {
        let Some((text, manifest)) = &reader.manifest else { return Ok(()) };
        match &reader.end {
            Some(sha256) => self.end_restore(reader, manifest, sha256, is_standby.then_some(now)),
            None => self.run(
                "INSERT OR REPLACE INTO restore (id, manifest, page_id, next, version, running) VALUES (1, ?, ?, ?, ?, ?)",
                vec![
                    text.as_str().into(),
                    manifest.page_id.as_str().into(),
                    integer(reader.next)?,
                    integer(reader.version)?,
                    reader.running.to_text().into(),
                ],
            ),
        }
    }

    /// Makes what was restored the page. `heard_at`: when, if it is the page that this deployment follows.
    fn end_restore(
        &self,
        reader: &Reader,
        manifest: &Manifest,
        sha256: &str,
        heard_at: Option<Time>,
    ) -> Result<()> {
        self.run("DELETE FROM restore", vec![])?;
        self.run(
            "INSERT OR REPLACE INTO origin (id, page_id, sha256, bytes) VALUES (1, ?, ?, ?)",
            vec![manifest.page_id.as_str().into(), sha256.into(), integer(reader.next)?],
        )?;
        if let Some(log) = &manifest.log {
            self.keep_trimmed(log)?;
        }
        if let Some(now) = heard_at {
            self.followed(manifest, now)?;
        }
        self.now_the_page(reader.version)
    }

    /// Makes the rows that were read those of the page, at this version.
    pub(super) fn now_the_page(&self, version: u64) -> Result<()> {
        self.now_named()?;
        *self.derived.borrow_mut() = Derived::default();
        self.run("DELETE FROM uptime_sum", vec![])?;
        self.run("DELETE FROM incident_measure", vec![])?;
        self.derived_at(version)?;
        // What cannot be loaded is not restored.
        self.load().map(|_| ())
    }

    /// Gives the requests that were read their names.
    pub(super) fn now_named(&self) -> Result<()> {
        self.run(
            "UPDATE OR REPLACE accepted SET name = substr(name, 3) WHERE substr(name, 1, 2) = ?",
            vec![STAGED.into()],
        )
    }

    /// Deletes all that was restored: the page is empty again.
    fn abort_restore(&self) -> Result<Progress> {
        self.transaction(&mut || {
            for table in ["log", "entity", "entry", "component_state", "trimmed", "restore"] {
                self.run(&format!("DELETE FROM {table}"), vec![])?;
            }
            self.run("DELETE FROM accepted WHERE substr(name, 1, 2) = ?", vec![STAGED.into()])
        })?;
        Ok(Progress { next: 0, version: 0, done: false })
    }
}
