//! Chooses the renderer of each public document.

use candor_shared::bulletin::Bulletin;
use candor_shared::published::{notice_document, postmortem_document, status_document};
use candor_shared::record::MetricsDocument;
use worker::Result;

use super::badge::badge;
use super::discovery::discovery_document;
use super::feed::feed;
use super::json::{json, panel_document, statuspage};
use super::page;
use super::rendered::Rendered;
use super::source::Source;
use crate::document::Document;

/// The style sheet of a banner, which a bulletin carries for those who paint one.
const BANNER_STYLES: &str = include_str!("../../../widget/css/banner.css");

/// Renders a document, or returns none if it does not exist. `measures` must be there for a document that holds measures
/// ([`Document::has_measures`]).
///
/// # Errors
/// If the storage cannot be read.
pub fn publish(
    document: &Document,
    source: &Source<'_>,
    measures: Option<&MetricsDocument>,
) -> Result<Option<Rendered>> {
    let Source { ledger, state, version, published_at, .. } = *source;
    // The language is in the source.
    let source = &Source { chosen: document.chosen(), ..*source };
    let document = document.parts().0;
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
                json(
                    document,
                    version,
                    &postmortem_document(&incident, &postmortem, &followups, source.words),
                )
            }
            None => Ok(None),
        },
        Document::Statuspage(endpoint) => statuspage(document, *endpoint, source),
        Document::Feed(format) => Ok(Some(Rendered::new(document, version, feed(*format, source)?))),
        Document::Badge(component) => {
            Ok(badge(state, source.words, component.as_ref())
                .map(|svg| Rendered::new(document, version, svg)))
        }
        Document::Home => measures.map(|measures| page::home(source, measures)).transpose(),
        Document::History(month, number) => page::history(source, *month, *number),
        Document::Incident(id) => page::incident(source, id),
        Document::Maintenance(id) => page::maintenance(source, id),
        Document::Embed(variant, components) => page::embed(source, *variant, components),
        Document::Bulletin(components) => match source.bulletin_about(components.ids()) {
            Some((said, _)) => {
                let said = Bulletin { mirrors: source.mirrors(), ..said };
                json(document, version, &said.styled(BANNER_STYLES))
            }
            None => Ok(None),
        },
        Document::Panel => match measures {
            Some(measures) => json(document, version, &panel_document(source, measures)?),
            None => Ok(None),
        },
        Document::Discovery => match source.editions {
            Some(editions) => json(document, version, &discovery_document(source, editions)),
            None => Ok(None),
        },
        // What is signed was rendered before.
        Document::In(..) | Document::Preferred(..) | Document::Signed(_) => Ok(None),
    }
}
