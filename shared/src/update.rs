//! The updates: what an operator sends. Field names are the wire's.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};

use crate::{
    Affected, Body, Change, Color, ComponentState, EntityKind, EntityRef, FollowupState, Id, Impact,
    IncidentStatus, Language, Link, Logo, MaintenanceStatus, Name, Outcome, PostmortemText, Roles, Said,
    Span, Time, TimeZone, Url, Visibility,
};

/// One update. [`crate::parse`] makes them from bytes, [`crate::apply`] applies them.
///
/// Whatever happens to visitors takes `at`: when it really happened, if that was earlier than now
/// (never later). The log keeps both times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// `page.set`
    PageSet(PageSet),
    /// `component.set`
    ComponentSet(ComponentSet),
    /// `component.remove`
    ComponentRemove(ComponentRemove),
    /// `incident.open`
    IncidentOpen(IncidentOpen),
    /// `incident.update`
    IncidentUpdate(IncidentUpdate),
    /// `incident.amend`
    IncidentAmend(IncidentAmend),
    /// `maintenance.schedule`
    MaintenanceSchedule(MaintenanceSchedule),
    /// `maintenance.update`
    MaintenanceUpdate(MaintenanceUpdate),
    /// `notice.post`
    NoticePost(NoticePost),
    /// `notice.clear`
    NoticeClear(NoticeClear),
    /// `template.set`
    TemplateSet(TemplateSet),
    /// `template.remove`
    TemplateRemove(TemplateRemove),
    /// `postmortem.publish`
    PostmortemPublish(Box<PostmortemPublish>),
    /// `followup.set`
    FollowupSet(FollowupSet),
}

impl Update {
    /// The `type` on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PageSet(_) => "page.set",
            Self::ComponentSet(_) => "component.set",
            Self::ComponentRemove(_) => "component.remove",
            Self::IncidentOpen(_) => "incident.open",
            Self::IncidentUpdate(_) => "incident.update",
            Self::IncidentAmend(_) => "incident.amend",
            Self::MaintenanceSchedule(_) => "maintenance.schedule",
            Self::MaintenanceUpdate(_) => "maintenance.update",
            Self::NoticePost(_) => "notice.post",
            Self::NoticeClear(_) => "notice.clear",
            Self::TemplateSet(_) => "template.set",
            Self::TemplateRemove(_) => "template.remove",
            Self::PostmortemPublish(_) => "postmortem.publish",
            Self::FollowupSet(_) => "followup.set",
        }
    }

    /// When it happened, if the update says so.
    pub fn at(&self) -> Option<Time> {
        match self {
            Self::PageSet(u) => u.at,
            Self::ComponentSet(u) => u.at,
            Self::IncidentOpen(u) => u.at,
            Self::IncidentUpdate(u) => u.at,
            Self::IncidentAmend(u) => u.at,
            Self::MaintenanceSchedule(u) => u.at,
            Self::MaintenanceUpdate(u) => u.at,
            Self::NoticePost(u) => u.at,
            Self::PostmortemPublish(u) => u.at,
            Self::FollowupSet(u) => u.at,
            Self::ComponentRemove(_)
            | Self::NoticeClear(_)
            | Self::TemplateSet(_)
            | Self::TemplateRemove(_) => None,
        }
    }

    /// What this update may find in the archive of what is closed: whoever applies it puts that (what
    /// there is of it) into the state first. `version` is the one that the update would get.
    pub fn needs(&self, version: u64) -> Vec<EntityRef> {
        let incident = |id: Id| EntityRef { kind: EntityKind::Incident, id };
        let maintenance = |id: Id| EntityRef { kind: EntityKind::Maintenance, id };
        match self {
            Self::IncidentOpen(u) => vec![incident(u.id_or_made(version))],
            Self::IncidentUpdate(u) => u.incident.clone().map(incident).into_iter().collect(),
            Self::IncidentAmend(u) => u.incident.clone().map(incident).into_iter().collect(),
            Self::MaintenanceSchedule(u) => vec![maintenance(u.id_or_made(version))],
            Self::MaintenanceUpdate(u) => u.maintenance.clone().map(maintenance).into_iter().collect(),
            Self::PostmortemPublish(u) => {
                vec![
                    incident(u.incident.clone()),
                    EntityRef { kind: EntityKind::Postmortem, id: u.incident.clone() },
                ]
            }
            Self::FollowupSet(u) => {
                let mut needed = vec![EntityRef { kind: EntityKind::Followup, id: u.id_or_made(version) }];
                needed.extend(u.incident.clone().map(incident));
                needed
            }
            _ => Vec::new(),
        }
    }
}

/// Absent: leave it. `null`: take it away. A value: set it.
fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Names the page. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSet {
    /// What the page is called.
    pub name: Option<Name>,
    /// The page's own public address, such as `https://status.example.com`: links to its incidents begin
    /// with it. `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub url: Option<Option<Url>>,
    /// Where its days begin and end, such as `Europe/Berlin`; UTC until it is set.
    pub time_zone: Option<TimeZone>,
    /// What it speaks, such as `en` (until it is set) or `pt-BR`: a text in one language is in this one.
    pub language: Option<Language>,
    /// Where people can ask: an address of the web or `mailto:`; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub support: Option<Option<Link>>,
    /// The colour of the brand, such as `#2266dd`; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub brand: Option<Option<Color>>,
    /// The picture of the brand: SVG, PNG or WebP as a `data:` URL in base64; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub logo: Option<Option<Logo>>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Makes a component (then `name` is needed) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentSet {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: Option<Name>,
    /// What it does, for visitors.
    #[serde(default, deserialize_with = "nullable")]
    pub description: Option<Option<Body>>,
    /// The group that it belongs to.
    #[serde(default, deserialize_with = "nullable")]
    pub group: Option<Option<Id>>,
    /// Makes the new component a group. A group has no state of its own: it is as bad as its worst member.
    pub is_group: Option<bool>,
    /// Where it stands on the page, smallest first. A new one comes last.
    pub position: Option<u32>,
    /// How it is, apart from what incidents and maintenance hold.
    pub state: Option<ComponentState>,
    /// When it happened.
    pub at: Option<Time>,
}

impl ComponentSet {
    /// Whether the update touches nothing but the present state.
    pub fn sets_only_state(&self) -> bool {
        self.state.is_some()
            && self.at.is_none()
            && self.name.is_none()
            && self.description.is_none()
            && self.group.is_none()
            && self.is_group.is_none()
            && self.position.is_none()
    }
}

/// Takes a component away, if no open incident or maintenance names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentRemove {
    /// Its id.
    pub id: Id,
}

/// Opens an incident: admits that something fails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentOpen {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// What is wrong, in one line.
    pub name: Said<Name>,
    /// How bad it is.
    pub impact: Impact,
    /// Where it stands: `investigating` if absent. Not `resolved`.
    pub status: Option<IncidentStatus>,
    /// What it holds: component id to state, until it is resolved.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// What you tell people; or `template` and `values`.
    pub body: Option<Said<Body>>,
    /// The template that says it.
    pub template: Option<Id>,
    /// What stands in the template's placeholders.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who does what: internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words.
    pub impact_note: Option<Said<Body>>,
    /// How many are affected.
    pub affected: Option<Affected>,
    /// When it began for those affected; `at` if absent.
    pub started_at: Option<Time>,
    /// When you noticed.
    pub detected_at: Option<Time>,
    /// Promises the next update in this time.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this time.
    pub next_update_at: Option<Time>,
    /// When it happened.
    pub at: Option<Time>,
}

impl IncidentOpen {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("incident", version))
    }
}

/// Tells people more about an incident, or that it is over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdate {
    /// Which one; the open one if absent.
    pub incident: Option<Id>,
    /// Where it stands now. A resolved incident is opened again by any other status.
    pub status: Option<IncidentStatus>,
    /// How bad it is now.
    pub impact: Option<Impact>,
    /// What it holds now; components that are not named stay as they are.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// What you tell people; or `template` and `values`.
    pub body: Option<Said<Body>>,
    /// The template that says it.
    pub template: Option<Id>,
    /// What stands in the template's placeholders.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who does what from now on: internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words.
    pub impact_note: Option<Said<Body>>,
    /// How many are affected.
    pub affected: Option<Affected>,
    /// Promises the next update in this time.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this time.
    pub next_update_at: Option<Time>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Corrects the record of an incident without a new update.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentAmend {
    /// Which one; the open one if absent.
    pub incident: Option<Id>,
    /// Its right name.
    pub name: Option<Said<Name>>,
    /// Its right impact.
    pub impact: Option<Impact>,
    /// When it really began.
    pub started_at: Option<Time>,
    /// When it was really noticed.
    pub detected_at: Option<Time>,
    /// When it was really over; only for a resolved one.
    pub resolved_at: Option<Time>,
    /// The number of the update whose text is corrected, from 1.
    pub update: Option<u32>,
    /// That update's right text.
    pub body: Option<Said<Body>>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Announces planned work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceSchedule {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// What is done, in one line.
    pub name: Said<Name>,
    /// The components that are under maintenance while it is active.
    #[serde(default)]
    pub components: BTreeSet<Id>,
    /// What you tell people.
    pub body: Said<Body>,
    /// When it starts.
    pub scheduled_for: Time,
    /// When it is over.
    pub scheduled_until: Time,
    /// When the work is done and checking begins; there is no such phase if absent.
    pub verify_at: Option<Time>,
    /// Whether it starts, verifies and completes by itself at its times; yes if absent.
    pub automatic: Option<bool>,
    /// The change that it makes: six questions. Internal.
    pub change: Option<Change>,
    /// `internal` keeps it from visitors, except in the counts.
    pub visibility: Option<Visibility>,
    /// When it happened.
    pub at: Option<Time>,
}

impl MaintenanceSchedule {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("maintenance", version))
    }
}

/// Tells people more about a maintenance, moves it on, or moves its times.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceUpdate {
    /// Which one; the one that is not completed if absent.
    pub maintenance: Option<Id>,
    /// Where it stands now.
    pub status: Option<MaintenanceStatus>,
    /// What you tell people.
    pub body: Said<Body>,
    /// When it starts.
    pub scheduled_for: Option<Time>,
    /// When it is over.
    pub scheduled_until: Option<Time>,
    /// When checking begins; `null` takes the phase away.
    #[serde(default, deserialize_with = "nullable")]
    pub verify_at: Option<Option<Time>>,
    /// Whether it goes on by itself at its times.
    pub automatic: Option<bool>,
    /// How the change went; with or after `completed`.
    pub outcome: Option<Outcome>,
    /// How it went, in words. Internal.
    pub result: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Posts the page's notice, in place of the one there is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticePost {
    /// What you tell people.
    pub body: Said<Body>,
    /// Where a person reads more.
    pub url: Option<Url>,
    /// When it goes away by itself: until then it is pinned.
    pub until: Option<Time>,
    /// Its headline, if it is more than a line.
    pub title: Option<Said<Name>>,
    /// Its long form, in Markdown: a frank talk.
    pub details: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Takes the notice away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeClear {}

/// Keeps a message for later.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateSet {
    /// Its id.
    pub id: Id,
    /// The text, with `{{placeholders}}`.
    pub body: Body,
}

/// Takes a template away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateRemove {
    /// Its id.
    pub id: Id,
}

/// Publishes the post-mortem of a resolved incident, in place of the one there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostmortemPublish {
    /// Which incident.
    pub incident: Id,
    /// When it happened.
    pub at: Option<Time>,
    /// The text, field by field; on the wire these fields stand beside `incident`.
    pub text: PostmortemText,
}

/// Makes a follow-up task (then `incident` and `name` are needed) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowupSet {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// The incident that it follows from.
    pub incident: Option<Id>,
    /// What is to be done, in one line.
    pub name: Option<Name>,
    /// The cause that it prevents.
    pub prevents: Option<Body>,
    /// The role that does it. Internal.
    pub owner: Option<Name>,
    /// When it is to be done; `null` takes the date away.
    #[serde(default, deserialize_with = "nullable")]
    pub due: Option<Option<Time>>,
    /// Where it stands.
    pub state: Option<FollowupState>,
    /// Why it was dropped.
    pub reason: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

impl FollowupSet {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("followup", version))
    }
}
