//! Reads the whole page in parts, while it goes on changing.
//!
//! What is stored is read in passes. The first one reads all: the log, what components were set to, entities, texts. If the page
//! has changed meanwhile, another pass reads the new lines of the log, and of the rest what their events name. The export ends
//! when nothing changed during a pass, so its last line is true of one version. Nothing is kept between the parts: where the
//! export stands is in a [`Cursor`].

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use candor_shared::state::ComponentState;
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use worker::{Error, Result};

use super::ledger::{Ledger, integer};
use super::lines::{ChangedRow, End, EntityRow, Line, LogRow, Manifest, RequestRow, SetRow, TextRow};
use super::running::Running;
use crate::log;

/// How many rows are read at once.
const ROWS: usize = 64;
/// The most characters of a cursor.
const MAX_CHARS: usize = 4_000;
/// SQL: the kinds and ids of the entities that events name, of the versions after ?1, up to ?2 ([`Event::entity`]).
///
/// [`Event::entity`]: candor_shared::rules::Event::entity
const CHANGED: &str = "SELECT kind, coalesce(id, kind) AS id FROM (SELECT CASE substr(json_extract(event.value, '$.event'), 1, 5) WHEN 'page_' THEN 'page' WHEN 'compo' THEN 'component' WHEN 'maint' THEN 'maintenance' WHEN 'notic' THEN 'notice' WHEN 'templ' THEN 'template' WHEN 'postm' THEN 'postmortem' WHEN 'follo' THEN 'followup' ELSE 'incident' END AS kind, json_extract(event.value, '$.id') AS id FROM log, json_each(log.events) AS event WHERE version > ?1 AND version <= ?2)";

/// Where an export stands. The client sends it back, so nothing in it is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The epoch of the storage.
    pub epoch: String,
    section: Section,
    /// The version after which the export begins; 0 if it is of the whole page.
    #[serde(default)]
    base: u64,
    /// This pass is about the versions after this one; 0 in the first pass, which is about all.
    since: u64,
    /// The newest version when this pass began.
    until: u64,
    /// The newest line of the log that was read.
    log: u64,
    /// The row of `component_state` that was read last.
    set: i64,
    /// What was read last in the other sections.
    key: (String, String, u32),
    /// The hash of all lines so far.
    running: String,
    /// The page's signature of all this, if it signs: it goes on only where it stood itself, so that the hash that it signs at the end is
    /// one of its own lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    seal: String,
}

/// What a pass reads, in this order. The requests come last, when nothing else is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Section {
    Log,
    Set,
    Changed,
    Entity,
    Text,
    Request,
}

/// A part of an export: whole lines.
pub struct ExportPart {
    /// The lines.
    pub lines: String,
    /// Where the next part begins; none if this is the last one.
    pub next: Option<Cursor>,
}

/// The lines of a part, and their hash together with that of all parts before.
struct Part {
    text: String,
    /// How long the text may become.
    bytes: usize,
    running: Running,
}

impl Part {
    fn add(&mut self, line: &Line) -> Result<()> {
        let mut line = serde_json::to_string(line)?;
        line.push('\n');
        self.running.add(line.as_bytes());
        self.text.push_str(&line);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.text.len() >= self.bytes
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&Base64UrlUnpadded::encode_string(&json))
    }
}

impl Cursor {
    /// What `Display` wrote, on a page with this newest version; none for any other text.
    pub fn read(text: &str, newest: u64) -> Option<Self> {
        let text = Some(text).filter(|text| text.len() <= MAX_CHARS)?;
        let json = String::from_utf8(Base64UrlUnpadded::decode_vec(text).ok()?).ok()?;
        let cursor: Self = serde_json::from_str(&json).ok()?;
        let versions = [cursor.base, cursor.since, cursor.until, cursor.log];
        Running::from_text(&cursor.running)?;
        versions.into_iter().all(|version| version <= newest).then_some(cursor)
    }

    /// Seals it with a signature.
    pub fn seal(&mut self, sign: impl FnOnce(&str) -> String) {
        self.seal = sign(&self.to_be_sealed());
    }

    /// Whether its seal holds.
    pub fn is_sealed(&self, holds: impl FnOnce(&str, &str) -> bool) -> bool {
        holds(&self.to_be_sealed(), &self.seal)
    }

    /// What is signed. Its beginning makes it another text than any of a signed document (RFC 7515, section 5.1).
    fn to_be_sealed(&self) -> String {
        format!("cursor:{}", Self { seal: String::new(), ..self.clone() })
    }

    /// The first version whose line of the log this export still needs.
    pub fn needs_log_from(&self) -> u64 {
        if self.since > 0 { self.since } else { self.log }.saturating_add(1)
    }

    /// Where an export of the whole page begins, whose log begins after version `log`.
    pub fn first(epoch: String, log: u64) -> Self {
        Self { log, ..Self::since(epoch, 0, 0) }
    }

    /// Where an export begins of what has changed since a version, at which `component_state` had so many rows.
    pub fn since(epoch: String, version: u64, rows: i64) -> Self {
        Self {
            epoch,
            section: Section::Log,
            base: version,
            since: version,
            until: version,
            log: version,
            set: rows,
            key: Default::default(),
            running: Running::default().to_text(),
            seal: String::new(),
        }
    }

    /// The version after which an export begins here, if it is one of changes and at its beginning.
    pub fn begins_after(&self) -> Option<u64> {
        let first = Self::since(self.epoch.clone(), self.base, self.set);
        (self.base > 0 && *self == first).then_some(self.base)
    }

    /// The next section; the next pass, if the page has changed since this one began; none at the end.
    fn advance(&mut self, newest: u64) -> bool {
        self.key = Default::default();
        self.section = match self.section {
            Section::Log => Section::Set,
            Section::Set if self.since > 0 => Section::Changed,
            Section::Set | Section::Changed => Section::Entity,
            Section::Entity => Section::Text,
            Section::Text | Section::Request if newest > self.until => {
                (self.since, self.until) = (self.until, newest);
                Section::Log
            }
            Section::Text => Section::Request,
            Section::Request => return false,
        };
        true
    }

    /// The parameters of a query that goes on after the last key.
    fn after_key(&self) -> Result<Vec<Value>> {
        let (kind, id, _) = &self.key;
        Ok(vec![integer(self.since)?, integer(self.until)?, kind.as_str().into(), id.as_str().into()])
    }
}

impl Ledger {
    /// The next part of an export, which goes on at a cursor; with a manifest it is the first one. The part ends with the line that
    /// reaches `bytes`. `newest` is the newest version, and `sign` signs what the last line says.
    ///
    /// # Errors
    /// If the storage cannot be read, or the cursor is none that an export made.
    pub fn export(
        &self,
        mut cursor: Cursor,
        manifest: Option<Manifest>,
        bytes: usize,
        newest: u64,
        sign: &dyn Fn(&str) -> Result<Option<String>>,
        now: Time,
    ) -> Result<ExportPart> {
        let running = Running::from_text(&cursor.running);
        let running = running.ok_or_else(|| Error::RustError("no such cursor".to_owned()))?;
        let mut part = Part { text: String::new(), bytes, running };
        if let Some(manifest) = manifest {
            part.add(&Line::Manifest(manifest))?;
            cursor.until = newest;
        }
        loop {
            let is_over = match cursor.section {
                Section::Log => self.export_log(&mut cursor, &mut part)?,
                Section::Set => self.export_set(&mut cursor, &mut part)?,
                Section::Changed => self.export_changed(&mut cursor, &mut part)?,
                Section::Entity => self.export_entities(&mut cursor, &mut part)?,
                Section::Text => self.export_texts(&mut cursor, &mut part)?,
                Section::Request => self.export_requests(&mut cursor, &mut part, now)?,
            };
            if is_over && !cursor.advance(newest) {
                let (lines, sha256) = (part.running.lines(), part.running.sha256());
                // It can be read also when the storage takes no more; then it cannot be confirmed. What a standby asks for is no backup.
                if cursor.base == 0
                    && let Err(error) = self.exported(cursor.until, &sha256, now)
                {
                    log::error("an export could not be remembered", &[("error", &error.to_string())]);
                }
                let end = End { version: cursor.until, lines, sha256, signature: None };
                let signature = sign(&serde_json::to_string(&end)?)?;
                part.add(&Line::End(End { signature, ..end }))?;
                return Ok(ExportPart { lines: part.text, next: None });
            }
            if part.is_full() {
                cursor.running = part.running.to_text();
                return Ok(ExportPart { lines: part.text, next: Some(cursor) });
            }
        }
    }

    /// Adds rows until the part is full. Returns whether no further row follows.
    fn add_rows<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<Value>,
        part: &mut Part,
        mut line: impl FnMut(T) -> Result<Line>,
    ) -> Result<bool> {
        let rows: Vec<T> = self.rows(&format!("{query} LIMIT {ROWS}"), values)?;
        let is_over = rows.len() < ROWS;
        for row in rows {
            if part.is_full() {
                return Ok(false);
            }
            part.add(&line(row)?)?;
        }
        Ok(is_over)
    }

    fn export_log(&self, cursor: &mut Cursor, part: &mut Part) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            version: u64,
            received_at: i64,
            at: i64,
            key: Id,
            body: String,
            events: String,
        }
        let values = vec![integer(cursor.log)?, integer(cursor.until)?];
        let query = "SELECT version, received_at, at, key, body, events FROM log WHERE version > ? AND version <= ? ORDER BY version";
        self.add_rows(query, values, part, |row: Row| {
            cursor.log = row.version;
            Ok(Line::Log(LogRow {
                version: row.version,
                received_at: time(row.received_at)?,
                at: time(row.at)?,
                key: row.key,
                update: RawValue::from_string(row.body)?,
                events: RawValue::from_string(row.events)?,
            }))
        })
    }

    fn export_set(&self, cursor: &mut Cursor, part: &mut Part) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            row: i64,
            component: Id,
            at: i64,
            state: ComponentState,
        }
        let query =
            "SELECT rowid AS row, component, at, state FROM component_state WHERE rowid > ? ORDER BY rowid";
        self.add_rows(query, vec![cursor.set.into()], part, |row: Row| {
            cursor.set = row.row;
            Ok(Line::Set(SetRow { component: row.component, at: time(row.at)?, state: row.state }))
        })
    }

    fn export_changed(&self, cursor: &mut Cursor, part: &mut Part) -> Result<bool> {
        let query = format!(
            "SELECT DISTINCT kind, id FROM ({CHANGED}) WHERE (kind, id) > (?3, ?4) ORDER BY kind, id"
        );
        self.add_rows(&query, cursor.after_key()?, part, |row: ChangedRow| {
            cursor.key = (row.kind.clone(), row.id.to_string(), 0);
            Ok(Line::Changed(row))
        })
    }

    fn export_entities(&self, cursor: &mut Cursor, part: &mut Part) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            id: Id,
            live: i64,
            json: String,
        }
        let query = format!(
            "SELECT kind, id, live, json FROM entity WHERE (kind, id) > (?3, ?4) AND (?1 = 0 OR (kind, id) IN ({CHANGED})) ORDER BY kind, id"
        );
        self.add_rows(&query, cursor.after_key()?, part, |Row { kind, id, live, json }| {
            cursor.key = (kind.clone(), id.to_string(), 0);
            Ok(Line::Entity(EntityRow { kind, id, live: live != 0, json: RawValue::from_string(json)? }))
        })
    }

    fn export_texts(&self, cursor: &mut Cursor, part: &mut Part) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            id: Id,
            number: u32,
            json: String,
        }
        let query = format!(
            "SELECT kind, id, number, json FROM entry WHERE (kind, id, number) > (?3, ?4, ?5) AND (?1 = 0 OR (kind, id) IN ({CHANGED})) ORDER BY kind, id, number"
        );
        let mut values = cursor.after_key()?;
        values.push(cursor.key.2.into());
        self.add_rows(&query, values, part, |Row { kind, id, number, json }| {
            cursor.key = (kind.clone(), id.to_string(), number);
            Ok(Line::Text(TextRow { kind, id, number, json: RawValue::from_string(json)? }))
        })
    }

    fn export_requests(&self, cursor: &mut Cursor, part: &mut Part, now: Time) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
            fingerprint: String,
            version: u64,
            answer: String,
            expires_at: i64,
        }
        let query = "SELECT name, fingerprint, version, answer, expires_at FROM accepted WHERE name > ? AND expires_at >= ? AND (version >= ? OR version = 0) ORDER BY name";
        let values = vec![cursor.key.0.as_str().into(), now.as_millis().into(), integer(cursor.base)?];
        self.add_rows(query, values, part, |row: Row| {
            let Row { name, fingerprint, version, answer, expires_at } = row;
            cursor.key.0.clone_from(&name);
            Ok(Line::Request(RequestRow {
                name,
                fingerprint,
                version,
                answer,
                expires_at: time(expires_at)?,
            }))
        })
    }
}

fn time(millis: i64) -> Result<Time> {
    Time::from_millis(millis).ok_or_else(|| Error::RustError("a time is out of range".to_owned()))
}
