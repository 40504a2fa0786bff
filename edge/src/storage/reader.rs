//! A restore while the lines of an export are read.

use candor_shared::text::Id;
use serde::Deserialize;
use worker::{Error, Result};

use super::lines::{End, Line, Manifest, parse};
use super::running::Running;
use super::trim::Trimmed;

/// The highest version: the largest integer that all JSON parsers hold exactly (RFC 8259, section 6).
const MAX_VERSION: u64 = (1 << 53) - 1;

/// A restore that is under way.
#[derive(Deserialize)]
pub(super) struct UnderWay {
    /// The first line of the export.
    pub manifest: String,
    pub page_id: Id,
    pub next: u64,
    pub version: u64,
    pub running: String,
}

/// A restore while its lines are read.
pub(super) struct Reader {
    pub manifest: Option<(String, Id)>,
    pub next: u64,
    pub version: u64,
    /// Where the log begins, if not at version 1.
    pub log: Option<Trimmed>,
    pub running: Running,
    pub end: Option<String>,
}

/// Why a line is not restored.
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

impl Reader {
    /// Takes the first line.
    pub fn begin(&mut self, bytes: &[u8], manifest: Manifest) -> std::result::Result<(), Wrong> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        if let Some(log) = &manifest.log
            && (log.from < 2 || log.before.version < log.from.saturating_sub(1) || log.from > MAX_VERSION)
        {
            return wrong("it says that the log begins where it cannot begin");
        }
        self.version = manifest.before_log();
        self.log = manifest.log;
        self.manifest = Some((text.to_owned(), manifest.page_id));
        Ok(())
    }

    pub fn new() -> Self {
        Self { manifest: None, next: 0, version: 0, log: None, running: Running::default(), end: None }
    }

    pub fn resume(at: UnderWay) -> Result<Self> {
        let running = Running::from_text(&at.running);
        let running = running.ok_or_else(|| Error::RustError("a restore cannot be resumed".to_owned()))?;
        let log = match parse(at.manifest.as_bytes()) {
            Ok(Line::Manifest(manifest)) => manifest.log,
            _ => None,
        };
        let manifest = Some((at.manifest, at.page_id));
        Ok(Self { manifest, next: at.next, version: at.version, log, running, end: None })
    }

    /// Checks that all that came before is what the last line says.
    pub fn finish(&mut self, end: End) -> std::result::Result<(), Wrong> {
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
        let before = self.log.as_ref().map_or(0, |log| log.from.saturating_sub(1));
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
