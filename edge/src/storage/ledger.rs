//! The ledger: what one page stores, and how a request is committed. A commit is one transaction, and its cost depends on
//! what changed, not on the length of the history.
//!
//! - `log`: the audit log, append-only. One line for each version: the key, the times, the update, its events.
//! - `entity`: one row for each component, incident and so on. `live` marks those that belong to the state in memory.
//! - `entry`: the texts of incidents and maintenances.
//! - `component_state`: what components were set to, and when.
//! - `accepted`: the requests that were accepted, so that each is applied once. Of those that can no
//!   longer be sent again, the newest stay.
//! - `restore`: a restore that is under way; while it is there, what the tables hold is no page yet. `origin`: where a restored
//!   page comes from.
//!
//! Rendered documents are not stored, because they follow from these tables.

use std::cell::RefCell;
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

use super::derived::Derived;
use super::schema::SCHEMA;
use super::sql::Sql;
use super::standby::Standby;

/// One line to append to the audit log.
pub struct LogLine {
    /// The version that this change makes.
    pub version: u64,
    /// When the change took effect: the update's `at`, or the time of the commit.
    pub at: Time,
    /// The id of the key that signed the update, or [`CLOCK`](crate::settings::CLOCK).
    pub key: String,
    /// The update as parsed JSON; null for a change that the clock makes.
    pub body: Value,
    /// What the update changed.
    pub events: Vec<Event>,
}

/// A request that was accepted before.
#[derive(Debug, Deserialize)]
pub struct Accepted {
    /// The fingerprint of the request ([`Remember::fingerprint`]).
    pub fingerprint: String,
    /// The version that the request made; 0 if it wrote nothing, as a dry run.
    pub version: u64,
    /// The body of the answer: JSON, empty under a signature.
    pub answer: String,
}

/// An accepted request to store under its signature and whatever else names it.
pub struct Remember<'a> {
    /// The signature, which must not be accepted again.
    pub signature: String,
    /// The `Idempotency-Key` and the `webhook-id`, each with the key's id before it.
    pub names: Vec<String>,
    /// The hash of the request: two requests with the same fingerprint are the same request.
    pub fingerprint: &'a str,
    /// The version that the request made; 0 if it wrote nothing, as a dry run.
    pub version: u64,
    /// The body of the answer, which a repeated request gets again.
    pub answer: &'a str,
    /// The time by the clock that its signature was checked with.
    pub at: Time,
}

/// The page, as loaded from the storage.
pub struct Stored {
    /// The state without closed incidents, maintenances and tasks.
    pub state: State,
    /// The newest version; 0 before the first update.
    pub version: u64,
    /// When the newest version was committed; 1970 before the first update.
    pub published_at: Time,
    /// The epoch: a random id that the storage got when it was made.
    pub epoch: String,
    /// The page's name in feeds and in Statuspage's API: that of the page that was restored, or the one that was made with the storage; none
    /// if an earlier program made the storage.
    pub page_id: Option<Id>,
    /// Whether a restore is under way. Nothing is published until its end.
    pub is_restoring: bool,
    /// The standby, if this is one and holds a page.
    pub standby: Option<Standby>,
}

impl Stored {
    /// What is loaded while a restore is under way.
    fn nothing() -> Self {
        Self {
            state: State::default(),
            version: 0,
            published_at: Time::EPOCH,
            epoch: String::new(),
            page_id: None,
            is_restoring: true,
            standby: None,
        }
    }
}

/// The storage of one page.
pub struct Ledger {
    sql: Box<dyn Sql>,
    /// What is derived from the history, in memory: it need not be read again for each version.
    pub(super) derived: RefCell<Derived>,
}

#[derive(Deserialize)]
struct JsonRow {
    json: String,
}

impl Ledger {
    /// Opens the storage and creates the tables that are missing.
    ///
    /// # Errors
    /// If the database refuses a statement.
    pub fn open(sql: Box<dyn Sql>) -> Result<Self> {
        for statement in SCHEMA {
            sql.run(statement, vec![])?;
        }
        Ok(Self { sql, derived: RefCell::default() })
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

    /// Reads the live state and the newest version.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse.
    pub fn load(&self) -> Result<Stored> {
        let epoch = self.epoch()?;
        if self.restore_under_way()?.is_some() {
            return Ok(Stored { epoch, ..Stored::nothing() });
        }
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
            removed: BTreeMap::new(),
        };
        let newest: Vec<Newest> =
            self.rows("SELECT version, received_at FROM log ORDER BY version DESC LIMIT 1", vec![])?;
        let newest = newest.first();
        self.forget_foreign(newest.map_or(0, |row| row.version))?;
        Ok(Stored {
            epoch,
            page_id: self.page_name()?,
            is_restoring: false,
            standby: self.standby()?,
            state,
            version: newest.map_or(0, |row| row.version),
            published_at: newest.and_then(|row| Time::from_millis(row.received_at)).unwrap_or(Time::EPOCH),
        })
    }

    fn page_name(&self) -> Result<Option<Id>> {
        #[derive(Deserialize)]
        struct Named {
            name: Id,
        }
        if let Some(origin) = self.origin()? {
            return Ok(Some(origin.page_id));
        }
        let rows: Vec<Named> = self.rows("SELECT name FROM page_name", vec![])?;
        Ok(rows.into_iter().next().map(|row| row.name))
    }

    pub(super) fn epoch(&self) -> Result<String> {
        #[derive(Deserialize)]
        struct Epoch {
            id: String,
        }
        let rows: Vec<Epoch> = self.rows("SELECT id FROM epoch LIMIT 1", vec![])?;
        Ok(rows.into_iter().next().map(|row| row.id).unwrap_or_default())
    }

    pub(super) fn entity<T: DeserializeOwned>(&self, kind: EntityKind, id: &Id) -> Result<Option<T>> {
        let values = vec![kind.as_str().into(), id.as_str().into()];
        let found = self.entities("SELECT json FROM entity WHERE kind = ? AND id = ?", values)?;
        Ok(found.into_iter().next())
    }

    /// Loads a closed entity into the state, so that an update can change it. Does nothing if the state has it already, or
    /// if there is no such entity.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse.
    pub fn recall(&self, wanted: &EntityRef, state: &mut State) -> Result<()> {
        let EntityRef { kind, id } = wanted;
        match kind {
            EntityKind::Incident => self.recall_into(*kind, id, &mut state.incidents),
            EntityKind::Maintenance => self.recall_into(*kind, id, &mut state.maintenances),
            EntityKind::Followup => self.recall_into(*kind, id, &mut state.followups),
            EntityKind::Postmortem => self.recall_into(*kind, id, &mut state.postmortems),
            EntityKind::Component if state.components.contains_key(id) => Ok(()),
            EntityKind::Component => self.recall_into(*kind, id, &mut state.removed),
            // These never leave the state.
            EntityKind::Page | EntityKind::Notice | EntityKind::Template => Ok(()),
        }
    }

    fn recall_into<T: DeserializeOwned>(
        &self,
        kind: EntityKind,
        id: &Id,
        entities: &mut BTreeMap<Id, T>,
    ) -> Result<()> {
        if !entities.contains_key(id)
            && let Some(entity) = self.entity(kind, id)?
        {
            entities.insert(id.clone(), entity);
        }
        Ok(())
    }

    pub(super) fn entities<T: DeserializeOwned>(&self, query: &str, values: Vec<Value>) -> Result<Vec<T>> {
        let rows: Vec<JsonRow> = self.rows(query, values)?;
        rows.iter().map(|row| serde_json::from_str(&row.json).map_err(Error::from)).collect()
    }

    /// Stores log lines, the entities that they changed, and the accepted request, in one transaction.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing is stored.
    pub fn commit(
        &self,
        lines: &[LogLine],
        state: &State,
        remember: Option<&Remember<'_>>,
        now: Time,
    ) -> Result<()> {
        self.transaction(&mut || self.write(lines, state, remember, now))
    }

    pub(super) fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        self.sql.transaction(work)
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
                self.forget_derived(event, state)?;
                let (kind, id) = event.entity();
                touched.insert((kind, id.cloned()));
            }
        }
        for (kind, id) in &touched {
            self.write_entity(*kind, id.as_ref(), state)?;
        }
        if let Some(line) = lines.last() {
            self.derived_at(line.version)?;
        }
        if let Some(remember) = remember {
            self.write_accepted(remember)?;
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
            // One that was made and removed at once has no row yet.
            Event::ComponentRemoved { last, .. } => {
                self.run(
                    "INSERT OR REPLACE INTO entity (kind, id, live, json) VALUES (?, ?, 0, ?)",
                    vec![kind.as_str().into(), id.as_str().into(), serde_json::to_string(last)?.into()],
                )?;
                return Ok(());
            }
            Event::ComponentSet { set: Some(state), at, .. } => {
                self.run(
                    "INSERT INTO component_state (component, at, state) VALUES (?, ?, ?)",
                    vec![id.as_str().into(), at.as_millis().into(), state.as_str().into()],
                )?;
                return Ok(());
            }
            Event::IncidentAmended { text: Some((number, body, translations)), at, .. } => {
                let translations = serde_json::to_string(translations)?;
                self.run(
                    "UPDATE entry SET json = json_set(json, '$.body', ?, '$.translations', json(?), '$.amended_at', ?) WHERE kind = ? AND id = ? AND number = ?",
                    vec![body.as_str().into(), translations.into(), at.to_string().into(), kind.as_str().into(), id.as_str().into(), i64::from(*number).into()],
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
        /// Whether the entity is live, and its JSON; none if the state does not have it.
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
            // The history still names a removed component, so the row stays.
            None if kind == EntityKind::Component => self.run(
                "UPDATE entity SET live = 0 WHERE kind = ? AND id = ?",
                vec![kind.as_str().into(), name.into()],
            )?,
            None => self.run(
                "DELETE FROM entity WHERE kind = ? AND id = ?",
                vec![kind.as_str().into(), name.into()],
            )?,
        };
        Ok(())
    }
}

/// A version as a SQL parameter.
pub(super) fn integer(version: u64) -> Result<Value> {
    i64::try_from(version)
        .map(Value::from)
        .map_err(|_| Error::RustError("a version is out of range".to_owned()))
}

fn by_id<T>(entities: Vec<T>, id: impl Fn(&T) -> &Id) -> BTreeMap<Id, T> {
    entities.into_iter().map(|entity| (id(&entity).clone(), entity)).collect()
}
