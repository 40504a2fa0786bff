//! What the measures follow from: incidents and planned changes. What an incident that is over adds to them is stored once.

use std::collections::BTreeMap;

use candor_shared::record::{ChangeCounts, Changes, IncidentMeasures, WINDOWS, window_start};
use candor_shared::state::{Incident, Outcome};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::derived::kept;
use super::happenings::{BEGAN, ENDED, STORIES};
use super::history::MEASURED;
use super::ledger::Ledger;

impl Ledger {
    /// What each incident that started since `since` adds to the measures. Stores what was missing of incidents that are over.
    ///
    /// # Errors
    /// If the storage fails, or holds JSON that this version cannot parse. The same holds for all queries below.
    pub fn incident_measures(&self, since: Time) -> Result<Vec<IncidentMeasures>> {
        #[derive(Deserialize)]
        struct All {
            json: String,
        }
        #[derive(Deserialize)]
        struct Missing {
            live: i64,
            json: String,
        }
        if self.derived.borrow().measures.is_none() {
            // In groups of a month, which is far from how long a value may be. All that is stored: `missing` asks for the rest.
            let stored: Vec<All> = self.rows(
                "SELECT json_group_object(id, json(json)) AS json FROM incident_measure GROUP BY started_at / 2592000000",
                vec![],
            )?;
            let mut measures = BTreeMap::new();
            for All { json } in stored {
                measures.append(&mut serde_json::from_str(&json)?);
            }
            self.derived.borrow_mut().measures = Some(measures);
        }
        let missing: Vec<Missing> = self.rows(
            &format!("SELECT live, {MEASURED} FROM entity INDEXED BY entity_start WHERE {STORIES} AND kind = 'incident' AND {BEGAN} >= ? AND id NOT IN (SELECT id FROM incident_measure)"),
            vec![since.to_string().into()],
        )?;
        let mut open = Vec::new();
        let mut closed: BTreeMap<Id, IncidentMeasures> = BTreeMap::new();
        for Missing { live, json } in missing {
            let incident: Incident = serde_json::from_str(&json)?;
            let measures = IncidentMeasures::of(&incident, &self.measured_entries(&incident.id)?);
            if live == 0 {
                closed.insert(incident.id, measures);
            } else {
                open.push(measures);
            }
        }
        let kept = closed.is_empty()
            || kept(
                self.transaction(&mut || closed.iter().try_for_each(|(id, of)| self.keep_measures(id, of))),
            );
        let mut derived = self.derived.borrow_mut();
        let stored = derived.measures.get_or_insert_default();
        if kept {
            stored.append(&mut closed);
        }
        Ok(open.into_iter().chain(closed.into_values()).chain(stored.values().cloned()).collect())
    }

    fn keep_measures(&self, id: &Id, of: &IncidentMeasures) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO incident_measure (id, started_at, json) VALUES (?, ?, ?)",
            vec![id.as_str().into(), of.started_at.as_millis().into(), serde_json::to_string(of)?.into()],
        )
    }

    /// The changes that were completed in each of the [`WINDOWS`] that end at `now`.
    pub fn changes(&self, now: Time) -> Result<[Changes; WINDOWS.len()]> {
        let mut all: [Changes; WINDOWS.len()] = Default::default();
        for (changes, days) in all.iter_mut().zip(WINDOWS) {
            for (kind, counts) in self.counted_changes(window_start(days, now), Some(now), None)? {
                changes.all.add(&counts);
                if let Some(kind) = kind {
                    changes.by_kind.entry(kind).or_default().add(&counts);
                }
            }
        }
        Ok(all)
    }

    /// How the changes of a kind went that were completed since `since`.
    pub fn changes_of_kind(&self, kind: &Id, since: Time) -> Result<ChangeCounts> {
        let counted = self.counted_changes(since, None, Some(kind))?;
        Ok(counted.into_values().next().unwrap_or_default())
    }

    /// Completed changes by kind, counted by the database: there may be thousands of them.
    fn counted_changes(
        &self,
        since: Time,
        until: Option<Time>,
        kind: Option<&Id>,
    ) -> Result<BTreeMap<Option<Id>, ChangeCounts>> {
        #[derive(Deserialize)]
        struct Row {
            kind: Option<Id>,
            outcome: Option<Outcome>,
            count: u32,
        }
        let text = |time: Option<Time>| Value::from(time.map(|time| time.to_string()));
        let rows: Vec<Row> = self.rows(
            &format!("SELECT json_extract(json, '$.change.kind') AS kind, json_extract(json, '$.outcome') AS outcome, count(*) AS count FROM entity INDEXED BY entity_ended WHERE {STORIES} AND kind = 'maintenance' AND {ENDED} >= ?1 AND (?2 IS NULL OR {ENDED} <= ?2) AND json_extract(json, '$.completed_at') IS NOT NULL AND json_extract(json, '$.change') IS NOT NULL AND (?3 IS NULL OR json_extract(json, '$.change.kind') = ?3) GROUP BY 1, 2"),
            vec![text(Some(since)), text(until), Value::from(kind.map(Id::as_str))],
        )?;
        let mut all: BTreeMap<Option<Id>, ChangeCounts> = BTreeMap::new();
        for Row { kind, outcome, count } in rows {
            all.entry(kind).or_default().add(&ChangeCounts::completed(outcome, count));
        }
        Ok(all)
    }
}
