//! What happened in a period: incidents and maintenance, found by when they began and ended.

use candor_shared::panel::Over;
use candor_shared::state::{Incident, Maintenance};
use candor_shared::time::Time;
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::ledger::Ledger;

/// An entry of the history.
pub enum Happening {
    /// An incident.
    Incident(Incident),
    /// A maintenance.
    Maintenance(Maintenance),
}

impl Happening {
    /// When it began, as far as it is known ([`Maintenance::began`]).
    pub fn began(&self) -> Time {
        match self {
            Self::Incident(of) => of.started_at,
            Self::Maintenance(of) => of.began(),
        }
    }

    /// Whether both are the same incident or the same maintenance.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Incident(of), Self::Incident(other)) => of.id == other.id,
            (Self::Maintenance(of), Self::Maintenance(other)) => of.id == other.id,
            _ => false,
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

/// SQL: when an incident or maintenance began, as far as it is known ([`Maintenance::began`]). An index covers exactly this
/// expression.
pub(super) const BEGAN: &str = "coalesce(json_extract(json, '$.started_at'), json_extract(json, '$.completed_at'), CASE WHEN json_extract(json, '$.status') IN ('in_progress', 'verifying') THEN json_extract(json, '$.updated_at') END, json_extract(json, '$.scheduled_for'))";
/// SQL: when an incident or maintenance ended; null while it has not. An index covers exactly this expression.
pub(super) const ENDED: &str =
    "coalesce(json_extract(json, '$.resolved_at'), json_extract(json, '$.completed_at'))";
/// SQL: incidents and maintenances. The indexes of [`BEGAN`] and [`ENDED`] have exactly this condition.
pub(super) const STORIES: &str = "kind IN ('incident', 'maintenance')";
/// SQL: incidents and maintenances that are public.
pub(super) const PUBLIC: &str =
    "kind IN ('incident', 'maintenance') AND json_extract(json, '$.visibility') IS NOT 'internal'";

/// SQL: public, and more than planned.
const STARTED: &str = "kind IN ('incident', 'maintenance') AND json_extract(json, '$.visibility') IS NOT 'internal' AND json_extract(json, '$.status') NOT IN ('scheduled', 'cancelled')";

impl Ledger {
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

    /// What is public and ended after an instant, the newest first: at most `limit`. What was called off has not ended.
    pub fn over(&self, after: Time, limit: usize) -> Result<Vec<Over>> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            json: String,
            postmortem: u8,
        }
        let rows: Vec<Row> = self.rows(&ended_after(), vec![after.to_string().into(), limit.into()])?;
        rows.iter()
            .map(|row| match row.kind.as_str() {
                "incident" => Ok(Over::Incident {
                    incident: Box::new(serde_json::from_str(&row.json)?),
                    has_postmortem: row.postmortem > 0,
                }),
                _ => Ok(Over::Maintenance(Box::new(serde_json::from_str(&row.json)?))),
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
                    "SELECT {BEGAN} AS at FROM entity INDEXED BY entity_start WHERE {STARTED} AND {BEGAN} >= ? ORDER BY {BEGAN} LIMIT 1"
                ),
                vec![text()],
            )?
        };
        Ok((earlier, later))
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
        rows("entity_start", &format!("{BEGAN} >= ? AND {BEGAN} < ?")),
        rows("entity_ended", &format!("{BEGAN} < ? AND {ENDED} > ?")),
        rows("entity_ended", &format!("{BEGAN} < ? AND {ENDED} IS NULL")),
    ]
    .join(" UNION ALL ")
}

/// SQL: what is public and ended after an instant, the newest first, and whether it has a post-mortem.
fn ended_after() -> String {
    format!(
        "SELECT kind, json, EXISTS (SELECT 1 FROM entity AS postmortem WHERE postmortem.kind = 'postmortem' AND postmortem.id = entity.id) AS postmortem FROM entity INDEXED BY entity_ended WHERE {STARTED} AND {ENDED} > ? ORDER BY {ENDED} DESC LIMIT ?"
    )
}

/// The parameters of [`touching`]: from the first instant of a period to the first instant after it.
fn period(from: Time, until: Time) -> Vec<Value> {
    [from, until, from, from, from].map(|time| time.to_string().into()).into()
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
        for index in ["entity_start", "entity_ended"] {
            assert!(steps.iter().any(|step| step.contains(index)), "{index}: {steps:?}");
        }
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{steps:?}");
        let values = vec![Time::EPOCH.to_string().into(), 20.into()];
        let plan = sql.run(&format!("EXPLAIN QUERY PLAN {}", ended_after()), values).unwrap();
        let steps: Vec<&str> = plan.iter().filter_map(|step| step.get("detail")?.as_str()).collect();
        assert!(steps.iter().any(|step| step.contains("entity_ended")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN") || step.contains("TEMP")), "{steps:?}");
    }
}
