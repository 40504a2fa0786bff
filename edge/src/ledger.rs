//! The page's storage: SQLite inside the Durable Object.
//!
//! - `log`: every update, append-only: who, when, what, and what it changed. Its number is the version.
//! - `entity`: what the page holds now (`live`), and what is closed.
//! - `entry`: the texts of incidents and maintenances.
//! - `component_state`: what components were set to, and when.
//! - `accepted`: signed requests, so that each is applied once; forgotten when nobody can send them again.
//!
//! A commit is one transaction. Its cost depends on what changed, not on how long the history is; and
//! what a public document reads is found by an index. What is rendered is not stored: it follows.

use std::collections::{BTreeMap, BTreeSet};

use candor_shared::record::History;
use candor_shared::rules::Event;
use candor_shared::state::{Component, ComponentState, EntityKind, EntityRef, Entry, Followup, FollowupStatus, Incident, IncidentStatus, Maintenance, State, Template};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use worker::{Error, Result, SqlStorage, SqlStorageValue, Storage};

/// How long a request is remembered under the sender's name for it: a day, in milliseconds.
const NAME_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How long a signature is remembered: it is good for five minutes before and after its time.
const SIGNATURE_MILLIS: i64 = 15 * 60 * 1000;

/// Who is named in the log for what the clock did.
pub const CLOCK: &str = "clock";

const SCHEMA: [&str; 16] = [
    "CREATE TABLE IF NOT EXISTS log (version INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, events TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS entity (kind TEXT NOT NULL, id TEXT NOT NULL, live INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS entity_live ON entity (kind) WHERE live = 1",
    "CREATE TABLE IF NOT EXISTS entry (kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS component_state (component TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS component_state_at ON component_state (component, at)",
    "CREATE INDEX IF NOT EXISTS incident_updated ON entity (json_extract(json, '$.updated_at')) WHERE kind = 'incident'",
    "CREATE INDEX IF NOT EXISTS change_kind ON entity (json_extract(json, '$.change.kind')) WHERE kind = 'maintenance'",
    "CREATE INDEX IF NOT EXISTS followup_incident ON entity (json_extract(json, '$.incident')) WHERE kind = 'followup'",
    "CREATE TABLE IF NOT EXISTS accepted (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, version INTEGER NOT NULL, answer TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS accepted_expires ON accepted (expires_at)",
    // What happened when, and what was told when.
    "CREATE INDEX IF NOT EXISTS entity_began ON entity (coalesce(json_extract(json, '$.started_at'), json_extract(json, '$.scheduled_for')), kind) WHERE kind IN ('incident', 'maintenance')",
    "CREATE INDEX IF NOT EXISTS postmortem_updated ON entity (json_extract(json, '$.updated_at')) WHERE kind = 'postmortem'",
    "CREATE INDEX IF NOT EXISTS entry_at ON entry (json_extract(json, '$.at'))",
    // Rendered documents were stored once.
    "DROP TABLE IF EXISTS edition",
    "DROP TABLE IF EXISTS meta",
];

/// One line of the log.
pub struct LogLine {
    /// Its number.
    pub version: u64,
    /// When it really happened.
    pub at: Time,
    /// Who signed it, or [`CLOCK`].
    pub key: String,
    /// The update: the JSON that was sent, written anew.
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
    /// Its signature.
    pub signature: String,
    /// The sender's name for it.
    pub name: Option<String>,
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

    pub(crate) fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Vec<T>> {
        self.sql.exec(query, values)?.to_array()
    }

    fn live<T: DeserializeOwned>(&self, kind: EntityKind) -> Result<Vec<T>> {
        self.entities("SELECT json FROM entity WHERE kind = ? AND live = 1", vec![kind.as_str().into()])
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
        let state = State {
            page: self.live(EntityKind::Page)?.pop().unwrap_or_default(),
            notice: self.live(EntityKind::Notice)?.pop(),
            components: by_id(self.live(EntityKind::Component)?, |c: &Component| &c.id),
            incidents: by_id(self.live(EntityKind::Incident)?, |i: &Incident| &i.id),
            maintenances: by_id(self.live(EntityKind::Maintenance)?, |m: &Maintenance| &m.id),
            templates: by_id(self.live(EntityKind::Template)?, |t: &Template| &t.id),
            followups: by_id(self.live(EntityKind::Followup)?, |f: &Followup| &f.id),
            postmortems: BTreeMap::new(),
        };
        let newest: Vec<Newest> =
            self.rows("SELECT version, received_at FROM log ORDER BY version DESC LIMIT 1", vec![])?;

        let newest = newest.first();
        Ok(Stored {
            state,
            version: newest.map_or(0, |row| row.version),
            published_at: newest.and_then(|row| Time::from_millis(row.received_at)).unwrap_or(Time::EPOCH),
        })
    }

    pub(crate) fn entity<T: DeserializeOwned>(&self, kind: EntityKind, id: &Id) -> Result<Option<T>> {
        let values = vec![kind.as_str().into(), id.as_str().into()];
        let found = self.entities("SELECT json FROM entity WHERE kind = ? AND id = ?", values)?;
        Ok(found.into_iter().next())
    }

    /// Puts what is archived under this name into the state, if there is anything and it is not there.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds what this software does not understand.
    pub fn recall(&self, wanted: &EntityRef, state: &mut State) -> Result<()> {
        let EntityRef { kind, id } = wanted;
        match kind {
            EntityKind::Incident => self.recall_into(*kind, id, &mut state.incidents),
            EntityKind::Maintenance => self.recall_into(*kind, id, &mut state.maintenances),
            EntityKind::Followup => self.recall_into(*kind, id, &mut state.followups),
            EntityKind::Postmortem => self.recall_into(*kind, id, &mut state.postmortems),
            // These are never archived.
            EntityKind::Page | EntityKind::Component | EntityKind::Notice | EntityKind::Template => Ok(()),
        }
    }

    fn recall_into<T: DeserializeOwned>(
        &self,
        kind: EntityKind,
        id: &Id,
        known: &mut BTreeMap<Id, T>,
    ) -> Result<()> {
        if !known.contains_key(id)
            && let Some(entity) = self.entity(kind, id)?
        {
            known.insert(id.clone(), entity);
        }
        Ok(())
    }

    /// The changes of this kind, for judging the next one.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn changes_of_kind(&self, kind: &Id) -> Result<Vec<Maintenance>> {
        self.entities(
            "SELECT json FROM entity WHERE kind = 'maintenance' AND json_extract(json, '$.change.kind') = ?",
            vec![kind.as_str().into()],
        )
    }

    pub(crate) fn entities<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Vec<T>> {
        let rows: Vec<JsonRow> = self.rows(query, values)?;
        rows.iter().map(|row| serde_json::from_str(&row.json).map_err(Error::from)).collect()
    }

    /// What the measures are taken from: everything with a trace since `since`. The texts stay where
    /// they are; only their times are read.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds what this software does not understand.
    pub fn history(&self, since: Time) -> Result<History> {
        const RECENT: &str = "kind = 'incident' AND (live = 1 OR json_extract(json, '$.updated_at') >= ?)";
        #[derive(Deserialize)]
        struct EntryRow {
            id: Id,
            json: String,
        }
        #[derive(Deserialize)]
        struct SetRow {
            component: Id,
            at: i64,
            state: ComponentState,
        }
        let since_text = || vec![since.to_string().into()];
        let incidents: Vec<Incident> = self.entities(
            &format!("SELECT json_set(json_remove(json, '$.names', '$.impact_note', '$.impact_notes', '$.latest.translations'), '$.latest.body', '-') AS json FROM entity WHERE {RECENT}"),
            since_text(),
        )?;
        let rows: Vec<EntryRow> = self.rows(
            &format!("SELECT id, json_set(json_remove(json, '$.translations'), '$.body', '-') AS json FROM entry WHERE kind = 'incident' AND id IN (SELECT id FROM entity WHERE {RECENT}) ORDER BY id, number"),
            since_text(),
        )?;
        let mut entries: BTreeMap<Id, Vec<Entry<IncidentStatus>>> = BTreeMap::new();
        for row in rows {
            entries.entry(row.id).or_default().push(serde_json::from_str(&row.json)?);
        }
        let maintenances = self.entities(
            "SELECT json FROM entity WHERE kind = 'maintenance' AND json_extract(json, '$.change') IS NOT NULL AND json_extract(json, '$.completed_at') >= ?",
            since_text(),
        )?;
        let mut set: BTreeMap<Id, Vec<(Time, ComponentState)>> = BTreeMap::new();
        // What is recent, and for each component the one before that.
        let since_millis = || since.as_millis().into();
        let rows: Vec<SetRow> = self.rows(
            "SELECT component, at, state FROM component_state WHERE at >= ? OR rowid IN (SELECT max(rowid) FROM component_state WHERE at < ? GROUP BY component) ORDER BY at, rowid",
            vec![since_millis(), since_millis()],
        )?;
        for row in rows {
            let at = Time::from_millis(row.at).unwrap_or(Time::EPOCH);
            set.entry(row.component).or_default().push((at, row.state));
        }
        let mut incidents: Vec<_> = incidents
            .into_iter()
            .map(|incident| {
                let entries = entries.remove(&incident.id).unwrap_or_default();
                (incident, entries)
            })
            .collect();
        incidents.sort_by_key(|(incident, _)| incident.started_at);
        Ok(History { incidents, maintenances, set })
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

    /// Stores updates, what they changed and the request, all or nothing.
    ///
    /// # Errors
    /// If the storage refuses; then nothing was stored.
    pub fn commit(
        &self,
        lines: &[LogLine],
        state: &State,
        remember: Option<&Remember<'_>>,
        now: Time,
    ) -> Result<()> {
        let mut failure = None;
        let mut all = || {
            self.write(lines, state, remember, now).map_err(|error| {
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
        let insert = |name: &str, answer: &str, millis: i64| {
            self.sql.exec(
                "INSERT INTO accepted (name, fingerprint, version, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
                vec![
                    name.into(),
                    remember.fingerprint.into(),
                    integer(remember.version)?,
                    answer.into(),
                    now.as_millis().saturating_add(millis).into(),
                ],
            )
        };
        insert(&remember.signature, "", SIGNATURE_MILLIS)?;
        if let Some(name) = &remember.name {
            insert(name, remember.answer, NAME_MILLIS)?;
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
            Event::ComponentSet { set: Some(state), at, .. } => {
                self.sql.exec(
                    "INSERT INTO component_state (component, at, state) VALUES (?, ?, ?)",
                    vec![id.as_str().into(), at.as_millis().into(), state.as_str().into()],
                )?;
                return Ok(());
            }
            Event::IncidentAmended { text: Some((number, body, translations)), .. } => {
                let translations = serde_json::to_string(translations)?;
                self.sql.exec(
                    "UPDATE entry SET json = json_set(json, '$.body', ?, '$.translations', json(?)) WHERE kind = ? AND id = ? AND number = ?",
                    vec![body.as_str().into(), translations.into(), kind.as_str().into(), id.as_str().into(), i64::from(*number).into()],
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
        /// Whether it is live, and its JSON.
        fn stored<T: serde::Serialize>(
            entity: Option<&T>,
            live: impl Fn(&T) -> bool,
        ) -> Result<Option<(bool, String)>> {
            entity.map(|entity| Ok((live(entity), serde_json::to_string(entity)?))).transpose()
        }
        let found = match (kind, id) {
            (EntityKind::Page, _) => stored(Some(&state.page), |_| true)?,
            (EntityKind::Notice, _) => stored(state.notice.as_ref(), |_| true)?,
            (EntityKind::Component, Some(id)) => stored(state.components.get(id), |_| true)?,
            (EntityKind::Incident, Some(id)) => stored(state.incidents.get(id), Incident::is_told)?,
            (EntityKind::Maintenance, Some(id)) => stored(state.maintenances.get(id), Maintenance::is_open)?,
            (EntityKind::Template, Some(id)) => stored(state.templates.get(id), |_| true)?,
            (EntityKind::Postmortem, Some(id)) => stored(state.postmortems.get(id), |_| false)?,
            (EntityKind::Followup, Some(id)) => {
                stored(state.followups.get(id), |f| f.state == FollowupStatus::Open)?
            }
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

fn by_id<T>(entities: Vec<T>, id: impl Fn(&T) -> &Id) -> BTreeMap<Id, T> {
    entities.into_iter().map(|entity| (id(&entity).clone(), entity)).collect()
}
