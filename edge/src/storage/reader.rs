//! Reads the lines of an export into the tables.

use candor_shared::state::ComponentState;
use candor_shared::time::Time;
use serde::Deserialize;
use worker::{Error, Result};

use super::ledger::{Ledger, integer};
use super::lines::{End, EntityRow, FORMAT, Line, LogRow, Manifest, RequestRow, TextRow, lines, parse};
use super::running::Running;
use super::sql::MAX_INTEGER;
use crate::http::Problem;

/// Stands before the names of restored requests until the end of the restore. No other name begins with it.
pub(super) const STAGED: &str = "~ ";

/// The highest version: the largest integer that all JSON parsers hold exactly (RFC 8259, section 6).
pub const MAX_VERSION: u64 = MAX_INTEGER.unsigned_abs();

/// The most digits of an epoch. A storage makes 16.
const MAX_EPOCH: usize = 64;

/// A restore that is under way.
#[derive(Deserialize)]
pub(super) struct UnderWay {
    /// The first line of the export.
    pub manifest: String,
    pub next: u64,
    pub version: u64,
    running: String,
}

/// An export while its lines are read.
pub(super) struct Reader {
    /// The first line, as text and as what it says.
    pub manifest: Option<(String, Manifest)>,
    /// How many bytes have been read.
    pub next: u64,
    /// The newest version that has been read.
    pub version: u64,
    /// The version after which the lines must begin; none if they must be the whole page.
    since: Option<u64>,
    pub running: Running,
    /// The hash of all lines, once the last one has been read.
    pub end: Option<String>,
}

/// Why a line is not read.
pub(super) enum Wrong {
    Line(String),
    Storage(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Line(what)
    }
}

pub(super) fn wrong<T>(what: &str) -> std::result::Result<T, Wrong> {
    Err(Wrong::Line(what.to_owned()))
}

impl Ledger {
    /// Does `work`, which reads lines, in one transaction. If a line is wrong, the problem names it, and nothing changed.
    pub(super) fn reading(
        &self,
        reader: &mut Reader,
        work: &mut dyn FnMut(&mut Reader) -> std::result::Result<(), Wrong>,
    ) -> Result<std::result::Result<(), Problem>> {
        let mut refused = None;
        let outcome = self.transaction(&mut || {
            work(reader).map_err(|wrong| match wrong {
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
            (Ok(()), _) => Ok(Ok(())),
        }
    }

    /// Reads lines, each with its line end.
    pub(super) fn read_lines(
        &self,
        reader: &mut Reader,
        part: &[u8],
        now: Time,
    ) -> std::result::Result<(), Wrong> {
        for bytes in lines(part) {
            self.read_line(reader, bytes, now)?;
            reader.running.add(bytes);
            reader.next = reader.next.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        if reader.manifest.is_none() { wrong("the manifest is missing") } else { Ok(()) }
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
            (Some(_), Line::Request(row)) => self.restore_request(&row, now),
            (Some(_), Line::End(end)) => reader.finish(end),
        }
    }

    fn restore_log(&self, reader: &mut Reader, row: &LogRow) -> std::result::Result<(), Wrong> {
        let next = reader.version.saturating_add(1);
        if next > MAX_VERSION {
            return wrong("no page has a version that is so high");
        }
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

    fn restore_request(&self, row: &RequestRow, now: Time) -> std::result::Result<(), Wrong> {
        if row.expires_at < now {
            return Ok(());
        }
        if row.version > MAX_VERSION {
            return Err(Wrong::Line(format!("no page has a version {}", row.version)));
        }
        Ok(self.run(
            "INSERT OR REPLACE INTO accepted (name, fingerprint, version, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
            vec![
                format!("{STAGED}{}", row.name).into(),
                row.fingerprint.as_str().into(),
                integer(row.version)?,
                row.answer.as_str().into(),
                row.expires_at.as_millis().into(),
            ],
        )?)
    }
}

impl Reader {
    /// A reader of a whole export.
    pub fn new() -> Self {
        Self { manifest: None, next: 0, version: 0, since: None, running: Running::default(), end: None }
    }

    /// A reader of what changed since a version.
    pub fn since(version: u64) -> Self {
        Self { version, since: Some(version), ..Self::new() }
    }

    /// A reader of the rest of a whole export.
    ///
    /// # Errors
    /// If another program stored where it stands.
    pub fn resume(at: UnderWay) -> Result<Self> {
        let running = Running::from_text(&at.running);
        let running = running.ok_or_else(|| Error::RustError("a restore cannot be resumed".to_owned()))?;
        let Ok(Line::Manifest(manifest)) = parse(at.manifest.as_bytes()) else {
            return Err(Error::RustError("a restore has no manifest".to_owned()));
        };
        let manifest = Some((at.manifest, manifest));
        Ok(Self { manifest, next: at.next, version: at.version, running, ..Self::new() })
    }

    /// Takes the first line.
    fn begin(&mut self, bytes: &[u8], manifest: Manifest) -> std::result::Result<(), Wrong> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        // A standby takes it over, and it is sent in headers.
        let epoch = &manifest.epoch;
        if epoch.is_empty() || epoch.len() > MAX_EPOCH || !epoch.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return wrong("its epoch is none: an epoch consists of hexadecimal digits");
        }
        match (manifest.since, self.since) {
            (None, None) => {
                if manifest.log.as_ref().is_some_and(|log| {
                    log.from < 2 || log.before.version < log.from.saturating_sub(1) || log.from > MAX_VERSION
                }) {
                    return wrong("it says that the log begins where it cannot begin");
                }
                self.version = manifest.before_log();
            }
            (since, wanted) if since == wanted => {}
            (Some(since), None) => {
                return Err(Wrong::Line(format!(
                    "these are the changes since version {since}, and there is no page here that they follow"
                )));
            }
            (_, wanted) => {
                return Err(Wrong::Line(format!(
                    "the changes since version {} are expected",
                    wanted.unwrap_or_default()
                )));
            }
        }
        self.manifest = Some((text.to_owned(), manifest));
        Ok(())
    }

    /// Checks that all that came before is what the last line says.
    fn finish(&mut self, end: End) -> std::result::Result<(), Wrong> {
        let (lines, sha256) = (self.running.lines(), self.running.sha256());
        if end.lines != lines {
            return Err(Wrong::Line(format!(
                "the export has {} lines before its end, but {lines} came",
                end.lines
            )));
        }
        if end.sha256 != sha256 {
            return wrong("the lines are not those that were exported: their SHA-256 is another one");
        }
        let before = self.manifest.as_ref().map_or(0, |(_, manifest)| manifest.before_log());
        if end.version != self.version || self.version <= before {
            return Err(Wrong::Line(format!(
                "the export ends at version {}, but the log at {}",
                end.version, self.version
            )));
        }
        self.end = Some(sha256);
        Ok(())
    }
}
