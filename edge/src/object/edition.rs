//! The edition: the public documents of one version. Each is rendered when it is first asked for, so that an operator's
//! update waits for none of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use candor_shared::record::{MetricsDocument, WINDOWS, metrics, window_start};
use candor_shared::time::{Time, TimeZone};
use worker::Result;

use crate::document::Document;
use crate::render::{Rendered, Source, nothing_yet, publish};

/// How long the measures are good, and a document that says when it was true: a minute, in milliseconds.
const DATED_MILLIS: i64 = 60 * 1000;
/// Documents that are kept.
const READY: usize = 256;

/// The documents of one version that have been asked for.
pub struct Edition {
    /// The version.
    pub version: u64,
    /// When it was published.
    pub published_at: Time,
    /// The documents by their names, and when each was rendered.
    ready: BTreeMap<String, (Time, Rendered)>,
    /// The measures, and when they were taken.
    measures: Option<(Time, Rc<MetricsDocument>)>,
}

impl Edition {
    /// An edition of which nothing is rendered yet.
    pub fn empty(version: u64, published_at: Time) -> Self {
        Self { version, published_at, ready: BTreeMap::new(), measures: None }
    }

    /// A new edition with its `status.json`.
    pub fn new(version: u64, published_at: Time, status: Rendered) -> Self {
        let mut edition = Self::empty(version, published_at);
        edition.ready.insert(Document::Status.path(), (published_at, status));
        edition
    }

    /// A document: rendered when it is first asked for, and again each minute if it says when it was true.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn document(&mut self, document: &Document, source: &Source<'_>) -> Result<Option<Rendered>> {
        let name = document.path();
        if let Some((at, rendered)) = self.ready.get(&name)
            && (!document.is_dated() || source.now.millis_since(*at) < DATED_MILLIS)
        {
            return Ok(Some(rendered.clone()));
        }
        let rendered = match (document, self.version) {
            (Document::Home, 0) => Some(nothing_yet(source)?),
            (_, 0) => None,
            _ if document.has_measures() => publish(document, source, Some(&*self.measures(source)?))?,
            _ => publish(document, source, None)?,
        };
        if let Some(rendered) = &rendered {
            if self.ready.len() >= READY {
                self.ready.clear();
            }
            self.ready.insert(name, (source.now, rendered.clone()));
        }
        Ok(rendered)
    }

    /// The measures, taken once a version and once a minute, when they are asked for: the cost of a write must not
    /// grow with the history.
    fn measures(&mut self, source: &Source<'_>) -> Result<Rc<MetricsDocument>> {
        let Source { ledger, state, now, .. } = *source;
        if let Some((at, measures)) = &self.measures
            && now.millis_since(*at) < DATED_MILLIS
        {
            return Ok(Rc::clone(measures));
        }
        let days = WINDOWS.iter().copied().max().unwrap_or_default();
        let history = ledger.history(window_start(days, now))?;
        let zone = state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
        let measures = Rc::new(metrics(&history, state.components.values(), &zone, self.version, now));
        self.measures = Some((now, Rc::clone(&measures)));
        Ok(measures)
    }
}
