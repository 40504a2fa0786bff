//! The components and their uptime by day.

use super::document::{Group, Imperfect, ListedComponent, Uptimes};
use crate::bulletin::{Speaker, component_word};
use crate::record::{UPTIME_DAYS, Uptime};
use crate::state::Component;
use crate::words::{Count, Word, Words};

/// How many days with an outage are listed, of all components together. With more, there are fewer days: as many of the last
/// ones as have so many.
const MAX_IMPERFECT: usize = 1_000;

/// The words for a component's uptime over some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UptimeWords {
    /// On how many of the days it existed: the last ones.
    pub known: usize,
    /// Its uptime over all of the days, in per cent.
    pub share: String,
    /// How long ago the first day is, or for how many days there are data.
    pub span: String,
    /// The uptime in a sentence, for who cannot see the days.
    pub description: String,
}

impl UptimeWords {
    /// The words for the last `days` days; those for no data if there is no uptime.
    pub fn of(words: &Words, component: &Component, uptime: Option<&Uptime>, days: usize) -> Self {
        let last = uptime.into_iter().flat_map(|uptime| uptime.days.iter().rev().take(days));
        let known = last.filter(|day| day.ratio.is_some()).count();
        let share = uptime.and_then(|uptime| uptime.over(days));
        let share =
            share.map_or_else(|| words.get(Word::UptimeNoData).to_owned(), |ratio| words.percent(ratio));
        let span = if known == days {
            words.count(Count::DaysAgo, days)
        } else {
            words.count(Count::DaysOfData, known)
        };
        let over = words.count(Count::Days, known);
        let description = words.fill(
            Word::UptimeLabel,
            &[("name", component.name.as_str()), ("share", &share), ("days", &over)],
        );
        Self { known, share, span, description }
    }
}

/// The components in groups, each with its uptime; none if the page has no component.
pub(super) fn uptimes(speaker: &Speaker<'_>, uptime: &[Uptime]) -> Option<Uptimes> {
    let words = speaker.words;
    let groups = speaker.state.components_by_group();
    let all = uptime.first().map(|uptime| uptime.days.as_slice()).unwrap_or_default();
    let days = days_that_fit(uptime, all.len());
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|(group, members)| Group {
            name: group.map(|group| name(speaker, group)),
            components: members
                .into_iter()
                .map(|component| {
                    let of = uptime.iter().find(|uptime| uptime.component == component.id);
                    listed(speaker, component, of, days)
                })
                .collect(),
        })
        .collect();
    let is_whole = days == usize::from(UPTIME_DAYS);
    let first = all.len().saturating_sub(days);
    (!groups.is_empty()).then(|| Uptimes {
        title: if is_whole {
            words.get(Word::PanelUptime).to_owned()
        } else {
            words.count(Count::Days, days)
        },
        days: all.iter().skip(first).map(|day| words.day(&day.date)).collect(),
        no_data: words.get(Word::UptimeNoData).to_owned(),
        whole: words.percent(1.0),
        today: words.get(Word::UptimeToday).to_owned(),
        groups,
    })
}

/// How many of the last days have at most [`MAX_IMPERFECT`] outages.
fn days_that_fit(uptime: &[Uptime], all: usize) -> usize {
    let mut found = 0_usize;
    let fits = |back: &usize| {
        let on_day = uptime.iter().filter_map(|uptime| uptime.days.iter().rev().nth(*back)?.level());
        found = found.saturating_add(on_day.count());
        found <= MAX_IMPERFECT
    };
    (0..all).take_while(fits).count()
}

fn listed(
    speaker: &Speaker<'_>,
    component: &Component,
    uptime: Option<&Uptime>,
    days: usize,
) -> ListedComponent {
    let words = speaker.words;
    let said = UptimeWords::of(words, component, uptime, days);
    let last = uptime.map(|uptime| uptime.days.as_slice()).unwrap_or_default();
    let last = last.iter().skip(last.len().saturating_sub(days));
    let imperfect = last.enumerate().filter_map(|(day, of)| {
        Some(Imperfect { day, level: of.level()?.into(), share: words.percent(of.ratio?) })
    });
    ListedComponent {
        id: component.id.clone(),
        name: name(speaker, component),
        level: component.shown.level().into(),
        label: words.title(component_word(component.shown)),
        description: said.description,
        share: said.share,
        span: said.span,
        known: said.known,
        imperfect: imperfect.collect(),
    }
}

fn name(speaker: &Speaker<'_>, component: &Component) -> crate::bulletin::LocalizedText {
    speaker.plain(component.name.as_str(), speaker.state.page.language.as_ref())
}
