//! The page's storage: SQLite inside the Durable Object.
//!
//! - `log`: every update, append-only: who, when, what, and what it changed. Its number is the version.
//! - `entity`: what the page holds now (`live`), and what is closed.
//! - `entry`: the texts of incidents and maintenances.
//! - `edition`: the published documents, rendered.
//! - `accepted`: signed requests, so that each is applied once; forgotten after a day.
//!
//! A commit is one transaction. Its cost depends on what changed, not on how long the history is.

use std::collections::BTreeSet;

use candor_shared::{EntityKind, EntityRef, Event, Id, State, Time};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use worker::{Error, Result, SqlStorage, SqlStorageValue, Storage};

use crate::edition::{Edition, STATUS};

/// How long an accepted request is remembered: a day, in milliseconds. A signature is good for five
/// minutes before and after its time.
const REMEMBERED_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Who is named in the log for what the clock did.
pub const CLOCK: &str = "clock";

const SCHEMA: [&str; 6] = [
    "CREATE TABLE IF NOT EXISTS log (version INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, events TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS entity (kind TEXT NOT NULL, id TEXT NOT NULL, live INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS entity_live ON entity (kind) WHERE live = 1",
    "CREATE TABLE IF NOT EXISTS entry (kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS edition (path TEXT PRIMARY KEY, etag TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS accepted (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, version INTEGER NOT NULL, answer TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
];

/// One line of the log.
pub struct LogLine {
    /// Its number.
    pub version: u64,
    /// When it really happened.
    pub at: Time,
    /// Who signed it, or [`CLOCK`].
    pub key: String,
    /// The update as it was sent.
    pub body: Value,
    /// What it changed.
    pub events: Vec<Event>,
}

/// A request that was accepted.
#[derive(Debug, Deserialize)]
pub struct Accepted {
    /// What it asked for.
    pub fingerprint: String,
    /// The version it made; 0 for a dry run.
    pub version: u64,
    /// What it was answered.
    pub answer: String,
}

/// A request to remember, under each of its names.
pub struct Remember<'a> {
    /// Its signature, and the sender's name for it.
    pub names: Vec<String>,
    /// What it asked for.
    pub fingerprint: &'a str,
    /// The version it made; 0 for a dry run.
    pub version: u64,
    /// What it was answered.
    pub answer: &'a str,
}

/// The page as it is stored.
pub struct Stored {
    /// What is live.
    pub state: State,
    /// The newest version; 0 if nothing was ever sent.
    pub version: u64,
    /// When the newest version was received.
    pub published_at: Time,
    /// The edition that was published.
    pub edition: Option<Edition>,
}

#[wasm_bindgen]
extern "C" {
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        closure: &mut dyn FnMut() -> std::result::Result<(), JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;
}

/// The storage of one page.
pub struct Ledger {
    storage: Storage,
    sql: SqlStorage,
}

#[derive(Deserialize)]
struct JsonRow {
    json: String,
}

impl Ledger {
    /// Opens the storage, making the tables if there are none.
    ///
    /// # Errors
    /// If the storage cannot be used.
    pub fn open(storage: Storage) -> Result<Self> {
        let sql = storage.sql();
        for statement in SCHEMA {
            sql.exec(statement, None)?;
        }
        Ok(Self { storage, sql })
    }

    fn rows<T: DeserializeOwned>(&self, query: &str, values: Vec<SqlStorageValue>) -> Result<Vec<T>> {
        self.sql.exec(query, values)?.to_array()
    }

    fn live<T: DeserializeOwned>(&self, kind: EntityKind) -> Result<Vec<T>> {
        let rows: Vec<JsonRow> =
            self.rows("SELECT json FROM entity WHERE kind = ? AND live = 1", vec![kind.as_str().into()])?;
        rows.iter().map(|row| serde_json::from_str(&row.json).map_err(Error::from)).collect()
    }

    /// Reads what is live.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds what this software does not understand.
    pub fn load(&self) -> Result<Stored> {
        #[derive(Deserialize)]
        struct Newest {
            version: u64,
            received_at: i64,
        }
        #[derive(Deserialize)]
        struct EditionRow {
            etag: String,
            body: String,
        }
        let mut state = State {
            page: self.live(EntityKind::Page)?.pop().unwrap_or_default(),
            notice: self.live(EntityKind::Notice)?.pop(),
            ..State::default()
        };
        for component in self.live::<candor_shared::Component>(EntityKind::Component)? {
            state.components.insert(component.id.clone(), component);
        }
        for incident in self.live::<candor_shared::Incident>(EntityKind::Incident)? {
            state.incidents.insert(incident.id.clone(), incident);
        }
        for maintenance in self.live::<candor_shared::Maintenance>(EntityKind::Maintenance)? {
            state.maintenances.insert(maintenance.id.clone(), maintenance);
        }
        let newest: Vec<Newest> =
            self.rows("SELECT version, received_at FROM log ORDER BY version DESC LIMIT 1", vec![])?;
        let edition: Vec<EditionRow> =
            self.rows("SELECT etag, body FROM edition WHERE path = ?", vec![STATUS.into()])?;
        let newest = newest.first();
        Ok(Stored {
            state,
            version: newest.map_or(0, |row| row.version),
            published_at: newest.and_then(|row| Time::from_millis(row.received_at)).unwrap_or(Time::EPOCH),
            edition: edition
                .into_iter()
                .next()
                .map(|row| Edition { etag: row.etag, body: row.body.into_bytes() }),
        })
    }

    /// Puts a closed incident or maintenance into the state, if there is one of this name.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds what this software does not understand.
    pub fn recall(&self, wanted: &EntityRef, state: &mut State) -> Result<()> {
        let values = vec![wanted.kind.as_str().into(), wanted.id.as_str().into()];
        let rows: Vec<JsonRow> = self.rows("SELECT json FROM entity WHERE kind = ? AND id = ?", values)?;
        let Some(row) = rows.first() else { return Ok(()) };
        match wanted.kind {
            EntityKind::Incident if !state.incidents.contains_key(&wanted.id) => {
                state.incidents.insert(wanted.id.clone(), serde_json::from_str(&row.json)?);
            }
            EntityKind::Maintenance if !state.maintenances.contains_key(&wanted.id) => {
                state.maintenances.insert(wanted.id.clone(), serde_json::from_str(&row.json)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The request that was accepted under this name.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn accepted(&self, name: &str) -> Result<Option<Accepted>> {
        let rows =
            self.rows("SELECT fingerprint, version, answer FROM accepted WHERE name = ?", vec![name.into()])?;
        Ok(rows.into_iter().next())
    }

    /// Stores updates, what they changed, the edition and the request, all or nothing.
    ///
    /// # Errors
    /// If the storage refuses; then nothing was stored.
    pub fn commit(
        &self,
        lines: &[LogLine],
        state: &State,
        edition: &Edition,
        remember: Option<&Remember<'_>>,
        now: Time,
    ) -> Result<()> {
        let mut failure = None;
        let mut all = || {
            self.write(lines, state, edition, remember, now).map_err(|error| {
                let text = JsValue::from_str(&error.to_string());
                failure = Some(error);
                text
            })
        };
        let storage: &JsValue = self.storage.as_raw();
        let done = storage.unchecked_ref::<SyncStorage>().transaction_sync(&mut all);
        match (done, failure) {
            (_, Some(error)) => Err(error),
            (Err(error), None) => Err(error.into()),
            (Ok(_), None) => Ok(()),
        }
    }

    fn write(
        &self,
        lines: &[LogLine],
        state: &State,
        edition: &Edition,
        remember: Option<&Remember<'_>>,
        now: Time,
    ) -> Result<()> {
        let mut touched = BTreeSet::new();
        for line in lines {
            self.sql.exec(
                "INSERT INTO log (version, received_at, at, key, body, events) VALUES (?, ?, ?, ?, ?, ?)",
                vec![
                    integer(line.version)?,
                    now.as_millis().into(),
                    line.at.as_millis().into(),
                    line.key.as_str().into(),
                    serde_json::to_string(&line.body)?.into(),
                    serde_json::to_string(&line.events)?.into(),
                ],
            )?;
            for event in &line.events {
                self.write_entry(event)?;
                let (kind, id) = event.entity();
                touched.insert((kind, id.cloned()));
            }
        }
        for (kind, id) in &touched {
            self.write_entity(*kind, id.as_ref(), state)?;
        }
        let body = std::str::from_utf8(&edition.body).map_err(|error| Error::RustError(error.to_string()))?;
        self.sql.exec(
            "INSERT OR REPLACE INTO edition (path, etag, body) VALUES (?, ?, ?)",
            vec![STATUS.into(), edition.etag.as_str().into(), body.into()],
        )?;
        if let Some(remember) = remember {
            self.remember(remember, now)?;
        }
        Ok(())
    }

    /// Remembers an accepted request, and forgets those that nobody can send again.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn remember(&self, remember: &Remember<'_>, now: Time) -> Result<()> {
        self.sql.exec("DELETE FROM accepted WHERE expires_at < ?", vec![now.as_millis().into()])?;
        for name in &remember.names {
            self.sql.exec(
                "INSERT INTO accepted (name, fingerprint, version, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
                vec![
                    name.as_str().into(),
                    remember.fingerprint.into(),
                    integer(remember.version)?,
                    remember.answer.into(),
                    now.as_millis().saturating_add(REMEMBERED_MILLIS).into(),
                ],
            )?;
        }
        Ok(())
    }

    fn write_entry(&self, event: &Event) -> Result<()> {
        let (kind, Some(id)) = event.entity() else { return Ok(()) };
        let (number, json) = match event {
            Event::IncidentOpened { entry, .. } | Event::IncidentUpdated { entry, .. } => {
                (entry.number, serde_json::to_string(entry)?)
            }
            Event::MaintenanceScheduled { entry, .. } | Event::MaintenanceUpdated { entry, .. } => {
                (entry.number, serde_json::to_string(entry)?)
            }
            Event::IncidentAmended { text: Some((number, body)), .. } => {
                self.sql.exec(
                    "UPDATE entry SET json = json_set(json, '$.body', ?) WHERE kind = ? AND id = ? AND number = ?",
                    vec![body.as_str().into(), kind.as_str().into(), id.as_str().into(), i64::from(*number).into()],
                )?;
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.sql.exec(
            "INSERT INTO entry (kind, id, number, json) VALUES (?, ?, ?, ?)",
            vec![kind.as_str().into(), id.as_str().into(), i64::from(number).into(), json.into()],
        )?;
        Ok(())
    }

    fn write_entity(&self, kind: EntityKind, id: Option<&Id>, state: &State) -> Result<()> {
        let json = |value: serde_json::Result<String>| value.map_err(Error::from);
        let found = match (kind, id) {
            (EntityKind::Page, _) => Some((true, json(serde_json::to_string(&state.page))?)),
            (EntityKind::Notice, _) => match &state.notice {
                Some(notice) => Some((true, json(serde_json::to_string(notice))?)),
                None => None,
            },
            (EntityKind::Component, Some(id)) => match state.components.get(id) {
                Some(component) => Some((true, json(serde_json::to_string(component))?)),
                None => None,
            },
            (EntityKind::Incident, Some(id)) => match state.incidents.get(id) {
                Some(incident) => Some((incident.is_open(), json(serde_json::to_string(incident))?)),
                None => None,
            },
            (EntityKind::Maintenance, Some(id)) => match state.maintenances.get(id) {
                Some(maintenance) => Some((maintenance.is_open(), json(serde_json::to_string(maintenance))?)),
                None => None,
            },
            (_, None) => None,
        };
        let name = id.map_or(kind.as_str(), Id::as_str);
        match found {
            Some((live, json)) => self.sql.exec(
                "INSERT OR REPLACE INTO entity (kind, id, live, json) VALUES (?, ?, ?, ?)",
                vec![kind.as_str().into(), name.into(), i64::from(live).into(), json.into()],
            )?,
            None => self.sql.exec(
                "DELETE FROM entity WHERE kind = ? AND id = ?",
                vec![kind.as_str().into(), name.into()],
            )?,
        };
        Ok(())
    }
}

fn integer(version: u64) -> Result<SqlStorageValue> {
    i64::try_from(version)
        .map(Into::into)
        .map_err(|_| Error::RustError("a version is out of range".to_owned()))
}
