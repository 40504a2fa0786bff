//! Deletes what was derived from the history (`uptime_sum`, `incident_measure`) when a write makes it untrue.

use candor_shared::rules::Event;
use candor_shared::state::{EntityKind, Incident, IncidentStatus, State};
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use worker::Result;

use super::ledger::Ledger;
use super::sql::MAX_INTEGER;
use super::uptime_sums::DAY_MILLIS;

impl Ledger {
    /// Notes the newest version that what is derived knows of.
    ///
    /// # Errors
    /// If the storage refuses.
    pub(super) fn derived_at(&self, version: u64) -> Result<()> {
        let version = i64::try_from(version).unwrap_or(MAX_INTEGER);
        self.run("INSERT OR REPLACE INTO derived_at (id, version) VALUES (1, ?)", vec![version.into()])
    }

    /// Deletes all that is derived if it does not know of the newest version: an earlier program has written, which deletes
    /// nothing here.
    ///
    /// # Errors
    /// If the storage fails.
    pub(super) fn forget_foreign(&self, newest: u64) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            version: u64,
        }
        let known: Vec<Row> = self.rows("SELECT version FROM derived_at", vec![])?;
        if known.first().map_or(0, |row| row.version) == newest {
            return Ok(());
        }
        self.transaction(&mut || {
            self.run("DELETE FROM uptime_sum", vec![])?;
            self.run("DELETE FROM incident_measure", vec![])?;
            self.derived_at(newest)
        })
    }

    /// Deletes what was derived from the history and no longer holds after an event. Must be called before the entity is
    /// written, because it compares the times of an incident with those in the storage.
    ///
    /// # Errors
    /// If the storage fails.
    pub(super) fn forget_derived(&self, event: &Event, state: &State) -> Result<()> {
        let (kind, Some(id)) = event.entity() else { return Ok(()) };
        if kind == EntityKind::Incident {
            self.forget_measures(id)?;
        }
        let started = state.incidents.get(id).map(|incident| incident.started_at);
        match event {
            Event::ComponentSet { set: Some(_), at, .. } => {
                // On the day on which a component is made, its uptime begins within the day.
                let is_new = state.components.get(id).is_some_and(|component| component.created_at == *at);
                let day_before = at.as_millis().saturating_sub(DAY_MILLIS);
                let from = if is_new { Time::from_millis(day_before).unwrap_or(Time::EPOCH) } else { *at };
                self.forget_sums(from, None)
            }
            // A note on what is over changes nothing that was held.
            Event::IncidentUpdated {
                from: IncidentStatus::Resolved, to: IncidentStatus::Resolved, ..
            } => Ok(()),
            // What a resolved incident held before its resolution was amended depends on whether it is open again.
            Event::IncidentOpened { entry, .. }
            | Event::IncidentUpdated { from: IncidentStatus::Resolved, entry, .. } => {
                self.forget_sums(started.map_or(entry.at, |started| started.min(entry.at)), None)
            }
            Event::IncidentUpdated { entry, .. } => self.forget_sums(entry.at, None),
            Event::IncidentAmended { .. } => {
                let before: Option<Incident> = self.entity(EntityKind::Incident, id)?;
                let after = state.incidents.get(id);
                let both = || before.iter().chain(after);
                let times = |of: &Incident| (of.started_at, of.resolved_at);
                if before.as_ref().map(times) == after.map(times) {
                    return Ok(());
                }
                let from = both().map(|of| of.started_at).min();
                let until = both().map(|of| of.resolved_at).collect::<Option<Vec<_>>>();
                let until = until.and_then(|all| all.into_iter().max());
                from.map_or(Ok(()), |from| self.forget_sums(from, until))
            }
            _ => Ok(()),
        }
    }

    /// Deletes the sums of a period, because a write changed what happened in it.
    fn forget_sums(&self, from: Time, until: Option<Time>) -> Result<()> {
        if let Some(sums) = &mut self.derived.borrow_mut().sums {
            sums.retain(|start, sum| until.is_some_and(|until| *start > until) || sum.until < from);
        }
        let earliest = from.as_millis().saturating_sub(DAY_MILLIS);
        let until = until.map_or(MAX_INTEGER, Time::as_millis);
        self.run(
            "DELETE FROM uptime_sum WHERE start >= ? AND start <= ? AND until >= ?",
            vec![earliest.into(), until.into(), from.as_millis().into()],
        )
    }

    /// Deletes what an incident added to the measures, because a write changed it.
    fn forget_measures(&self, id: &Id) -> Result<()> {
        if let Some(measures) = &mut self.derived.borrow_mut().measures {
            measures.remove(id);
        }
        self.run("DELETE FROM incident_measure WHERE id = ?", vec![id.as_str().into()])
    }
}
