//! From the state to what is published.

use std::cmp::Reverse;

use crate::{
    ComponentState, ComponentStatus, IncidentStatusEntry, MaintenanceStatusEntry, NoticeEntry, PageEntry,
    State, StatusDocument, Time, Url,
};

/// Makes `status.json`. The same state, version and time give the same document.
pub fn status_document(state: &State, version: u64, published_at: Time) -> StatusDocument {
    let indicator = state.indicator();
    let url = state.page.url.as_ref().map(Url::to_string);

    let components = state.components_in_order();
    let ailing = components.into_iter().filter(|c| !c.is_group && c.shown != ComponentState::Operational);

    let mut incidents: Vec<_> = state.open_incidents().collect();
    incidents.sort_by_key(|i| (Reverse(i.impact), Reverse(i.started_at), &i.id));

    let mut maintenances: Vec<_> =
        state.open_maintenances().filter(|m| m.is_public() && (m.near || m.is_active())).collect();
    maintenances.sort_by_key(|m| (!m.is_active(), m.scheduled_for, &m.id));

    StatusDocument {
        schema: StatusDocument::SCHEMA,
        page: PageEntry { name: state.page.title().to_owned(), url: url.clone() },
        version,
        published_at,
        indicator,
        description: indicator.description().to_owned(),
        components: ailing
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
                components: i.components.keys().cloned().collect(),
                url: state.page.address(&format!("/incidents/{}", i.id)),
            })
            .collect(),
        maintenances: maintenances
            .into_iter()
            .map(|m| MaintenanceStatusEntry {
                id: m.id.clone(),
                name: m.name.to_string(),
                status: m.status,
                scheduled_for: m.scheduled_for,
                scheduled_until: m.scheduled_until,
                updated_at: m.updated_at,
                body: m.latest.body.to_string(),
                components: m.components.iter().cloned().collect(),
                url: state.page.address(&format!("/maintenances/{}", m.id)),
            })
            .collect(),
        resolved: Vec::new(),
        notice: state.notice.as_ref().map(|n| NoticeEntry {
            title: n.title.as_ref().map(ToString::to_string),
            body: n.body.to_string(),
            updated_at: n.posted_at,
            url: n.url.as_ref().map(Url::to_string).or(url),
        }),
        unconfirmed_since: None,
    }
}
