//! Reads the history from which the measures are computed.

use std::collections::BTreeMap;

use candor_shared::record::History;
use candor_shared::state::{ComponentState, Entry, Incident, IncidentStatus};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use worker::Result;

use super::ledger::Ledger;

impl Ledger {
    /// Everything that the measures since `since` depend on: incidents that are open or changed, completed changes, and what
    /// components were set to. The bodies of texts are replaced by `-`, because the measures need only their times.
    ///
    /// # Errors
    /// If the storage cannot be read, or holds JSON that this version cannot parse.
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
        // The recent rows, and for each component the last row before them: the status with which the period begins.
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
}
