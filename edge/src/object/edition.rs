//! The edition: the public documents of one version. Each is rendered when it is first requested, so that an update waits
//! for `status.json` only.

use std::collections::BTreeMap;
use std::rc::Rc;

use candor_shared::record::{MetricsDocument, UPTIME_DAYS, WINDOWS, metrics, uptime_by_day, window_start};
use candor_shared::time::Time;
use worker::Result;

use crate::clock::is_recent;
use crate::document::Document;
use crate::render::{Rendered, Source, names, nothing_yet, publish, sign};

/// How long the measures and the documents that state a time are used before they are rendered again: a minute, in
/// milliseconds.
const DATED_MILLIS: i64 = 60 * 1000;
/// The most documents that an edition holds. Anybody can request any name, so the number must have a limit.
const MAX_DOCUMENTS: usize = 256;
/// The most documents about some components, which push out only each other: there are more combinations than anybody can hold.
const MAX_PARTS: usize = 64;

/// The documents of one version, as far as they were requested.
pub(super) struct Edition {
    /// The version of the page.
    pub version: u64,
    /// When the version was published.
    pub published_at: Time,
    /// The documents by name ([`Document::path`]), each with the time when it was rendered.
    documents: BTreeMap<String, (Time, Rendered)>,
    /// The documents about some components, likewise.
    parts: BTreeMap<String, (Time, Rendered)>,
    /// The measures, and when they were computed.
    measures: Option<(Time, Rc<MetricsDocument>)>,
    /// The list of the documents ([`Self::names`]), and when it was made.
    names: Option<(Time, Rc<str>)>,
}

impl Edition {
    /// An edition without a rendered document.
    pub fn empty(version: u64, published_at: Time) -> Self {
        Self {
            version,
            published_at,
            documents: BTreeMap::new(),
            parts: BTreeMap::new(),
            measures: None,
            names: None,
        }
    }

    /// An edition with `status.json` only.
    pub fn new(version: u64, published_at: Time, status: Rendered) -> Self {
        let mut edition = Self::empty(version, published_at);
        edition.documents.insert(Document::Status.path(), (published_at, status));
        edition
    }

    /// A document, if the version has it. Renders it at the first request, and again after a minute if it states a time
    /// ([`Document::is_dated`]).
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn document(&mut self, document: &Document, source: &Source<'_>) -> Result<Option<Rendered>> {
        let name = document.path();
        let is_part = document.is_about_components();
        let held = if is_part { &self.parts } else { &self.documents };
        if let Some((at, rendered)) = held.get(&name)
            && (!document.is_dated() || is_recent(*at, DATED_MILLIS, source.now))
        {
            return Ok(Some(rendered.clone()));
        }
        let rendered = self.render(document, source)?;
        if let Some(rendered) = &rendered {
            let (held, most) =
                if is_part { (&mut self.parts, MAX_PARTS) } else { (&mut self.documents, MAX_DOCUMENTS) };
            if held.len() >= most {
                held.clear();
            }
            held.insert(name, (source.now, rendered.clone()));
        }
        Ok(rendered)
    }

    fn render(&mut self, document: &Document, source: &Source<'_>) -> Result<Option<Rendered>> {
        match (document, document.parts().0, self.version) {
            (Document::Signed(document), _, 1..) => {
                let key = source.editions.and_then(|editions| editions.valid(source.now).next());
                let (Some(key), Some(rendered)) = (key, self.document(document, source)?) else {
                    return Ok(None);
                };
                sign(document, &rendered, key, source).map(Some)
            }
            (Document::Home | Document::In(..) | Document::Preferred(..), Document::Home, 0) => {
                nothing_yet(source).map(Some)
            }
            (_, _, 0) => Ok(None),
            _ if document.has_measures() => publish(document, source, Some(&*self.measures(source)?)),
            _ => publish(document, source, None),
        }
    }

    /// The list of the documents that the page can have, as JSON: [`Names`](crate::names::Names), or null if there are too many.
    /// It is made again after a minute, because a month begins by itself.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn names(&mut self, source: &Source<'_>) -> Result<Rc<str>> {
        if let Some((at, names)) = &self.names
            && is_recent(*at, DATED_MILLIS, source.now)
        {
            return Ok(Rc::clone(names));
        }
        let list: Rc<str> = serde_json::to_string(&names(source)?)?.into();
        self.names = Some((source.now, Rc::clone(&list)));
        Ok(list)
    }

    /// The measures. They are computed when a document needs them, and again after a minute. A write does not compute them,
    /// because the cost of a write must not grow with the history.
    fn measures(&mut self, source: &Source<'_>) -> Result<Rc<MetricsDocument>> {
        let Source { ledger, state, now, .. } = *source;
        if let Some((at, measures)) = &self.measures
            && is_recent(*at, DATED_MILLIS, now)
        {
            return Ok(Rc::clone(measures));
        }
        let longest = WINDOWS.iter().copied().max().unwrap_or_default();
        let zone = state.page.zone();
        let lost = ledger.lost_by_day(state, zone.last_days(now, UPTIME_DAYS), now)?;
        let incidents = ledger.incident_measures(window_start(longest, now))?;
        let uptime = uptime_by_day(state.components.values(), &lost, now);
        let measures = Rc::new(metrics(&incidents, ledger.changes(now)?, uptime, &zone, self.version, now));
        self.measures = Some((now, Rc::clone(&measures)));
        Ok(measures)
    }
}
