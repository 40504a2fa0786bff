//! The lines of an export: JSON objects with one field, whose name says what the line is.

use candor_shared::state::{
    Component, ComponentState, EntityKind, Entry, Followup, Incident, IncidentStatus, Maintenance,
    MaintenanceStatus, Notice, Page, Postmortem, Template,
};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::trim::Trimmed;
use crate::http::Problem;

/// The version of the format.
pub const FORMAT: u32 = 1;
/// The most bytes of one request to restore, and so of one line: 1 MiB.
pub const CHUNK_BYTES: usize = 1024 * 1024;

/// The most bytes of the last line: 64 KiB. Its signature names the address of the page, which may be long.
pub const END_BYTES: usize = 64 * 1024;

/// One line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    Manifest(Manifest),
    /// A line of the audit log.
    Log(LogRow),
    /// What a component was set to.
    Set(SetRow),
    /// An entity that changed while the export was read: what the export said about it before holds no longer.
    Changed(ChangedRow),
    /// An entity.
    Entity(EntityRow),
    /// A text of an incident or a maintenance.
    Text(TextRow),
    /// A request that was accepted, as long as it could be sent again.
    Request(RequestRow),
    /// The last line.
    End(End),
    /// In place of an export: gives up the restore that is under way.
    Abort {},
}

/// The first line: what the export is of.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the format: [`FORMAT`].
    pub format: u32,
    /// The program that wrote it.
    pub product: String,
    /// When the export began.
    pub exported_at: Time,
    /// The epoch of the storage that was exported.
    pub epoch: String,
    /// The page's name in feeds and in Statuspage's API.
    pub page_id: Id,
    /// The version after which this begins: it holds only what has changed since. None if it holds the whole page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// The newest version when the export began; the last line names the one that the export holds.
    pub version: u64,
    /// Where the log begins, and which export has the lines before; absent if it begins with version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Trimmed>,
    /// The settings of the worker, for people: a restore does not change settings. Of keys, the ids and roles only.
    pub settings: Value,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogRow {
    pub version: u64,
    pub received_at: Time,
    pub at: Time,
    /// The id of the key, or `clock`.
    pub key: Id,
    /// The update as it was sent; null for a change that the clock made.
    pub update: Box<RawValue>,
    pub events: Box<RawValue>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetRow {
    pub component: Id,
    pub at: Time,
    pub state: ComponentState,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedRow {
    pub kind: String,
    pub id: Id,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntityRow {
    pub kind: String,
    pub id: Id,
    pub live: bool,
    pub json: Box<RawValue>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextRow {
    pub kind: String,
    pub id: Id,
    pub number: u32,
    pub json: Box<RawValue>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestRow {
    pub name: String,
    pub fingerprint: String,
    pub version: u64,
    pub answer: String,
    pub expires_at: Time,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    /// The newest version.
    pub version: u64,
    /// How many lines are before this one.
    pub lines: u64,
    /// The SHA-256 of all lines before this one, with their line ends, in hex.
    pub sha256: String,
    /// The fields above, signed: a JWS in its compact form. None of a page without a key for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl Manifest {
    /// The version before the first line of the log.
    pub fn before_log(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.from.saturating_sub(1))
    }
}

/// A line of an export.
///
/// # Errors
/// Why it is none.
pub(super) fn parse(line: &[u8]) -> Result<Line, String> {
    let text = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// For the fuzzer: reads a part of an export as a restore does. Each line that is read is written, and read again, as the same line.
#[cfg(any(test, feature = "fuzzing"))]
pub fn reread(part: &[u8]) {
    let Ok(part) = complete(part) else { return };
    for line in lines(part) {
        let Ok(line) = parse(line) else { continue };
        let written = serde_json::to_string(&line).unwrap_or_default();
        let again = parse(written.as_bytes()).ok().and_then(|line| serde_json::to_string(&line).ok());
        assert_eq!(again.as_ref(), Some(&written), "a line changes when it is read");
    }
}

/// The lines of a text, each with its line end.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

/// The lines that are complete in a part of an export.
///
/// # Errors
/// A problem if there is none.
pub(super) fn complete(part: &[u8]) -> Result<&[u8], Problem> {
    let end = part.iter().rposition(|byte| *byte == b'\n').and_then(|last| last.checked_add(1));
    end.and_then(|end| part.get(..end)).ok_or_else(|| {
        Problem::invalid_export(format!(
            "This part holds no complete line. Either the export is cut off here, or it is none: no line has more than {CHUNK_BYTES} bytes."
        ))
    })
}

/// The version and the SHA-256 in the last line of an export, if it is one.
pub fn end_of_export(line: &[u8]) -> Option<(u64, String)> {
    match parse(line.trim_ascii()).ok()? {
        Line::End(End { version, sha256, .. }) => Some((version, sha256)),
        _ => None,
    }
}

/// Whether this program can load the JSON: what is restored must not stop the page from loading.
fn loads<T: DeserializeOwned>(json: &RawValue) -> Result<(), String> {
    serde_json::from_str::<T>(json.get()).map(|_| ()).map_err(|error| error.to_string())
}

type Check = fn(&RawValue) -> Result<(), String>;

impl EntityRow {
    /// Checks that the entity can be loaded.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), String> {
        const CHECKS: [(EntityKind, Check); 8] = [
            (EntityKind::Page, loads::<Page>),
            (EntityKind::Component, loads::<Component>),
            (EntityKind::Incident, loads::<Incident>),
            (EntityKind::Maintenance, loads::<Maintenance>),
            (EntityKind::Notice, loads::<Notice>),
            (EntityKind::Template, loads::<Template>),
            (EntityKind::Postmortem, loads::<Postmortem>),
            (EntityKind::Followup, loads::<Followup>),
        ];
        let check = CHECKS.into_iter().find(|(kind, _)| kind.as_str() == self.kind);
        let (_, check) = check.ok_or_else(|| "there is no such kind of entity".to_owned())?;
        check(&self.json)
    }
}

impl TextRow {
    /// Checks that the text can be loaded.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), String> {
        if self.kind == EntityKind::Incident.as_str() {
            loads::<Entry<IncidentStatus>>(&self.json)
        } else if self.kind == EntityKind::Maintenance.as_str() {
            loads::<Entry<MaintenanceStatus>>(&self.json)
        } else {
            Err("only incidents and maintenance have texts".to_owned())
        }
    }
}
