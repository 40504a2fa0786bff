//! The queries of the public documents and of the audit log. Each reads a bounded number of rows, however long the history is.

use std::collections::BTreeMap;

use candor_shared::bulletin::{incident_order, maintenance_order};
use candor_shared::record::{IncidentRecord, MaintenanceRecord, RemovedComponents};
use candor_shared::state::{
    Component, EntityKind, Entry, Followup, Incident, IncidentStatus, Maintenance, MaintenanceStatus,
    Postmortem, State,
};
use candor_shared::text::Id;
use candor_shared::words::first_subtags;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use worker::Result;

use super::happenings::{BEGAN, PUBLIC};
use super::ledger::Ledger;

/// Which texts of one incident or maintenance are read: the newest `texts`, until they exceed `bytes`; with their translations
/// into one language, if there is one.
#[derive(Clone, Copy)]
struct Texts<'a> {
    texts: i64,
    bytes: i64,
    language: Option<&'a str>,
}

impl<'a> Texts<'a> {
    /// For an entry in a list.
    fn list(language: Option<&'a str>) -> Self {
        Self { texts: 100, bytes: 64 * 1024, language }
    }

    /// For the page of one incident or maintenance.
    fn page(language: Option<&'a str>) -> Self {
        Self { texts: 1000, bytes: 1024 * 1024, language }
    }
}

/// SQL: the JSON of an entry with the translations into one language only. The parameter is [`codes`].
const ENTRY: &str = "json_set(json_remove(entry.json, '$.translations'), '$.translations', json(coalesce((SELECT json_group_object(key, value) FROM json_each(entry.json, '$.translations') WHERE substr(key, 1, instr(key || '-', '-') - 1) IN (SELECT value FROM json_each(?1))), '{}')))";

/// A list of the first subtags of the tags that a translation into the language may have; an empty one for no language.
fn codes(language: Option<&str>) -> Value {
    Value::from(Value::from(language.map(first_subtags).unwrap_or_default()).to_string())
}

/// The most follow-up tasks of one incident that are read.
const MAX_FOLLOWUPS: i64 = 1_000;
/// About how many bytes the texts of a feed may have together.
const FEED_BYTES: usize = 512 * 1024;

/// One text, with the incident or maintenance that it belongs to.
pub enum Text {
    /// A text of an incident.
    Incident(Incident, Entry<IncidentStatus>),
    /// A text of a maintenance.
    Maintenance(Maintenance, Entry<MaintenanceStatus>),
}

impl Ledger {
    fn entries<Status: DeserializeOwned>(
        &self,
        kind: EntityKind,
        id: &Id,
        limit: Texts<'_>,
    ) -> Result<Vec<Entry<Status>>> {
        let mut entries: Vec<Entry<Status>> = self.entities(
            &format!("SELECT json FROM (SELECT json, number, sum(length(json)) OVER (ORDER BY number DESC) - length(json) AS bytes FROM (SELECT {ENTRY} AS json, number FROM entry WHERE kind = ?2 AND id = ?3 ORDER BY number DESC LIMIT ?4)) WHERE bytes < ?5 ORDER BY number DESC"),
            vec![
                codes(limit.language),
                kind.as_str().into(),
                id.as_str().into(),
                limit.texts.into(),
                limit.bytes.into(),
            ],
        )?;
        entries.reverse();
        Ok(entries)
    }

    /// A text of an incident, if there is one with this number.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse.
    pub fn text(&self, incident: &Id, number: u32) -> Result<Option<Entry<IncidentStatus>>> {
        let values =
            vec![EntityKind::Incident.as_str().into(), incident.as_str().into(), i64::from(number).into()];
        let found =
            self.entities("SELECT json FROM entry WHERE kind = ? AND id = ? AND number = ?", values)?;
        Ok(found.into_iter().next())
    }

    fn incident_record(&self, incident: Incident, limit: Texts<'_>) -> Result<IncidentRecord> {
        let entries = self.entries(EntityKind::Incident, &incident.id, limit)?;
        let postmortem = self.entity(EntityKind::Postmortem, &incident.id)?.filter(|_| !incident.is_open());
        let record = IncidentRecord { incident, entries, postmortem, removed: RemovedComponents::default() };
        let removed = self.removed(record.component_ids())?;
        Ok(IncidentRecord { removed, ..record })
    }

    fn maintenance_record(&self, maintenance: Maintenance, limit: Texts<'_>) -> Result<MaintenanceRecord> {
        let entries = self.entries(EntityKind::Maintenance, &maintenance.id, limit)?;
        let removed = self.removed(maintenance.components.iter())?;
        Ok(MaintenanceRecord { maintenance, entries, removed })
    }

    /// Those of these components that were removed.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn removed<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> Result<RemovedComponents> {
        let mut removed = RemovedComponents::default();
        for id in ids {
            let found: Vec<Component> = self.entities(
                "SELECT json FROM entity WHERE kind = 'component' AND id = ? AND live = 0",
                vec![id.as_str().into()],
            )?;
            removed.0.extend(found.into_iter().map(|component| (id.clone(), component)));
        }
        Ok(removed)
    }

    /// An incident, open or closed, with its texts and its post-mortem.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse. The same holds for all queries below.
    pub fn incident(&self, id: &Id, language: Option<&str>) -> Result<Option<IncidentRecord>> {
        let found: Option<Incident> = self.entity(EntityKind::Incident, id)?;
        found.map(|incident| self.incident_record(incident, Texts::page(language))).transpose()
    }

    /// A maintenance with its texts, if it is public.
    pub fn maintenance(&self, id: &Id, language: Option<&str>) -> Result<Option<MaintenanceRecord>> {
        let found: Option<Maintenance> = self.entity(EntityKind::Maintenance, id)?;
        let public = found.filter(Maintenance::is_public);
        public.map(|maintenance| self.maintenance_record(maintenance, Texts::page(language))).transpose()
    }

    /// The open incidents, worst first.
    pub fn open_incidents(&self, state: &State, language: Option<&str>) -> Result<Vec<IncidentRecord>> {
        let mut open: Vec<&Incident> = state.open_incidents().collect();
        open.sort_by_key(|incident| incident_order(state, incident));
        open.into_iter()
            .map(|incident| self.incident_record(incident.clone(), Texts::list(language)))
            .collect()
    }

    /// The public maintenances that are not completed and match `filter`, the active first, then the next.
    pub fn open_maintenances(
        &self,
        state: &State,
        language: Option<&str>,
        filter: impl Fn(&Maintenance) -> bool,
    ) -> Result<Vec<MaintenanceRecord>> {
        let mut open: Vec<&Maintenance> =
            state.open_maintenances().filter(|m| m.is_public() && filter(m)).collect();
        open.sort_by_key(|maintenance| maintenance_order(maintenance));
        open.into_iter()
            .map(|maintenance| self.maintenance_record(maintenance.clone(), Texts::list(language)))
            .collect()
    }

    /// The newest incidents, open and closed, newest first.
    pub fn newest_incidents(&self, limit: i64, language: Option<&str>) -> Result<Vec<IncidentRecord>> {
        let found: Vec<Incident> = self.entities(
            &format!(
                "SELECT json FROM entity WHERE {PUBLIC} AND kind = 'incident' ORDER BY {BEGAN} DESC LIMIT ?"
            ),
            vec![limit.into()],
        )?;
        found.into_iter().map(|incident| self.incident_record(incident, Texts::list(language))).collect()
    }

    /// The newest public maintenances, completed ones included, latest first.
    pub fn newest_maintenances(&self, limit: i64, language: Option<&str>) -> Result<Vec<MaintenanceRecord>> {
        let found: Vec<Maintenance> = self.entities(
            &format!(
                "SELECT json FROM entity WHERE {PUBLIC} AND kind = 'maintenance' ORDER BY {BEGAN} DESC LIMIT ?"
            ),
            vec![limit.into()],
        )?;
        found
            .into_iter()
            .map(|maintenance| self.maintenance_record(maintenance, Texts::list(language)))
            .collect()
    }

    /// The newest texts of all incidents and public maintenances, newest first, with their translations into a language: at most
    /// `limit`, and about half a megabyte.
    pub fn newest_texts(&self, limit: i64, language: Option<&str>) -> Result<Vec<Text>> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            id: Id,
            json: String,
        }
        let rows: Vec<Row> = self.rows(
            &format!("SELECT entry.kind AS kind, entry.id AS id, {ENTRY} AS json FROM entry JOIN entity ON entity.kind = entry.kind AND entity.id = entry.id WHERE json_extract(entity.json, '$.visibility') IS NOT 'internal' ORDER BY json_extract(entry.json, '$.at') DESC, entry.kind, entry.id, entry.number DESC LIMIT ?2"),
            vec![codes(language), limit.into()],
        )?;
        let (mut incidents, mut maintenances) = (BTreeMap::new(), BTreeMap::new());
        let (mut texts, mut bytes) = (Vec::new(), 0_usize);
        for row in rows {
            bytes = bytes.saturating_add(row.json.len());
            if bytes > FEED_BYTES && !texts.is_empty() {
                break;
            }
            if row.kind == EntityKind::Incident.as_str() {
                let known =
                    read_once(&mut incidents, &row.id, || self.entity(EntityKind::Incident, &row.id))?;
                texts.extend(
                    known
                        .map(|of| {
                            Ok::<_, worker::Error>(Text::Incident(of, serde_json::from_str(&row.json)?))
                        })
                        .transpose()?,
                );
            } else {
                let known =
                    read_once(&mut maintenances, &row.id, || self.entity(EntityKind::Maintenance, &row.id))?;
                texts.extend(
                    known
                        .map(|of| {
                            Ok::<_, worker::Error>(Text::Maintenance(of, serde_json::from_str(&row.json)?))
                        })
                        .transpose()?,
                );
            }
        }
        Ok(texts)
    }

    /// The post-mortems that were published or changed last, newest first, with their incidents.
    pub fn newest_postmortems(&self, limit: i64) -> Result<Vec<(Incident, Postmortem)>> {
        let found: Vec<Postmortem> = self.entities(
            "SELECT json FROM entity WHERE kind = 'postmortem' ORDER BY json_extract(json, '$.updated_at') DESC LIMIT ?",
            vec![limit.into()],
        )?;
        let mut all = Vec::new();
        for postmortem in found {
            all.extend(self.closed(&postmortem.incident)?.zip(Some(postmortem)));
        }
        Ok(all)
    }

    /// The follow-up tasks of an incident, at most [`MAX_FOLLOWUPS`], in any order.
    pub fn followups_of(&self, incident: &Id) -> Result<Vec<Followup>> {
        self.entities(
            "SELECT json FROM entity WHERE kind = 'followup' AND json_extract(json, '$.incident') = ? LIMIT ?",
            vec![incident.as_str().into(), MAX_FOLLOWUPS.into()],
        )
    }

    /// The post-mortem of an incident, if it has one that is shown.
    pub fn postmortem_of(&self, incident: &Id) -> Result<Option<(Incident, Postmortem)>> {
        let postmortem = self.entity(EntityKind::Postmortem, incident)?;
        Ok(self.closed(incident)?.zip(postmortem))
    }

    /// An incident that is over. The post-mortem of one that was reopened is not shown: it may be wrong.
    fn closed(&self, id: &Id) -> Result<Option<Incident>> {
        Ok(self.entity(EntityKind::Incident, id)?.filter(|incident: &Incident| !incident.is_open()))
    }
}

fn read_once<T: Clone>(
    known: &mut BTreeMap<Id, Option<T>>,
    id: &Id,
    read: impl FnOnce() -> Result<Option<T>>,
) -> Result<Option<T>> {
    if let Some(entity) = known.get(id) {
        return Ok(entity.clone());
    }
    let entity = read()?;
    known.insert(id.clone(), entity.clone());
    Ok(entity)
}
