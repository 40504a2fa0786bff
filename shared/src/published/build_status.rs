//! Builds `status.json` from the state.

use std::collections::BTreeMap;

use super::status::{
    ComponentStatus, IncidentStatusEntry, MaintenanceStatusEntry, NoticeEntry, PageEntry, ResolvedEntry,
    StatusDocument, Translations,
};
use crate::bulletin::{incident_order, maintenance_order};
use crate::state::{ComponentState, Page, State};
use crate::text::{Body, Language, Name, Url};
use crate::time::Time;

impl PageEntry {
    /// The entry of a page.
    pub fn of(page: &Page) -> Self {
        Self {
            name: page.title().to_owned(),
            url: page.url.as_ref().map(Url::ascii),
            language: page.language.as_ref().map(Language::to_string),
        }
    }
}

/// Builds `status.json`. The same state, version and time give the same document.
pub fn status_document(state: &State, version: u64, published_at: Time) -> StatusDocument {
    let indicator = state.indicator();
    let url = state.page.url.as_ref().map(Url::ascii);

    let components = state.components_in_order();
    let impaired = components.into_iter().filter(|c| !c.is_group && c.shown != ComponentState::Operational);

    let mut incidents: Vec<_> = state.open_incidents().collect();
    incidents.sort_by_key(|i| incident_order(state, i));

    let mut maintenances: Vec<_> =
        state.open_maintenances().filter(|m| m.is_public() && (m.near || m.is_active())).collect();
    maintenances.sort_by_key(|m| maintenance_order(m));

    StatusDocument {
        schema: StatusDocument::SCHEMA,
        page: PageEntry::of(&state.page),
        version,
        published_at,
        indicator,
        description: state.description().to_owned(),
        components: impaired
            .map(|c| ComponentStatus {
                id: c.id.clone(),
                name: c.name.to_string(),
                status: c.shown,
                since: c.since,
            })
            .collect(),
        incidents: incidents
            .into_iter()
            .map(|i| IncidentStatusEntry {
                id: i.id.clone(),
                name: i.name.to_string(),
                status: i.status,
                impact: i.impact,
                started_at: i.started_at,
                updated_at: i.updated_at,
                reopened_at: i.reopened_at,
                body: i.latest.body.to_string(),
                next_update_at: i.next_update_at,
                overdue: i.overdue,
                overdue_since: i.next_update_at.filter(|_| i.overdue),
                impact_note: i.impact_note.as_ref().map(ToString::to_string),
                affected: i.affected.clone(),
                components: i.affected_now().cloned().collect(),
                url: state.page.address(&format!("/incidents/{}", i.id)),
                translations: translations(&i.names, &i.latest.translations, &i.impact_notes),
            })
            .collect(),
        resolved: state
            .just_resolved()
            .into_iter()
            .filter_map(|i| {
                Some(ResolvedEntry {
                    id: i.id.clone(),
                    name: i.name.to_string(),
                    impact: i.recorded_impact(),
                    resolved_at: i.resolved_at?,
                    body: i.latest.body.to_string(),
                    url: state.page.address(&format!("/incidents/{}", i.id)),
                    translations: translations(&i.names, &i.latest.translations, &BTreeMap::new()),
                })
            })
            .collect(),
        maintenances: maintenances
            .into_iter()
            .map(|m| MaintenanceStatusEntry {
                id: m.id.clone(),
                name: m.name.to_string(),
                status: m.status,
                late: m.late,
                scheduled_for: m.scheduled_for,
                scheduled_until: m.scheduled_until,
                updated_at: m.updated_at,
                body: m.latest.body.to_string(),
                components: m.components.iter().cloned().collect(),
                url: state.page.address(&format!("/maintenances/{}", m.id)),
                translations: translations(&m.names, &m.latest.translations, &BTreeMap::new()),
            })
            .collect(),
        notice: state.notice.as_ref().map(|n| NoticeEntry {
            title: n.title.as_ref().map(ToString::to_string),
            body: n.body.to_string(),
            updated_at: n.posted_at,
            url: n.url.as_ref().map(Url::ascii).or(url),
            translations: translations(&n.titles, &n.translations, &BTreeMap::new()),
        }),
        unconfirmed_since: None,
    }
}

/// The translations of one entity, by language.
fn translations(
    names: &BTreeMap<Language, Name>,
    bodies: &BTreeMap<Language, Body>,
    notes: &BTreeMap<Language, Body>,
) -> Translations {
    let mut all = Translations::new();
    for (language, name) in names {
        all.entry(language.to_string()).or_default().name = Some(name.to_string());
    }
    for (language, body) in bodies {
        all.entry(language.to_string()).or_default().body = Some(body.to_string());
    }
    for (language, note) in notes {
        all.entry(language.to_string()).or_default().impact_note = Some(note.to_string());
    }
    all
}
