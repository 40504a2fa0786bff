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

use candor_shared::rules::Event;
use candor_shared::state::{
    Component, EntityKind, EntityRef, Followup, FollowupStatus, Incident, Maintenance, State, Template,
};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use worker::{Error, Result};

use super::schema::SCHEMA;
use super::sql::Sql;

/// How long a request is remembered under the sender's name for it: a day, in milliseconds.
const NAME_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How long a signature is remembered: it is good for five minutes before and after its time.
const SIGNATURE_MILLIS: i64 = 15 * 60 * 1000;

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

/// The storage of one page.
pub struct Ledger {
    sql: Box<dyn Sql>,
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
    pub fn open(sql: Box<dyn Sql>) -> Result<Self> {
        for statement in SCHEMA {
            sql.run(statement, vec![])?;
        }
        Ok(Self { sql })
    }

    pub(super) fn rows<T: DeserializeOwned>(&self, query: &str, values: Vec<Value>) -> Result<Vec<T>> {
        let rows = self.sql.run(query, values)?;
        rows.into_iter().map(|row| serde_json::from_value(row).map_err(Error::from)).collect()
    }

    pub(super) fn run(&self, statement: &str, values: Vec<Value>) -> Result<()> {
        self.sql.run(statement, values).map(|_| ())
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

    pub(super) fn entity<T: DeserializeOwned>(&self, kind: EntityKind, id: &Id) -> Result<Option<T>> {
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

    pub(super) fn entities<T: DeserializeOwned>(&self, query: &str, values: Vec<Value>) -> Result<Vec<T>> {
        let rows: Vec<JsonRow> = self.rows(query, values)?;
        rows.iter().map(|row| serde_json::from_str(&row.json).map_err(Error::from)).collect()
    }

    /// The request that was accepted under this name, while it is remembered.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn accepted(&self, name: &str, now: Time) -> Result<Option<Accepted>> {
        let rows = self.rows(
            "SELECT fingerprint, version, answer FROM accepted WHERE name = ? AND expires_at >= ?",
            vec![name.into(), now.as_millis().into()],
        )?;
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
        self.sql.transaction(&mut || self.write(lines, state, remember, now))
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
            self.run(
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
        self.run("DELETE FROM accepted WHERE expires_at < ?", vec![now.as_millis().into()])?;
        let insert = |name: &str, answer: &str, millis: i64| {
            self.run(
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
                self.run(
                    "INSERT INTO component_state (component, at, state) VALUES (?, ?, ?)",
                    vec![id.as_str().into(), at.as_millis().into(), state.as_str().into()],
                )?;
                return Ok(());
            }
            Event::IncidentAmended { text: Some((number, body, translations)), .. } => {
                let translations = serde_json::to_string(translations)?;
                self.run(
                    "UPDATE entry SET json = json_set(json, '$.body', ?, '$.translations', json(?)) WHERE kind = ? AND id = ? AND number = ?",
                    vec![body.as_str().into(), translations.into(), kind.as_str().into(), id.as_str().into(), i64::from(*number).into()],
                )?;
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.run(
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
            (EntityKind::Incident, Some(id)) => stored(state.incidents.get(id), Incident::is_in_status)?,
            (EntityKind::Maintenance, Some(id)) => stored(state.maintenances.get(id), Maintenance::is_open)?,
            (EntityKind::Template, Some(id)) => stored(state.templates.get(id), |_| true)?,
            (EntityKind::Postmortem, Some(id)) => stored(state.postmortems.get(id), |_| false)?,
            (EntityKind::Followup, Some(id)) => {
                stored(state.followups.get(id), |f| f.status == FollowupStatus::Open)?
            }
            (_, None) => None,
        };
        let name = id.map_or(kind.as_str(), Id::as_str);
        match found {
            Some((live, json)) => self.run(
                "INSERT OR REPLACE INTO entity (kind, id, live, json) VALUES (?, ?, ?, ?)",
                vec![kind.as_str().into(), name.into(), i64::from(live).into(), json.into()],
            )?,
            None => self.run(
                "DELETE FROM entity WHERE kind = ? AND id = ?",
                vec![kind.as_str().into(), name.into()],
            )?,
        };
        Ok(())
    }
}

fn integer(version: u64) -> Result<Value> {
    i64::try_from(version)
        .map(Value::from)
        .map_err(|_| Error::RustError("a version is out of range".to_owned()))
}

fn by_id<T>(entities: Vec<T>, id: impl Fn(&T) -> &Id) -> BTreeMap<Id, T> {
    entities.into_iter().map(|entity| (id(&entity).clone(), entity)).collect()
}
