//! The rules: one update and the time make events, or a rejection that changed nothing.
//!
//! Every function here first checks everything and then changes the state.

mod component;
mod incident;
mod maintenance;
mod notice;
mod postmortem;

use crate::{ComponentState, Event, Id, PageSet, Rejection, State, Time, Update, limits};

use component::{component_remove, component_set};
use incident::{incident_amend, incident_open, incident_update};
pub(crate) use maintenance::move_maintenance;
use maintenance::{maintenance_schedule, maintenance_update};
use notice::{notice_clear, notice_post, template_remove, template_set};
use postmortem::{followup_set, postmortem_publish};

/// When an update is applied, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time of the edge.
    pub now: Time,
    /// The version that the update makes. Made-up ids contain it, so that they are new.
    pub version: u64,
}

/// Applies one update to the state.
///
/// The caller has put into `state` what [`Update::needs`] names, and has called
/// [`crate::advance`] with the same time. After the last update of a request it calls `advance` again:
/// what was dated back may be due already.
///
/// # Errors
/// A [`Rejection`]; the state is then what it was.
pub fn apply(state: &mut State, update: &Update, moment: Moment) -> Result<Vec<Event>, Rejection> {
    let at = match update.at() {
        Some(at) if at > moment.now => {
            return Err(Rejection::invalid(
                "/at",
                format!("{at} is in the future; it is {} now.", moment.now),
            ));
        }
        Some(at) => at,
        None => moment.now,
    };
    let mut events = match update {
        Update::PageSet(u) => page_set(state, u)?,
        Update::ComponentSet(u) => component_set(state, u, at)?,
        Update::ComponentRemove(u) => component_remove(state, u)?,
        Update::IncidentOpen(u) => incident_open(state, u, u.id_or_made(moment.version), at)?,
        Update::IncidentUpdate(u) => incident_update(state, u, at, moment.now)?,
        Update::IncidentAmend(u) => incident_amend(state, u)?,
        Update::MaintenanceSchedule(u) => maintenance_schedule(state, u, u.id_or_made(moment.version), at)?,
        Update::MaintenanceUpdate(u) => maintenance_update(state, u, at)?,
        Update::NoticePost(u) => notice_post(state, u, at, moment.now)?,
        Update::NoticeClear(_) => notice_clear(state)?,
        Update::TemplateSet(u) => template_set(state, u, at)?,
        Update::TemplateRemove(u) => template_remove(state, &u.id)?,
        Update::PostmortemPublish(u) => postmortem_publish(state, u, at)?,
        Update::FollowupSet(u) => followup_set(state, u, u.id_or_made(moment.version), at)?,
    };
    events.extend(settle(state, at));
    events.extend(state.make_room());
    Ok(events)
}

/// Whether everything that is told at the same time can be published: what is open now, and every
/// maintenance that the clock will add to it. An update that makes it less is let through.
///
/// # Errors
/// A [`Rejection`] that says to resolve or shorten something.
pub fn check_size(before: &State, after: &State) -> Result<(), Rejection> {
    let told = after.told_bytes();
    if told <= limits::TOLD_BYTES || told <= before.told_bytes() {
        return Ok(());
    }
    Err(Rejection::conflict(
        "",
        "Everything that is open comes to more text than can be published. Resolve or complete something, or write less.",
    ))
}

/// An id that somebody chose is not one that might have been made.
fn check_chosen(id: Option<&Id>, prefix: &str) -> Result<(), Rejection> {
    match id {
        Some(id) if id.is_made(prefix) => Err(Rejection::invalid(
            "/id",
            format!("{id} looks like an id that is made here. Choose another, or leave it out."),
        )),
        _ => Ok(()),
    }
}

/// Derives again what every component shows, and says what changed.
pub(crate) fn settle(state: &mut State, at: Time) -> Vec<Event> {
    let mut changes = Vec::new();
    // Members before groups: a group shows the worst of what its members show.
    for groups in [false, true] {
        let shown: Vec<(Id, ComponentState)> = state
            .components
            .values()
            .filter(|component| component.is_group == groups)
            .map(|component| (component.id.clone(), state.derived(component)))
            .filter(|(id, to)| state.components.get(id).is_some_and(|c| c.shown != *to))
            .collect();
        for (id, to) in shown {
            if let Some(component) = state.components.get_mut(&id) {
                let from = component.shown;
                component.shown = to;
                // History that is imported does not make the present older than it is.
                component.since = component.since.max(at);
                changes.push(Event::ComponentChanged { id, from, to, at });
            }
        }
    }
    changes
}

fn page_set(state: &mut State, update: &PageSet) -> Result<Vec<Event>, Rejection> {
    check_zone(update)?;
    check_language(state, update)?;
    if let Some(name) = &update.name {
        state.page.name = Some(name.clone());
    }
    if let Some(url) = &update.url {
        state.page.url.clone_from(url);
    }
    if let Some(zone) = &update.time_zone {
        state.page.time_zone = Some(zone.clone());
    }
    if let Some(language) = &update.language {
        state.page.language = Some(language.clone());
    }
    if let Some(support) = &update.support {
        state.page.support.clone_from(support);
    }
    if let Some(brand) = &update.brand {
        state.page.brand.clone_from(brand);
    }
    if let Some(logo) = &update.logo {
        state.page.logo.clone_from(logo);
    }
    Ok(vec![Event::PageSet])
}

fn check_zone(update: &PageSet) -> Result<(), Rejection> {
    match update.time_zone.as_ref().filter(|zone| !zone.is_somebodys()) {
        None => Ok(()),
        Some(zone) => Err(Rejection::invalid(
            "/time_zone",
            format!(
                "{} is for a clock that nobody has set; write it like Europe/Berlin or Etc/UTC.",
                zone.as_str()
            ),
        )),
    }
}

/// What is told now was said in the language that the page had then.
fn check_language(state: &State, update: &PageSet) -> Result<(), Rejection> {
    let Some(language) = update.language.as_ref().filter(|its| **its != state.page.language()) else {
        return Ok(());
    };
    let told = state.incidents.values().find(|incident| incident.is_told()).map(|incident| &incident.id);
    let told = told.or_else(|| state.open_maintenances().map(|maintenance| &maintenance.id).next());
    let told = told.map(Id::as_str).or(state.notice.as_ref().map(|_| "the notice"));
    match told {
        None => Ok(()),
        Some(what) => Err(Rejection::conflict(
            "/language",
            format!(
                "What is told now ({what}) is in {}. Change the page to {language} when nothing is.",
                state.page.language()
            ),
        )),
    }
}

/// The one that is named, or the only one there is to mean.
fn pick<'a>(
    named: Option<&'a Id>,
    pointer: &str,
    what: &str,
    open: impl Iterator<Item = &'a Id>,
    exists: impl Fn(&Id) -> bool,
) -> Result<Id, Rejection> {
    if let Some(id) = named {
        return match exists(id) {
            true => Ok(id.clone()),
            false => Err(Rejection::not_found(pointer, format!("There is no {what} {id}."))),
        };
    }
    let open: Vec<&Id> = open.collect();
    match open.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Rejection::not_found(pointer, format!("No {what} is open; name the one you mean."))),
        several => {
            let list: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            Err(Rejection::conflict(
                pointer,
                format!("Several are open ({}); name the one you mean.", list.join(", ")),
            ))
        }
    }
}

/// The texts of one incident or maintenance are in the order of their times.
fn check_newest(at: Time, latest: Time) -> Result<(), Rejection> {
    if at < latest {
        return Err(Rejection::invalid(
            "/at",
            format!("{at} is before its newest update ({latest}); updates come in order."),
        ));
    }
    Ok(())
}
