//! From what is stored to an edition: each public document of a version, rendered once. A document is
//! rendered when it is first asked for in its version, so that an operator's update waits for none of them.

use candor_shared::published::{notice_document, postmortem_document, status_document};
use candor_shared::published::statuspage::Statuspage;
use candor_shared::record::MetricsDocument;
use candor_shared::state::{MaintenanceStatus, State};
use candor_shared::time::Time;
use serde::Serialize;

use crate::badge::badge;
use crate::document::{Document, Endpoint};
use crate::edition::Rendered;
use crate::feed::feed;
use crate::ledger::Ledger;
use crate::page;

/// Incidents and maintenances in the API's lists.
const LISTED: i64 = 50;

/// What everything is rendered from.
pub struct Source<'a> {
    /// The storage.
    pub ledger: &'a Ledger,
    /// What is live.
    pub state: &'a State,
    /// Its version.
    pub version: u64,
    /// When that was published.
    pub published_at: Time,
    /// When this is rendered: until then it was true.
    pub now: Time,
    /// Names the page.
    pub page_id: &'a str,
    /// Who may show `/embed` in a frame.
    pub frame_ancestors: &'a str,
    /// The WebSub hub of the feeds.
    pub hub: Option<&'a str>,
}

/// Renders a document, if there is one. The measures are there for a document that holds some.
///
/// # Errors
/// If the storage cannot be read.
pub fn publish(
    document: &Document,
    source: &Source<'_>,
    measures: Option<&MetricsDocument>,
) -> worker::Result<Option<Rendered>> {
    let Source { ledger, state, version, published_at, .. } = *source;
    match document {
        Document::Status => json(document, version, &status_document(state, version, published_at)),
        Document::Metrics => match measures {
            Some(measures) => json(document, version, measures),
            None => Ok(None),
        },
        Document::Notice => match &state.notice {
            Some(notice) => json(document, version, &notice_document(notice)),
            None => Ok(None),
        },
        Document::Postmortem(id) => match ledger.postmortem_of(id)? {
            Some((incident, postmortem)) => {
                let followups = ledger.followups_of(id)?;
                json(document, version, &postmortem_document(&incident, &postmortem, &followups))
            }
            None => Ok(None),
        },
        Document::Statuspage(endpoint) => statuspage(document, *endpoint, source),
        Document::Feed(format) => Ok(Some(Rendered::new(document, version, feed(*format, source)?))),
        Document::Badge(component) => {
            Ok(badge(state, component.as_ref()).map(|svg| Rendered::new(document, version, svg)))
        }
        Document::Home => measures.map(|measures| page::home(source, measures)).transpose(),
        Document::History(month, number) => page::history(source, *month, *number),
        Document::Incident(id) => page::incident(source, id),
        Document::Maintenance(id) => page::maintenance(source, id),
        Document::Embed(variant) => page::embed(source, *variant).map(Some),
    }
}

fn json(document: &Document, version: u64, value: &impl Serialize) -> worker::Result<Option<Rendered>> {
    Ok(Some(Rendered::json(document, version, value)?))
}

fn statuspage(
    document: &Document,
    endpoint: Endpoint,
    source: &Source<'_>,
) -> worker::Result<Option<Rendered>> {
    let Source { ledger, state, version, .. } = *source;
    let api = Statuspage { page_id: source.page_id, state, updated_at: source.published_at };
    let unresolved = || ledger.open_incidents(state);
    match endpoint {
        Endpoint::Summary => {
            let maintenances = ledger.open_maintenances(state, |_| true)?;
            json(document, version, &api.summary(&unresolved()?, &maintenances))
        }
        Endpoint::Status => json(document, version, &api.status()),
        Endpoint::Components => json(document, version, &api.components()),
        Endpoint::Incidents => json(document, version, &api.incidents(&ledger.newest_incidents(LISTED)?)),
        Endpoint::Unresolved => json(document, version, &api.incidents(&unresolved()?)),
        Endpoint::Maintenances => {
            json(document, version, &api.maintenances(&ledger.newest_maintenances(LISTED)?))
        }
        Endpoint::Upcoming => {
            let upcoming = ledger.open_maintenances(state, |m| m.status == MaintenanceStatus::Scheduled)?;
            json(document, version, &api.maintenances(&upcoming))
        }
        Endpoint::Active => {
            let active = ledger.open_maintenances(state, |m| m.is_active())?;
            json(document, version, &api.maintenances(&active))
        }
    }
}
