//! The queries of the public documents and of the audit log. Each reads a bounded number of rows, however long the history is.

use std::collections::BTreeMap;

use candor_shared::record::{IncidentRecord, MaintenanceRecord, RemovedComponents};
use candor_shared::state::{
    EntityKind, Entry, Followup, Incident, IncidentStatus, Maintenance, MaintenanceStatus, Postmortem, State,
};
use candor_shared::text::{Id, Name};
use candor_shared::time::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use worker::Result;

use super::ledger::Ledger;

/// How many texts of one incident or maintenance are read: the newest `texts`, until they exceed `bytes`.
#[derive(Clone, Copy)]
struct TextLimit {
    texts: i64,
    bytes: i64,
}

/// For an entry in a list.
const LIST_TEXTS: TextLimit = TextLimit { texts: 100, bytes: 64 * 1024 };
/// For the page of one incident or maintenance.
const PAGE_TEXTS: TextLimit = TextLimit { texts: 1000, bytes: 1024 * 1024 };
/// About how many bytes the texts of a feed may have together.
const FEED_BYTES: usize = 512 * 1024;

/// An entry of the history.
pub enum Happening {
    /// An incident.
    Incident(Incident),
    /// A maintenance.
    Maintenance(Maintenance),
}

impl Happening {
    /// When it began. For a maintenance without a start, when it was planned to.
    pub fn began(&self) -> Time {
        match self {
            Self::Incident(of) => of.started_at,
            Self::Maintenance(of) => of.started_at.unwrap_or(of.scheduled_for),
        }
    }

    /// The id.
    pub fn id(&self) -> &Id {
        match self {
            Self::Incident(of) => &of.id,
            Self::Maintenance(of) => &of.id,
        }
    }

    /// When it ended; none while it goes on.
    pub fn ended(&self) -> Option<Time> {
        match self {
            Self::Incident(of) => of.resolved_at,
            Self::Maintenance(of) => of.completed_at,
        }
    }

    /// Whether it went on at any time of a period: from the first instant to the first instant after it.
    pub fn touches(&self, from: Time, until: Time) -> bool {
        self.began() < until && self.ended().is_none_or(|ended| ended > from || self.began() >= from)
    }
}

/// One text, with the incident or maintenance that it belongs to.
pub enum Text {
    /// A text of an incident.
    Incident(Incident, Entry<IncidentStatus>),
    /// A text of a maintenance.
    Maintenance(Maintenance, Entry<MaintenanceStatus>),
}

/// SQL: when an incident or maintenance began, or is planned to begin. An index covers exactly this expression.
pub(super) const BEGAN: &str =
    "coalesce(json_extract(json, '$.started_at'), json_extract(json, '$.scheduled_for'))";
/// SQL: when an incident or maintenance ended; null while it has not. An index covers exactly this expression.
pub(super) const ENDED: &str =
    "coalesce(json_extract(json, '$.resolved_at'), json_extract(json, '$.completed_at'))";
/// SQL: incidents and maintenances. The indexes of [`BEGAN`] and [`ENDED`] have exactly this condition.
pub(super) const STORIES: &str = "kind IN ('incident', 'maintenance')";
/// SQL: incidents and maintenances that are public.
const PUBLIC: &str =
    "kind IN ('incident', 'maintenance') AND json_extract(json, '$.visibility') IS NOT 'internal'";

/// SQL: public, and more than planned.
const STARTED: &str = "kind IN ('incident', 'maintenance') AND json_extract(json, '$.visibility') IS NOT 'internal' AND json_extract(json, '$.status') NOT IN ('scheduled', 'cancelled')";

impl Ledger {
    fn entries<Status: DeserializeOwned>(
        &self,
        kind: EntityKind,
        id: &Id,
        limit: TextLimit,
    ) -> Result<Vec<Entry<Status>>> {
        let mut entries: Vec<Entry<Status>> = self.entities(
            "SELECT json FROM (SELECT json, number, sum(length(json)) OVER (ORDER BY number DESC) - length(json) AS bytes FROM (SELECT json_remove(json, '$.translations') AS json, number FROM entry WHERE kind = ? AND id = ? ORDER BY number DESC LIMIT ?)) WHERE bytes < ? ORDER BY number DESC",
            vec![kind.as_str().into(), id.as_str().into(), limit.texts.into(), limit.bytes.into()],
        )?;
        entries.reverse();
        Ok(entries)
    }

    fn incident_record(&self, incident: Incident, limit: TextLimit) -> Result<IncidentRecord> {
        let entries = self.entries(EntityKind::Incident, &incident.id, limit)?;
        let postmortem = self.entity(EntityKind::Postmortem, &incident.id)?;
        let record = IncidentRecord { incident, entries, postmortem, removed: RemovedComponents::default() };
        let removed = self.removed(record.component_ids())?;
        Ok(IncidentRecord { removed, ..record })
    }

    fn maintenance_record(&self, maintenance: Maintenance, limit: TextLimit) -> Result<MaintenanceRecord> {
        let entries = self.entries(EntityKind::Maintenance, &maintenance.id, limit)?;
        let removed = self.removed(maintenance.components.iter())?;
        Ok(MaintenanceRecord { maintenance, entries, removed })
    }

    /// The last names of those of these components that were removed.
    fn removed<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> Result<RemovedComponents> {
        #[derive(Deserialize)]
        struct Row {
            name: Name,
        }
        let mut removed = RemovedComponents::default();
        for id in ids {
            let rows: Vec<Row> = self.rows(
                "SELECT json_extract(json, '$.name') AS name FROM entity WHERE kind = 'component' AND id = ? AND live = 0",
                vec![id.as_str().into()],
            )?;
            removed.0.extend(rows.into_iter().map(|row| (id.clone(), row.name)));
        }
        Ok(removed)
    }

    /// An incident, open or closed, with its texts and its post-mortem.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse. The same holds for all queries below.
    pub fn incident(&self, id: &Id) -> Result<Option<IncidentRecord>> {
        let found: Option<Incident> = self.entity(EntityKind::Incident, id)?;
        found.map(|incident| self.incident_record(incident, PAGE_TEXTS)).transpose()
    }

    /// A maintenance with its texts, if it is public.
    pub fn maintenance(&self, id: &Id) -> Result<Option<MaintenanceRecord>> {
        let found: Option<Maintenance> = self.entity(EntityKind::Maintenance, id)?;
        let public = found.filter(Maintenance::is_public);
        public.map(|maintenance| self.maintenance_record(maintenance, PAGE_TEXTS)).transpose()
    }

    /// The open incidents, newest first.
    pub fn open_incidents(&self, state: &State) -> Result<Vec<IncidentRecord>> {
        let mut open: Vec<&Incident> = state.open_incidents().collect();
        open.sort_by_key(|incident| (std::cmp::Reverse(incident.started_at), &incident.id));
        open.into_iter().map(|incident| self.incident_record(incident.clone(), LIST_TEXTS)).collect()
    }

    /// The public maintenances that are not completed and match `filter`, earliest first.
    pub fn open_maintenances(
        &self,
        state: &State,
        filter: impl Fn(&Maintenance) -> bool,
    ) -> Result<Vec<MaintenanceRecord>> {
        let mut open: Vec<&Maintenance> =
            state.open_maintenances().filter(|m| m.is_public() && filter(m)).collect();
        open.sort_by_key(|maintenance| (maintenance.scheduled_for, &maintenance.id));
        open.into_iter().map(|maintenance| self.maintenance_record(maintenance.clone(), LIST_TEXTS)).collect()
    }

    /// The newest incidents, open and closed, newest first.
    pub fn newest_incidents(&self, limit: i64) -> Result<Vec<IncidentRecord>> {
        let found: Vec<Incident> = self.entities(
            &format!(
                "SELECT json FROM entity WHERE {PUBLIC} AND kind = 'incident' ORDER BY {BEGAN} DESC LIMIT ?"
            ),
            vec![limit.into()],
        )?;
        found.into_iter().map(|incident| self.incident_record(incident, LIST_TEXTS)).collect()
    }

    /// The newest public maintenances, completed ones included, latest first.
    pub fn newest_maintenances(&self, limit: i64) -> Result<Vec<MaintenanceRecord>> {
        let found: Vec<Maintenance> = self.entities(
            &format!(
                "SELECT json FROM entity WHERE {PUBLIC} AND kind = 'maintenance' ORDER BY {BEGAN} DESC LIMIT ?"
            ),
            vec![limit.into()],
        )?;
        found.into_iter().map(|maintenance| self.maintenance_record(maintenance, LIST_TEXTS)).collect()
    }

    /// Public incidents and maintenances that began before `until` and had not ended before `from`, so everything that
    /// touches the period; the one that began last comes first. At most `limit`, after the first `skip`.
    pub fn happened(&self, from: Time, until: Time, limit: u32, skip: u32) -> Result<Vec<Happening>> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            json: String,
        }
        let rows: Vec<Row> = self.rows(
            &format!(
                "SELECT kind, json FROM ({}) ORDER BY began DESC, kind, id LIMIT ? OFFSET ?",
                touching()
            ),
            [period(from, until), vec![i64::from(limit).into(), i64::from(skip).into()]].concat(),
        )?;
        rows.iter()
            .map(|row| match row.kind.as_str() {
                "incident" => Ok(Happening::Incident(serde_json::from_str(&row.json)?)),
                _ => Ok(Happening::Maintenance(serde_json::from_str(&row.json)?)),
            })
            .collect()
    }

    /// How many entries [`Self::happened`] has for the same period.
    pub fn count_happened(&self, from: Time, until: Time) -> Result<u32> {
        #[derive(Deserialize)]
        struct Row {
            count: u32,
        }
        let rows: Vec<Row> =
            self.rows(&format!("SELECT count(*) AS count FROM ({})", touching()), period(from, until))?;
        Ok(rows.first().map_or(0, |row| row.count))
    }

    /// The last instant before `time` at which a public incident or maintenance was going on, and the first one at or
    /// after it, up to `now`.
    pub fn around(&self, time: Time, now: Time) -> Result<(Option<Time>, Option<Time>)> {
        #[derive(Deserialize)]
        struct Row {
            at: Option<Time>,
        }
        let one = |query: &str, values: Vec<Value>| -> Result<Option<Time>> {
            let rows: Vec<Row> = self.rows(query, values)?;
            Ok(rows.first().and_then(|row| row.at))
        };
        let text = || Value::from(time.to_string());
        // What began before `time` and ended at it was going on until just before; what ended later goes on after it.
        let across = |ended: &str| -> Result<bool> {
            let query = format!(
                "SELECT at FROM (SELECT {BEGAN} AS at FROM entity INDEXED BY entity_ended WHERE {STARTED} AND {BEGAN} < ? AND {ENDED} {ended} ? UNION ALL SELECT {BEGAN} AS at FROM entity INDEXED BY entity_ended WHERE {STARTED} AND {BEGAN} < ? AND {ENDED} IS NULL) LIMIT 1"
            );
            Ok(one(&query, vec![text(), text(), text()])?.is_some())
        };
        let earlier = if across(">=")? {
            Time::from_millis(time.as_millis().saturating_sub(1)).map(|before| before.min(now))
        } else {
            one(
                &format!(
                    "SELECT {ENDED} AS at FROM entity INDEXED BY entity_ended WHERE {STARTED} AND {ENDED} < ? ORDER BY {ENDED} DESC LIMIT 1"
                ),
                vec![text()],
            )?
        };
        let later = if time <= now && across(">")? {
            Some(time)
        } else {
            one(
                &format!(
                    "SELECT {BEGAN} AS at FROM entity INDEXED BY entity_began WHERE {STARTED} AND {BEGAN} >= ? ORDER BY {BEGAN} LIMIT 1"
                ),
                vec![text()],
            )?
        };
        Ok((earlier, later))
    }

    /// The newest texts of all incidents and public maintenances, newest first: at most `limit`, and about half a megabyte.
    pub fn newest_texts(&self, limit: i64) -> Result<Vec<Text>> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            id: Id,
            json: String,
        }
        let rows: Vec<Row> = self.rows(
            "SELECT entry.kind AS kind, entry.id AS id, json_remove(entry.json, '$.translations') AS json FROM entry JOIN entity ON entity.kind = entry.kind AND entity.id = entry.id WHERE json_extract(entity.json, '$.visibility') IS NOT 'internal' ORDER BY json_extract(entry.json, '$.at') DESC, entry.kind, entry.id, entry.number DESC LIMIT ?",
            vec![limit.into()],
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
            if let Some(incident) = self.entity(EntityKind::Incident, &postmortem.incident)? {
                all.push((incident, postmortem));
            }
        }
        Ok(all)
    }

    /// The follow-up tasks of an incident, in any order.
    pub fn followups_of(&self, incident: &Id) -> Result<Vec<Followup>> {
        self.entities(
            "SELECT json FROM entity WHERE kind = 'followup' AND json_extract(json, '$.incident') = ?",
            vec![incident.as_str().into()],
        )
    }

    /// The post-mortem of an incident, if it has one.
    pub fn postmortem_of(&self, incident: &Id) -> Result<Option<(Incident, Postmortem)>> {
        let postmortem = self.entity(EntityKind::Postmortem, incident)?;
        Ok(self.entity(EntityKind::Incident, incident)?.zip(postmortem))
    }
}

/// SQL: the rows of what is public and touches a period; [`period`] has the parameters. Three queries that share no row, each
/// with an index: it began in the period; it began before and ended in it or later; it began before and has not ended.
fn touching() -> String {
    // Without statistics, SQLite would prefer the primary key, and read the whole history.
    let rows = |index: &str, condition: &str| {
        format!(
            "SELECT kind, id, json, {BEGAN} AS began FROM entity INDEXED BY {index} WHERE {STARTED} AND {condition}"
        )
    };
    [
        rows("entity_began", &format!("{BEGAN} >= ? AND {BEGAN} < ?")),
        rows("entity_ended", &format!("{BEGAN} < ? AND {ENDED} > ?")),
        rows("entity_ended", &format!("{BEGAN} < ? AND {ENDED} IS NULL")),
    ]
    .join(" UNION ALL ")
}

/// The parameters of [`touching`]: from the first instant of a period to the first instant after it.
fn period(from: Time, until: Time) -> Vec<Value> {
    [from, until, from, from, from].map(|time| time.to_string().into()).into()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Sql;
    use crate::storage::memory::MemorySql;

    /// What a page and a month read is found by an index, however long the history is.
    #[test]
    fn a_period_is_found_by_indexes() {
        let (sql, _) = MemorySql::new();
        Ledger::open(Box::new(sql.clone())).unwrap();
        let values = period(Time::EPOCH, Time::EPOCH);
        let plan = sql.run(&format!("EXPLAIN QUERY PLAN {}", touching()), values).unwrap();
        let steps: Vec<&str> = plan.iter().filter_map(|step| step.get("detail")?.as_str()).collect();
        for index in ["entity_began", "entity_ended"] {
            assert!(steps.iter().any(|step| step.contains(index)), "{index}: {steps:?}");
        }
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{steps:?}");
    }
}
