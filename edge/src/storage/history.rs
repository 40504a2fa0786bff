//! Reads what the uptime of a period follows from.

use std::collections::BTreeMap;

use candor_shared::record::History;
use candor_shared::state::{ComponentState, Entry, Incident, IncidentStatus};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::happenings::{BEGAN, ENDED, STORIES};
use super::ledger::Ledger;

/// SQL: the columns of an incident for measures. Texts are replaced by `-`, because measures need only times and statuses.
pub(super) const MEASURED: &str = "json_set(json_remove(json, '$.names', '$.impact_note', '$.impact_notes', '$.latest.translations'), '$.latest.body', '-') AS json";

impl Ledger {
    /// What happened to components from `from` until `until`.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse. The same holds for the queries below.
    pub(super) fn history(&self, from: Time, until: Time) -> Result<History> {
        #[derive(Deserialize)]
        struct SetRow {
            component: Id,
            at: i64,
            state: ComponentState,
        }
        let touching = |ended: &str| {
            format!(
                "SELECT {MEASURED} FROM entity INDEXED BY entity_ended WHERE {STORIES} AND kind = 'incident' AND {BEGAN} < ?1 AND {ENDED} {ended}"
            )
        };
        let (from_text, until_text): (Value, Value) = (from.to_string().into(), until.to_string().into());
        let incidents: Vec<Incident> = self.entities(
            &format!("{} UNION ALL {}", touching("> ?2"), touching("IS NULL")),
            vec![until_text, from_text],
        )?;
        // For each component the last row before the period, which is the status with which it begins; and the rows in it.
        let rows: Vec<SetRow> = self.rows(
            "SELECT component, at, state FROM component_state WHERE rowid IN (SELECT (SELECT rowid FROM component_state WHERE component = entity.id AND at < ?1 ORDER BY at DESC, rowid DESC LIMIT 1) FROM entity WHERE kind = 'component' AND live = 1) OR (at >= ?1 AND at < ?2) ORDER BY at, rowid",
            vec![from.as_millis().into(), until.as_millis().into()],
        )?;
        let mut set: BTreeMap<Id, Vec<(Time, ComponentState)>> = BTreeMap::new();
        for row in rows {
            let at = Time::from_millis(row.at).unwrap_or(Time::EPOCH);
            set.entry(row.component).or_default().push((at, row.state));
        }
        let mut incidents = incidents
            .into_iter()
            .map(|incident| {
                let entries = self.measured_entries(&incident.id)?;
                Ok((incident, entries))
            })
            .collect::<Result<Vec<_>>>()?;
        incidents.sort_by_key(|(incident, _)| incident.started_at);
        Ok(History { incidents, set })
    }

    /// All entries of an incident without their texts, oldest first.
    pub(super) fn measured_entries(&self, id: &Id) -> Result<Vec<Entry<IncidentStatus>>> {
        self.entities(
            "SELECT json_set(json_remove(json, '$.translations'), '$.body', '-') AS json FROM entry WHERE kind = 'incident' AND id = ? ORDER BY number",
            vec![id.as_str().into()],
        )
    }

    /// How many statuses were set from `from` until `until`, counted up to `limit`.
    pub(super) fn count_set(&self, from: Time, until: Time, limit: i64) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let rows: Vec<Row> = self.rows(
            "SELECT count(*) AS count FROM (SELECT 1 FROM component_state WHERE at >= ? AND at < ? LIMIT ?)",
            vec![from.as_millis().into(), until.as_millis().into(), limit.into()],
        )?;
        Ok(rows.first().map_or(0, |row| row.count))
    }
}
