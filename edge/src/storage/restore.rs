//! Restores the page from an export, in parts.
//!
//! The rows of the export are written where they belong, and a row in `restore` says that they are not the page yet: while it
//! exists, nothing is loaded ([`Ledger::load`]). The last line of the export deletes it, if all that came before is what it says.

use candor_shared::state::ComponentState;
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::{Deserialize, Serialize};
use worker::{Error, Result};

use super::derived::Derived;
use super::ledger::{Ledger, integer};
use super::lines::{
    CHUNK_BYTES, EntityRow, FORMAT, Line, LogRow, Manifest, RequestRow, TextRow, lines, parse,
};
use super::reader::{Reader, UnderWay, Wrong, wrong};
use crate::http::Problem;

/// Stands before the names of restored requests until the end of the restore. No other name begins with it.
const STAGED: &str = "~ ";

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
        let rows = self.rows("SELECT manifest, page_id, next, version, running FROM restore", vec![])?;
        Ok(rows.into_iter().next())
    }

    /// Where the page comes from, if it was restored.
    pub(super) fn origin(&self) -> Result<Option<Origin>> {
        let rows = self.rows("SELECT page_id, sha256, bytes FROM origin", vec![])?;
        Ok(rows.into_iter().next())
    }

    /// Reads the lines that are complete in a part of an export, which begins `from` bytes after its beginning. A part that was
    /// read before changes nothing. `newest` is the newest version of the page.
    ///
    /// # Errors
    /// If the storage fails. A part that is wrong gets a problem. Neither changes anything.
    pub fn restore(
        &self,
        from: u64,
        part: &[u8],
        newest: u64,
        now: Time,
    ) -> Result<Result<Progress, Problem>> {
        if newest > 0 {
            return self.restored_before(from, part, newest);
        }
        let complete = part.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
        let (complete, _) = part.split_at_checked(complete).unwrap_or_default();
        let first = lines(complete).next().unwrap_or_default();
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
                if from == 0 && !complete.is_empty() && first != under_way.manifest.as_bytes() =>
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
        if complete.is_empty() {
            let detail = format!(
                "This part holds no complete line. Either the export is cut off here, or it is none: no line has more than {CHUNK_BYTES} bytes."
            );
            return Ok(Err(Problem::invalid_export(detail)));
        }
        let mut refused = None;
        let outcome = self.transaction(&mut || {
            self.read_lines(&mut reader, complete, now).map_err(|wrong| match wrong {
                Wrong::Storage(error) => error,
                Wrong::Line(what) => {
                    let line = reader.running.lines().saturating_add(1);
                    let what = format!("Line {line}: {what}. Nothing of this part was restored.");
                    let error = Error::RustError(what.clone());
                    refused = Some(Problem::invalid_export(what));
                    error
                }
            })
        });
        match (outcome, refused) {
            (Err(_), Some(problem)) => Ok(Err(problem)),
            (Err(error), None) => Err(error),
            (Ok(()), _) => {
                Ok(Ok(Progress { next: reader.next, version: reader.version, done: reader.end.is_some() }))
            }
        }
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

    fn read_lines(&self, reader: &mut Reader, part: &[u8], now: Time) -> std::result::Result<(), Wrong> {
        for bytes in lines(part) {
            self.read_line(reader, bytes, now)?;
            reader.running.add(bytes);
            reader.next = reader.next.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        let Some((manifest, page_id)) = &reader.manifest else { return wrong("the manifest is missing") };
        match &reader.end {
            Some(sha256) => self.end_restore(reader, page_id, sha256)?,
            None => self.run(
                "INSERT OR REPLACE INTO restore (id, manifest, page_id, next, version, running) VALUES (1, ?, ?, ?, ?, ?)",
                vec![
                    manifest.as_str().into(),
                    page_id.as_str().into(),
                    integer(reader.next)?,
                    integer(reader.version)?,
                    reader.running.to_text().into(),
                ],
            )?,
        }
        Ok(())
    }

    fn read_line(&self, reader: &mut Reader, bytes: &[u8], now: Time) -> std::result::Result<(), Wrong> {
        if reader.end.is_some() {
            return wrong("it follows the end of the export");
        }
        let line = parse(bytes).map_err(|error| match reader.manifest {
            Some(_) => format!("it is not a line of an export ({error})"),
            None => format!("it is not the first line of an export in format {FORMAT} ({error})"),
        })?;
        match (&reader.manifest, line) {
            (None, Line::Manifest(manifest)) if manifest.format == FORMAT => reader.begin(bytes, manifest),
            (None, Line::Manifest(Manifest { format, .. })) => Err(Wrong::Line(format!(
                "the export has format {format}, and this program reads format {FORMAT}"
            ))),
            (None, _) => wrong("the first line must be the manifest of an export"),
            (Some(_), Line::Manifest(_) | Line::Abort {}) => wrong("it does not belong inside an export"),
            (Some(_), Line::Log(row)) => self.restore_log(reader, &row),
            (Some(_), Line::Set(row)) => Ok(self.run(
                "INSERT INTO component_state (component, at, state) VALUES (?, ?, ?)",
                vec![
                    row.component.as_str().into(),
                    row.at.as_millis().into(),
                    ComponentState::as_str(row.state).into(),
                ],
            )?),
            (Some(_), Line::Changed(row)) => {
                for table in ["entity", "entry"] {
                    self.run(
                        &format!("DELETE FROM {table} WHERE kind = ? AND id = ?"),
                        vec![row.kind.as_str().into(), row.id.as_str().into()],
                    )?;
                }
                Ok(())
            }
            (Some(_), Line::Entity(row)) => self.restore_entity(&row),
            (Some(_), Line::Text(row)) => self.restore_text(&row),
            (Some(_), Line::Request(row)) => Ok(self.restore_request(&row, now)?),
            (Some(_), Line::End(end)) => reader.finish(end),
        }
    }

    fn restore_log(&self, reader: &mut Reader, row: &LogRow) -> std::result::Result<(), Wrong> {
        let next = reader.version.saturating_add(1);
        if row.version != next {
            return Err(Wrong::Line(format!("version {next} is expected here, not {}", row.version)));
        }
        if !row.events.get().starts_with('[') {
            return wrong("events must be an array");
        }
        self.run(
            "INSERT INTO log (version, received_at, at, key, body, events) VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                integer(row.version)?,
                row.received_at.as_millis().into(),
                row.at.as_millis().into(),
                row.key.as_str().into(),
                row.update.get().into(),
                row.events.get().into(),
            ],
        )?;
        reader.version = next;
        Ok(())
    }

    fn restore_entity(&self, row: &EntityRow) -> std::result::Result<(), Wrong> {
        row.check()?;
        self.run(
            "INSERT OR REPLACE INTO entity (kind, id, live, json) VALUES (?, ?, ?, ?)",
            vec![
                row.kind.as_str().into(),
                row.id.as_str().into(),
                i64::from(row.live).into(),
                row.json.get().into(),
            ],
        )?;
        Ok(())
    }

    fn restore_text(&self, row: &TextRow) -> std::result::Result<(), Wrong> {
        row.check()?;
        self.run(
            "INSERT OR REPLACE INTO entry (kind, id, number, json) VALUES (?, ?, ?, ?)",
            vec![
                row.kind.as_str().into(),
                row.id.as_str().into(),
                i64::from(row.number).into(),
                row.json.get().into(),
            ],
        )?;
        Ok(())
    }

    fn restore_request(&self, row: &RequestRow, now: Time) -> Result<()> {
        if row.expires_at < now {
            return Ok(());
        }
        self.run(
            "INSERT OR REPLACE INTO accepted (name, fingerprint, version, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
            vec![
                format!("{STAGED}{}", row.name).into(),
                row.fingerprint.as_str().into(),
                integer(row.version)?,
                row.answer.as_str().into(),
                row.expires_at.as_millis().into(),
            ],
        )
    }

    /// Makes what was restored the page.
    fn end_restore(&self, reader: &Reader, page_id: &Id, sha256: &str) -> Result<()> {
        self.run("DELETE FROM restore", vec![])?;
        self.run(
            "INSERT OR REPLACE INTO origin (id, page_id, sha256, bytes) VALUES (1, ?, ?, ?)",
            vec![page_id.as_str().into(), sha256.into(), integer(reader.next)?],
        )?;
        self.run(
            "UPDATE OR REPLACE accepted SET name = substr(name, 3) WHERE substr(name, 1, 2) = ?",
            vec![STAGED.into()],
        )?;
        if let Some(log) = &reader.log {
            self.keep_trimmed(log)?;
        }
        *self.derived.borrow_mut() = Derived::default();
        self.run("DELETE FROM uptime_sum", vec![])?;
        self.run("DELETE FROM incident_measure", vec![])?;
        self.derived_at(reader.version)?;
        // What cannot be loaded is not restored.
        self.load().map(|_| ())
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
