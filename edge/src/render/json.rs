//! Renders the documents in JSON, and adds `unconfirmed_since` to unconfirmed copies.

use std::cmp::Reverse;

use candor_shared::bulletin::{Bulletin, Level, phrases};
use candor_shared::panel::{MAX_OVER, Material, Panel, panel};
use candor_shared::published::StatusDocument;
use candor_shared::published::statuspage::Statuspage;
use candor_shared::record::MetricsDocument;
use candor_shared::state::{Indicator, MaintenanceStatus};
use candor_shared::time::Time;
use candor_shared::words::{Word, Words};
use serde::Serialize;
use serde_json::Value;
use worker::Result;

use super::rendered::Rendered;
use super::source::Source;
use crate::document::{Document, Endpoint};

/// In place of a good status that nobody could confirm for a minute; in English, as all of what programs read.
const UNKNOWN: &str = "Status unknown";
/// The most incidents or maintenances in a list of Statuspage's API.
const MAX_LISTED: i64 = 50;
/// For how many days a panel lists what is over, today included.
const OVER_DAYS: u16 = 14;

/// A document with the JSON of a value. Never none: [`publish`](super::publish()) returns an `Option` for other documents.
pub(super) fn json(document: &Document, version: u64, value: &impl Serialize) -> Result<Option<Rendered>> {
    Ok(Some(Rendered::json(document, version, value)?))
}

/// The panel.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn panel_document(source: &Source<'_>, measures: &MetricsDocument) -> Result<Panel> {
    let Source { ledger, state, words, .. } = *source;
    let now = measures.as_of;
    let days = state.page.zone().last_days(now, OVER_DAYS);
    let over = ledger.over(days.first().map_or(now, |first| first.start), MAX_OVER)?;
    let incidents = ledger.open_incidents(state, Some(words.tag()))?;
    let maintenances = ledger.open_maintenances(state, Some(words.tag()), |_| true)?;
    let material = Material {
        state,
        incidents: &incidents,
        maintenances: &maintenances,
        over: &over,
        uptime: &measures.uptime,
    };
    Ok(panel(material, words, source.version, source.published_at, source.now))
}

/// A document of Statuspage's API.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn statuspage(
    document: &Document,
    endpoint: Endpoint,
    source: &Source<'_>,
) -> Result<Option<Rendered>> {
    let Source { ledger, state, version, .. } = *source;
    let api =
        Statuspage { page_id: source.page_id, state, words: source.words, updated_at: source.published_at };
    // Everything is in the page's language, if it was sent in it, too.
    let language = state.page.language();
    let language = Some(language.as_str());
    // Statuspage lists the newest first.
    let unresolved = || {
        let mut open = ledger.open_incidents(state, language)?;
        open.sort_by_key(|record| Reverse(record.incident.started_at));
        Ok::<_, worker::Error>(open)
    };
    match endpoint {
        Endpoint::Summary => {
            let maintenances = ledger.open_maintenances(state, language, |_| true)?;
            json(document, version, &api.summary(&unresolved()?, &maintenances))
        }
        Endpoint::Status => json(document, version, &api.status()),
        Endpoint::Components => json(document, version, &api.components()),
        Endpoint::Incidents => {
            json(document, version, &api.incidents(&ledger.newest_incidents(MAX_LISTED, language)?))
        }
        Endpoint::Unresolved => json(document, version, &api.incidents(&unresolved()?)),
        Endpoint::Maintenances => {
            json(document, version, &api.maintenances(&ledger.newest_maintenances(MAX_LISTED, language)?))
        }
        Endpoint::Upcoming => {
            let upcoming =
                ledger.open_maintenances(state, language, |m| m.status == MaintenanceStatus::Scheduled)?;
            json(document, version, &api.maintenances(&upcoming))
        }
        Endpoint::Active => {
            let active = ledger.open_maintenances(state, language, |m| m.is_active())?;
            json(document, version, &api.maintenances(&active))
        }
    }
}

/// Adds `unconfirmed_since` to `status.json`, and removes resolved incidents, because they may have been reopened. If it is
/// `in_doubt`, the description no longer says that all is well.
pub(super) fn unconfirmed_status(body: &str, since: Time, in_doubt: bool) -> Result<String> {
    let mut status: StatusDocument = serde_json::from_str(body)?;
    status.unconfirmed_since = Some(since);
    status.resolved.clear();
    if in_doubt && status.indicator == Indicator::None {
        status.description = UNKNOWN.to_owned();
    }
    Ok(serde_json::to_string(&status)?)
}

/// Adds `unconfirmed_since` to a bulletin, and removes what is resolved, because it may have been reopened. If it is `in_doubt`, the
/// summary no longer says that all is well.
pub(super) fn unconfirmed_bulletin(body: &str, since: Time, in_doubt: bool) -> Result<String> {
    let mut bulletin: Bulletin = serde_json::from_str(body)?;
    bulletin.unconfirmed_since = Some(since);
    bulletin.lines.retain(|line| line.level != Level::Resolved);
    if bulletin.lines.is_empty() {
        bulletin.styles = None;
        bulletin.phrases = None;
    }
    let words = Words::of(&bulletin.language).unwrap_or_default();
    // A copy from before an update of the program may lack these.
    words.get(Word::SummaryUnknown).clone_into(&mut bulletin.unknown);
    words.get(Word::Label).clone_into(&mut bulletin.label);
    let is_well =
        [Word::SummaryNone, Word::LevelResolved].iter().any(|word| bulletin.summary == words.get(*word));
    if in_doubt && is_well {
        bulletin.summary.clone_from(&bulletin.unknown);
        bulletin.phrases = Some(phrases(&words));
    }
    if let Some(phrases) = bulletin.phrases.as_mut().filter(|_| in_doubt) {
        phrases.well.clone_from(&bulletin.unknown);
    }
    Ok(serde_json::to_string(&bulletin)?)
}

/// Adds `unconfirmed_since` to a panel ([`Panel::unconfirmed`]).
pub(super) fn unconfirmed_panel(body: &str, since: Time, in_doubt: bool) -> Result<String> {
    let panel: Panel = serde_json::from_str(body)?;
    Ok(serde_json::to_string(&panel.unconfirmed(since, in_doubt))?)
}

/// Adds `unconfirmed_since` to any other JSON object.
pub(super) fn unconfirmed(body: &str, since: Time) -> Result<String> {
    let mut document: Value = serde_json::from_str(body)?;
    label(&mut document, since);
    Ok(serde_json::to_string(&document)?)
}

fn label(document: &mut Value, since: Time) {
    if let Some(object) = document.as_object_mut() {
        object.insert("unconfirmed_since".to_owned(), since.to_string().into());
    }
}

/// Adds `unconfirmed_since` to a document of Statuspage's API, and replaces what its clients show as green. The API has no
/// word for "unknown": the indicator `minor` and the status `degraded_performance` are the mildest that no client takes for
/// "well".
pub(super) fn unconfirmed_statuspage(body: &str, since: Time) -> Result<String> {
    let mut document: Value = serde_json::from_str(body)?;
    label(&mut document, since);
    if let Some(status) = document.get_mut("status").and_then(Value::as_object_mut)
        && status.get("indicator").and_then(Value::as_str) == Some("none")
    {
        status.insert("indicator".to_owned(), "minor".into());
        status.insert("description".to_owned(), format!("{UNKNOWN}: last confirmed {since}").into());
    }
    let components = document.get_mut("components").and_then(Value::as_array_mut);
    for component in components.into_iter().flatten().filter_map(Value::as_object_mut) {
        if component.get("status").and_then(Value::as_str) == Some("operational") {
            component.insert("status".to_owned(), "degraded_performance".into());
        }
    }
    Ok(serde_json::to_string(&document)?)
}
