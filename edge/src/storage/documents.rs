//! Which documents depend on incidents, maintenance and post-mortems.

use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::happenings::{BEGAN, STORIES};
use super::ledger::Ledger;
use crate::document::Document;

impl Ledger {
    /// The documents about all incidents, maintenances and post-mortems, internal ones included, and when the first of them
    /// began; none if there are more than `limit`.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn documents(&self, limit: usize) -> Result<Option<(Vec<Document>, Option<Time>)>> {
        #[derive(Deserialize)]
        struct Row {
            kind: String,
            id: Id,
            began: Option<Time>,
        }
        // The indexes hold all that is read here.
        let rows: Vec<Row> = self.rows(
            &format!("SELECT kind, id, {BEGAN} AS began FROM entity INDEXED BY entity_start WHERE {STORIES} UNION ALL SELECT kind, id, NULL AS began FROM entity INDEXED BY postmortem_updated WHERE kind = 'postmortem' LIMIT ?"),
            vec![Value::from(limit.saturating_add(1))],
        )?;
        if rows.len() > limit {
            return Ok(None);
        }
        let first = rows.iter().filter_map(|row| row.began).min();
        let documents = rows.into_iter().map(|Row { kind, id, .. }| match kind.as_str() {
            "incident" => Document::Incident(id),
            "maintenance" => Document::Maintenance(id),
            _ => Document::Postmortem(id),
        });
        Ok(Some((documents.collect(), first)))
    }
}
