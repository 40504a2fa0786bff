//! What is over.

use std::cmp::Reverse;

use super::document::Story;
use super::link::link;
use crate::bulletin::{Level, Speaker, impact_word, maintenance_word};
use crate::state::{Impact, Incident, Indicator, Maintenance, MaintenanceStatus};
use crate::text::{Id, Piece};
use crate::time::Time;
use crate::words::Word;

/// The most of what is over that is listed.
pub const MAX_OVER: usize = 20;

/// Something that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// A resolved incident.
    Incident {
        /// The incident.
        incident: Box<Incident>,
        /// Whether a post-mortem of it is published.
        has_postmortem: bool,
    },
    /// A completed maintenance.
    Maintenance(Box<Maintenance>),
}

impl Over {
    /// When it ended; none if it has not, and for maintenance that visitors do not see.
    fn ended(&self) -> Option<Time> {
        match self {
            Self::Incident { incident, .. } => incident.resolved_at.filter(|_| !incident.is_open()),
            Self::Maintenance(of) => {
                of.completed_at.filter(|_| of.status == MaintenanceStatus::Completed && of.is_public())
            }
        }
    }

    fn id(&self) -> &Id {
        match self {
            Self::Incident { incident, .. } => &incident.id,
            Self::Maintenance(of) => &of.id,
        }
    }
}

/// The stories about what is over, the newest first.
pub(super) fn over(speaker: &Speaker<'_>, all: &[Over]) -> Vec<Story> {
    let mut ended: Vec<(Time, &Over)> =
        all.iter().filter_map(|over| over.ended().map(|at| (at, over))).collect();
    ended.sort_by_key(|(at, over)| (Reverse(*at), over.id()));
    let story = |(at, over): (Time, &Over)| match over {
        Over::Incident { incident, has_postmortem } => resolved(speaker, incident, at, *has_postmortem),
        Over::Maintenance(of) => completed(speaker, of, at),
    };
    ended.into_iter().take(MAX_OVER).map(story).collect()
}

fn resolved(speaker: &Speaker<'_>, of: &Incident, at: Time, has_postmortem: bool) -> Story {
    let (words, page) = (speaker.words, &speaker.state.page);
    let impact = of.recorded_impact();
    let path = format!("/incidents/{}", of.id);
    let postmortem = has_postmortem.then(|| page.address(&format!("{path}#postmortem"))).flatten();
    let links =
        [link(words, Word::Details, page.address(&path)), link(words, Word::PanelPostmortem, postmortem)];
    Story {
        key: format!("incident/{}", of.id),
        level: match impact {
            Impact::None => Level::Notice,
            impact => Indicator::from(impact).into(),
        },
        // The bulletin's word for a level is about the components as they are now.
        label: words.title(impact_word(impact)),
        name: Some(speaker.name(&of.name, of.language.as_ref(), &of.names)),
        note: None,
        facts: vec![speaker.fact(Word::ResolvedAt, at), lasted(speaker, of.started_at, at)],
        links: links.into_iter().flatten().collect(),
        updates: Vec::new(),
    }
}

fn completed(speaker: &Speaker<'_>, of: &Maintenance, at: Time) -> Story {
    let (words, page) = (speaker.words, &speaker.state.page);
    let mut facts = vec![
        vec![Piece::text(words.get(maintenance_word(of.status)))],
        vec![Piece::Time { time: of.started_at.unwrap_or(at), until: of.started_at.map(|_| at) }],
    ];
    facts.extend(of.started_at.map(|from| lasted(speaker, from, at)));
    let url = page.address(&format!("/maintenances/{}", of.id));
    Story {
        key: format!("maintenance/{}", of.id),
        level: Level::Maintenance,
        label: words.get(Word::LevelMaintenance).to_owned(),
        name: Some(speaker.name(&of.name, of.language(page), &of.names)),
        note: None,
        facts,
        links: link(words, Word::Details, url).into_iter().collect(),
        updates: Vec::new(),
    }
}

fn lasted(speaker: &Speaker<'_>, from: Time, until: Time) -> Vec<Piece> {
    let words = speaker.words;
    let time = words.duration(until.millis_since(from));
    vec![Piece::text(words.fill(Word::LogLasted, &[("time", &time)]))]
}
