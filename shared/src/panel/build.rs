//! Builds the panel from the state and the record, in a language.
//!
//! Its size has a limit whatever is published: the texts of all stories share `TEXT_BYTES` (`story.rs`), the days with an outage of
//! all components share `MAX_IMPERFECT` (`uptime.rs`), and at most `MAX_OVER` stories are over. The numbers of components and of
//! what is open have limits of their own. That makes less than 256 KiB where names have a usual length.

use super::check::check;
use super::document::{LanguageChoice, Panel, PanelLink, Section, Story};
use super::link::link;
use super::over::{Over, over};
use super::story::{Draft, within_limits};
use super::uptime::uptimes;
use crate::bulletin::{Speaker, incident_order, maintenance_order};
use crate::record::{IncidentRecord, MaintenanceRecord, Uptime};
use crate::state::State;
use crate::text::Link;
use crate::time::Time;
use crate::words::{Word, Words};

/// What a panel is made from, beside words and times.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The state.
    pub state: &'a State,
    /// The open incidents with their texts, in any order.
    pub incidents: &'a [IncidentRecord],
    /// The maintenance that is planned or active with its texts, in any order. Internal maintenance is left out.
    pub maintenances: &'a [MaintenanceRecord],
    /// What has ended in the last days, in any order. Internal maintenance is left out.
    pub over: &'a [Over],
    /// The uptime of each component. All components have the same days.
    pub uptime: &'a [Uptime],
}

/// The panel in the language of these words. The same material, version, times and words give the same panel.
pub fn panel(of: Material<'_>, words: &Words, version: u64, published_at: Time, now: Time) -> Panel {
    let state = of.state;
    let speaker = Speaker { state, words, now };
    let (level, summary) = speaker.overall(&speaker.lines());
    let get = |word| words.get(word).to_owned();
    Panel {
        schema: 1,
        version,
        published_at,
        language: words.tag().to_owned(),
        direction: words.direction().to_owned(),
        title: get(Word::PanelTitle),
        check: check(&speaker, level, &summary),
        level,
        summary,
        unknown: get(Word::SummaryUnknown),
        page: speaker.page(),
        sections: sections(&speaker, of),
        uptime: uptimes(&speaker, of.uptime),
        links: links(&speaker),
        languages: Words::languages()
            .map(|(tag, name)| LanguageChoice { language: tag.to_owned(), name: name.to_owned() })
            .collect(),
        language_label: get(Word::PageLanguage),
        close: get(Word::Close),
        not_confirmed: get(Word::NotConfirmed),
        offline: get(Word::Offline),
        unconfirmed_since: None,
    }
}

/// What is going on, with the notice; what is planned; what is over.
fn sections(speaker: &Speaker<'_>, of: Material<'_>) -> Vec<Section> {
    let mut incidents: Vec<&IncidentRecord> =
        of.incidents.iter().filter(|record| record.incident.is_open()).collect();
    incidents.sort_by_cached_key(|record| incident_order(of.state, &record.incident));
    let mut maintenances: Vec<&MaintenanceRecord> = of.maintenances.iter().collect();
    maintenances.retain(|record| record.maintenance.is_open() && record.maintenance.is_public());
    maintenances.sort_by(|a, b| maintenance_order(&a.maintenance).cmp(&maintenance_order(&b.maintenance)));
    let (running, planned): (Vec<_>, Vec<_>) =
        maintenances.into_iter().partition(|record| record.maintenance.is_active());
    let maintenance = |record| Draft::maintenance(speaker, record);
    let mut drafts: Vec<Draft> =
        incidents.into_iter().map(|record| Draft::incident(speaker, record)).collect();
    drafts.extend(running.into_iter().map(maintenance));
    drafts.extend(of.state.notice.as_ref().map(|notice| Draft::notice(speaker, notice)));
    let number = drafts.len();
    drafts.extend(planned.into_iter().map(maintenance));
    // What is going on is worse than what is planned, so its texts come first.
    let mut open = within_limits(speaker.words, drafts);
    let planned = open.split_off(number.min(open.len()));
    let section = |title, stories: Vec<Story>| {
        (!stories.is_empty()).then(|| Section { title: speaker.words.get(title).to_owned(), stories })
    };
    let sections = [
        section(Word::PanelOpen, open),
        section(Word::PanelPlanned, planned),
        section(Word::PanelOver, over(speaker, of.over)),
    ];
    sections.into_iter().flatten().collect()
}

/// Where more is: without an address of the page, only help.
fn links(speaker: &Speaker<'_>) -> Vec<PanelLink> {
    let page = &speaker.state.page;
    let links = [
        (Word::PageStatusPage, page.address("/")),
        (Word::PageHistory, page.address("/history")),
        (Word::PageGetHelp, page.support.as_ref().map(Link::ascii)),
        (Word::PageSubscribe, page.address("/history.atom")),
    ];
    links.into_iter().filter_map(|(word, url)| link(speaker.words, word, url)).collect()
}
