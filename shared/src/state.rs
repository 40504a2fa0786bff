//! What a page holds. The serialised form is what is stored: a change of it needs a migration
//! (`tests/stored.rs` pins it).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Affected, Body, Change, Color, ComponentState, Event, Followup, FollowupState, Id, Impact,
    IncidentStatus, Indicator, Language, Link, Logo, MaintenanceStatus, Name, Outcome, Postmortem, Promises,
    Roles, Template, Time, TimeZone, Url, Visibility, limits,
};

/// Everything that the rules need to know of a page: its components, what is not closed yet, and
/// whatever closed incident or maintenance the next update names. It does not grow with history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The page's own data.
    pub page: Page,
    /// The components, groups included.
    pub components: BTreeMap<Id, Component>,
    /// The incidents.
    pub incidents: BTreeMap<Id, Incident>,
    /// The maintenances.
    pub maintenances: BTreeMap<Id, Maintenance>,
    /// The notice.
    pub notice: Option<Notice>,
    /// The message templates.
    pub templates: BTreeMap<Id, Template>,
    /// The post-mortem that the update is about, if there is one already. All others are in the archive.
    pub postmortems: BTreeMap<Id, Postmortem>,
    /// The follow-up tasks.
    pub followups: BTreeMap<Id, Followup>,
}

/// The page's own data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What it is called.
    pub name: Option<Name>,
    /// Its own public address: links to its incidents begin with it.
    pub url: Option<Url>,
    /// Where its days begin and end; UTC if nobody said.
    #[serde(default)]
    pub time_zone: Option<TimeZone>,
    /// What it speaks; English if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where people can ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Link>,
    /// The colour of its brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Color>,
    /// The picture of its brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Page {
    /// What the page is called.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("Status", Name::as_str)
    }

    /// What it speaks.
    pub fn language(&self) -> Language {
        self.language.clone().unwrap_or_else(Language::english)
    }

    /// The address of a path on the page, such as `/incidents/a`; none until the page has an address.
    pub fn address(&self, path: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{}{path}", url.as_str().trim_end_matches('/')))
    }

    /// The same; the path alone while the page has no address.
    pub fn address_or_path(&self, path: &str) -> String {
        self.address(path).unwrap_or_else(|| path.to_owned())
    }
}

/// A component, or a group of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: Name,
    /// What it does, for visitors.
    pub description: Option<Body>,
    /// The group that it belongs to.
    pub group: Option<Id>,
    /// Whether it is a group.
    pub is_group: bool,
    /// Where it stands on the page, smallest first.
    pub position: u32,
    /// How it is, apart from what incidents and maintenance hold.
    pub set: ComponentState,
    /// When it was last set to that.
    #[serde(default)]
    pub set_at: Option<Time>,
    /// How it is: the worst of what is set and what is held. Derived; kept to know when it changed.
    pub shown: ComponentState,
    /// Since when it is shown so.
    pub since: Time,
    /// When it came to the page.
    pub created_at: Time,
    /// When anything of it last changed.
    pub updated_at: Time,
}

/// One text of an incident or a maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<Status> {
    /// Its number, from 1.
    pub number: u32,
    /// Where the incident or maintenance stood then.
    pub status: Status,
    /// What was told; plain text.
    pub body: Body,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// What the update held, if it said so.
    pub components: BTreeMap<Id, ComponentState>,
    /// When it was told.
    pub at: Time,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: Id,
    /// What is wrong, in one line.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// The page's language when it was opened; none if nobody had said which that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How bad it is.
    pub impact: Impact,
    /// Where it stands.
    pub status: IncidentStatus,
    /// What it holds while it is open, and held when it was resolved.
    pub components: BTreeMap<Id, ComponentState>,
    /// When it began for those affected.
    pub started_at: Time,
    /// When the operator noticed.
    pub detected_at: Option<Time>,
    /// When it was declared.
    pub created_at: Time,
    /// When the cause was first known.
    pub identified_at: Option<Time>,
    /// When a fix was last put under watch.
    pub monitoring_at: Option<Time>,
    /// When it was over; none while it is open.
    pub resolved_at: Option<Time>,
    /// When it was last opened again after it had been resolved.
    pub reopened_at: Option<Time>,
    /// When the newest text is from.
    pub updated_at: Time,
    /// When the next update was promised for.
    pub next_update_at: Option<Time>,
    /// The newest text. Its number is how many there are.
    pub latest: Entry<IncidentStatus>,
    /// Until when visitors are told that it is over; none while it is open, and afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_until: Option<Time>,
    /// Whether the promised time has passed without an update.
    #[serde(default)]
    pub overdue: bool,
    /// What became of the promises that an update has settled.
    #[serde(default)]
    pub promises: Promises,
    /// Who does what. Internal, never published.
    #[serde(default)]
    pub roles: Roles,
    /// Who and what was affected, in words.
    #[serde(default)]
    pub impact_note: Option<Body>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub impact_notes: BTreeMap<Language, Body>,
    /// How many were affected.
    #[serde(default)]
    pub affected: Option<Affected>,
}

impl Incident {
    /// Whether it holds anything.
    pub fn is_open(&self) -> bool {
        self.status != IncidentStatus::Resolved
    }

    /// Whether visitors are told of it: it is open, or it was a moment ago.
    pub fn is_told(&self) -> bool {
        self.is_open() || self.told_until.is_some()
    }

    /// What became of its promises, the one that is overdue now included.
    pub fn promises_by_now(&self) -> Promises {
        let Promises { kept, broken } = self.promises;
        Promises { kept, broken: broken.saturating_add(u32::from(self.overdue)) }
    }
}

/// Planned work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Its id.
    pub id: Id,
    /// What is done, in one line.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// Where it stands.
    pub status: MaintenanceStatus,
    /// The components that it holds while it is active.
    pub components: BTreeSet<Id>,
    /// When it starts.
    pub scheduled_for: Time,
    /// When checking begins.
    pub verify_at: Option<Time>,
    /// When it is over.
    pub scheduled_until: Time,
    /// Whether it goes on by itself at its times.
    pub automatic: bool,
    /// Whether it starts within 24 hours, or has started: from then on visitors are told.
    pub near: bool,
    /// When it was announced.
    pub created_at: Time,
    /// When it really started.
    pub started_at: Option<Time>,
    /// When it was really over.
    pub completed_at: Option<Time>,
    /// When the newest text is from.
    pub updated_at: Time,
    /// The newest text. Its number is how many there are.
    pub latest: Entry<MaintenanceStatus>,
    /// The change that it makes.
    #[serde(default)]
    pub change: Option<Change>,
    /// Whether visitors are told of it.
    #[serde(default)]
    pub visibility: Visibility,
    /// How it went.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// How it went, in words. Internal.
    #[serde(default)]
    pub result: Option<Body>,
}

impl Maintenance {
    /// Whether it is yet to be completed.
    pub fn is_open(&self) -> bool {
        self.status != MaintenanceStatus::Completed
    }

    /// Whether work is going on.
    pub fn is_active(&self) -> bool {
        matches!(self.status, MaintenanceStatus::InProgress | MaintenanceStatus::Verifying)
    }

    /// Whether visitors are told of it. What they are not told of changes nothing that they see.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

/// What the operator wants everybody to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Plain text.
    pub body: Body,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// Where a person reads more.
    pub url: Option<Url>,
    /// When it was posted.
    pub posted_at: Time,
    /// When it goes away by itself.
    pub until: Option<Time>,
    /// Its headline, if it is more than a line.
    #[serde(default)]
    pub title: Option<Name>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<Language, Name>,
    /// Its long form, in Markdown.
    #[serde(default)]
    pub details: Option<Body>,
}

impl State {
    /// The incidents that are not resolved.
    pub fn open_incidents(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values().filter(|incident| incident.is_open())
    }

    /// The incidents that visitors are told are over, the newest first.
    pub fn just_resolved(&self) -> Vec<&Incident> {
        let told = self.incidents.values().filter(|incident| incident.told_until.is_some());
        let mut resolved: Vec<&Incident> = told.collect();
        resolved.sort_by_key(|incident| (Reverse(incident.told_until), &incident.id));
        resolved
    }

    /// Stops telling that incidents are over, the oldest first, as long as there are too many of them, or
    /// too much is told: news of what is over gives way to what goes on.
    pub(crate) fn make_room(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let told = self.just_resolved();
            let Some(id) = told.last().map(|incident| incident.id.clone()) else { return events };
            if told.len() <= limits::JUST_RESOLVED && self.told_bytes() <= limits::TOLD_BYTES {
                return events;
            }
            if let Some(incident) = self.incidents.get_mut(&id) {
                incident.told_until = None;
            }
            events.push(Event::IncidentPast { id });
        }
    }

    /// The maintenances that are not completed.
    pub fn open_maintenances(&self) -> impl Iterator<Item = &Maintenance> {
        self.maintenances.values().filter(|maintenance| maintenance.is_open())
    }

    /// The components and groups in the page's order.
    pub fn components_in_order(&self) -> Vec<&Component> {
        let mut components: Vec<&Component> = self.components.values().collect();
        components.sort_by_key(|component| (component.position, &component.id));
        components
    }

    /// How many bytes everything that is told at the same time comes to as JSON, at the most: what is
    /// open, with every maintenance that is yet to come. A character may be escaped by another.
    pub fn told_bytes(&self) -> usize {
        /// What other languages come to.
        fn each<T>(texts: &BTreeMap<Language, T>, text: fn(&T) -> &str) -> usize {
            let bytes = texts.values().map(|said| text(said).len().saturating_mul(2).saturating_add(TAG));
            bytes.fold(0, usize::saturating_add)
        }
        /// Field names, times and terms of one entry.
        const ENTRY: usize = 600;
        /// A language tag and the names of its fields.
        const TAG: usize = 120;
        let text = |text: &str| text.len().saturating_mul(2);
        let sum = |parts: &[usize]| parts.iter().copied().fold(0, usize::saturating_add);
        let ids = |ids: &mut dyn Iterator<Item = &Id>| {
            ids.fold(0_usize, |sum, id| sum.saturating_add(id.as_str().len()).saturating_add(3))
        };
        let url = |url: Option<&Url>| url.map_or(0, |url| text(url.as_str()));
        let page = url(self.page.url.as_ref());
        let incidents = self.incidents.values().filter(|incident| incident.is_told()).map(|i| {
            let told = [
                text(i.name.as_str()),
                each(&i.names, Name::as_str),
                text(i.latest.body.as_str()),
                each(&i.latest.translations, Body::as_str),
            ];
            let open = [
                i.impact_note.as_ref().map_or(0, |note| text(note.as_str())),
                each(&i.impact_notes, Body::as_str),
                i.affected.as_ref().map_or(0, |affected| text(affected.basis.as_str())),
                ids(&mut i.components.keys()),
            ];
            let open = if i.is_open() { sum(&open) } else { 0 };
            sum(&told).saturating_add(open).saturating_add(page)
        });
        let maintenances = self.open_maintenances().map(|m| {
            sum(&[
                text(m.name.as_str()),
                each(&m.names, Name::as_str),
                text(m.latest.body.as_str()),
                each(&m.latest.translations, Body::as_str),
                ids(&mut m.components.iter()),
                page,
            ])
        });
        let components = self.components.values().map(|c| text(c.name.as_str()));
        let notice = self.notice.iter().map(|n| {
            sum(&[
                text(n.body.as_str()),
                each(&n.translations, Body::as_str),
                n.title.as_ref().map_or(0, |title| text(title.as_str())),
                each(&n.titles, Name::as_str),
                url(n.url.as_ref().or(self.page.url.as_ref())),
            ])
        });
        let entries = incidents.chain(maintenances).chain(components).chain(notice);
        let entries = entries.map(|bytes| bytes.saturating_add(ENTRY));
        let own = sum(&[text(self.page.title()), page, ENTRY]);
        entries.fold(own, usize::saturating_add)
    }

    /// Forgets what is closed and no longer told: it is in the archive, and the rules do not need it.
    pub fn forget_closed(&mut self) {
        self.incidents.retain(|_, incident| incident.is_told());
        self.maintenances.retain(|_, maintenance| maintenance.is_open());
        self.followups.retain(|_, followup| followup.state == FollowupState::Open);
        self.postmortems.clear();
    }

    /// How a component is: the worst of what is set, what open incidents hold and what active
    /// maintenance holds. A group is as bad as its worst member is shown.
    pub(crate) fn derived(&self, component: &Component) -> ComponentState {
        if component.is_group {
            let members = self.components.values().filter(|c| c.group.as_ref() == Some(&component.id));
            return members.map(|c| c.shown).max().unwrap_or(ComponentState::Operational);
        }
        let incidents = self.open_incidents().filter_map(|i| i.components.get(&component.id)).copied();
        let maintenances = self
            .maintenances
            .values()
            .filter(|m| m.is_active() && m.is_public() && m.components.contains(&component.id))
            .map(|_| ComponentState::UnderMaintenance);
        incidents.chain(maintenances).fold(component.set, Ord::max)
    }

    /// The page's state in one word: the worst of the components and of the open incidents' impact.
    ///
    /// Of the components, a major outage of all gives `critical`, of some `major`; at least a
    /// partial outage of all gives `major`, of some `minor`; degraded performance gives `minor`.
    /// Only maintenance gives `maintenance`. After the field's convention
    /// (Statuspage, "Top-level status and incident impact calculations"), made exact.
    pub fn indicator(&self) -> Indicator {
        let leaves = || self.components.values().filter(|c| !c.is_group).map(|c| c.shown);
        let all = |at_least| leaves().all(|state| state >= at_least);
        let components = match leaves().max() {
            None | Some(ComponentState::Operational) => Indicator::None,
            Some(ComponentState::UnderMaintenance) => Indicator::Maintenance,
            Some(ComponentState::DegradedPerformance) => Indicator::Minor,
            Some(ComponentState::PartialOutage) if all(ComponentState::PartialOutage) => Indicator::Major,
            Some(ComponentState::PartialOutage) => Indicator::Minor,
            Some(ComponentState::MajorOutage) if all(ComponentState::MajorOutage) => Indicator::Critical,
            Some(ComponentState::MajorOutage) => Indicator::Major,
        };
        let incidents = self.open_incidents().map(|incident| Indicator::from(incident.impact));
        let maintenances = self
            .maintenances
            .values()
            .filter(|m| m.is_active() && m.is_public())
            .map(|_| Indicator::Maintenance);
        incidents.chain(maintenances).fold(components, Ord::max)
    }
}
