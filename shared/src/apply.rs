//! The rules: one update and the time make events, or a rejection that changed nothing.
//!
//! Every function here first checks everything and then changes the state.

use std::collections::BTreeMap;

use crate::{
    Body, Component, ComponentRemove, ComponentSet, ComponentState, Entry, Event, Followup, FollowupSet,
    FollowupState, Id, Incident, IncidentAmend, IncidentOpen, IncidentStatus, IncidentUpdate, Maintenance,
    MaintenanceSchedule, MaintenanceStatus, MaintenanceUpdate, Notice, NoticePost, PageSet, Postmortem,
    PostmortemPublish, Promises, Rejection, Roles, Span, State, Template, TemplateSet, Time, Update, limits,
};

/// An incident of this id would have its post-mortem where the template is.
const RESERVED: &str = "template";

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
        Update::PageSet(u) => page_set(state, u),
        Update::ComponentSet(u) => component_set(state, u, at)?,
        Update::ComponentRemove(u) => component_remove(state, u)?,
        Update::IncidentOpen(u) => incident_open(state, u, u.id_or_made(moment.version), at)?,
        Update::IncidentUpdate(u) => incident_update(state, u, at)?,
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

fn page_set(state: &mut State, update: &PageSet) -> Vec<Event> {
    if let Some(name) = &update.name {
        state.page.name = Some(name.clone());
    }
    if let Some(url) = &update.url {
        state.page.url.clone_from(url);
    }
    if let Some(zone) = &update.time_zone {
        state.page.time_zone = Some(zone.clone());
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
    vec![Event::PageSet]
}

fn component_set(state: &mut State, update: &ComponentSet, at: Time) -> Result<Vec<Event>, Rejection> {
    let existing = state.components.get(&update.id);
    let is_new = existing.is_none();
    let is_group = existing.map_or(update.is_group.unwrap_or(false), |c| c.is_group);
    if existing.is_some() && update.is_group.is_some_and(|wanted| wanted != is_group) {
        return Err(Rejection::conflict(
            "/is_group",
            format!(
                "{} is there already; a component does not become a group, nor the reverse. Remove it first.",
                update.id
            ),
        ));
    }
    if is_group && update.state.is_some() {
        return Err(Rejection::invalid(
            "/state",
            format!("{} is a group: it shows the worst of its members. Set theirs.", update.id),
        ));
    }
    if let Some(Some(group)) = &update.group {
        if is_group {
            return Err(Rejection::invalid("/group", "A group is not a member of a group."));
        }
        match state.components.get(group) {
            Some(component) if component.is_group => {}
            Some(_) => {
                return Err(Rejection::invalid("/group", format!("{group} is a component, not a group.")));
            }
            None => {
                return Err(Rejection::invalid(
                    "/group",
                    format!(
                        "There is no group {group}. Make it first: component.set with \"is_group\": true."
                    ),
                ));
            }
        }
    }
    if let (Some(_), Some(last)) = (update.state, existing.and_then(|component| component.set_at))
        && at < last
    {
        return Err(Rejection::invalid(
            "/at",
            format!("{at} is before the state of {} was last set ({last}).", update.id),
        ));
    }
    let changes = update.state.is_some_and(|state| existing.is_none_or(|component| component.set != state));
    let mut component = match existing {
        Some(component) => component.clone(),
        None => {
            let Some(name) = update.name.clone() else {
                return Err(Rejection::invalid(
                    "/name",
                    format!("There is no component {}; a new one needs a \"name\".", update.id),
                ));
            };
            if state.components.len() >= limits::COMPONENTS {
                return Err(Rejection::conflict(
                    "",
                    format!("The page has {} components, and no more are allowed.", limits::COMPONENTS),
                ));
            }
            let last = state.components.values().map(|c| c.position).max();
            Component {
                id: update.id.clone(),
                name,
                description: None,
                group: None,
                is_group,
                position: last.map_or(0, |last| last.saturating_add(1)),
                set: ComponentState::Operational,
                shown: ComponentState::Operational,
                set_at: None,
                since: at,
                created_at: at,
                updated_at: at,
            }
        }
    };
    if let Some(name) = &update.name {
        component.name.clone_from(name);
    }
    if let Some(description) = &update.description {
        component.description.clone_from(description);
    }
    if let Some(group) = &update.group {
        component.group.clone_from(group);
    }
    if let Some(position) = update.position {
        component.position = position;
    }
    if let Some(set) = update.state {
        component.set = set;
        component.set_at = Some(at);
    }
    component.updated_at = at;
    state.components.insert(update.id.clone(), component);
    let set = match is_new {
        true => (!is_group).then(|| update.state.unwrap_or(ComponentState::Operational)),
        false => update.state.filter(|_| changes),
    };
    Ok(vec![Event::ComponentSet { id: update.id.clone(), set, at }])
}

fn component_remove(state: &mut State, update: &ComponentRemove) -> Result<Vec<Event>, Rejection> {
    let id = &update.id;
    if !state.components.contains_key(id) {
        return Err(Rejection::not_found("/id", format!("There is no component {id}.")));
    }
    if let Some(incident) = state.open_incidents().find(|i| i.components.contains_key(id)) {
        return Err(Rejection::conflict(
            "/id",
            format!("The open incident {} names {id}; resolve it first.", incident.id),
        ));
    }
    if let Some(maintenance) = state.open_maintenances().find(|m| m.components.contains(id)) {
        return Err(Rejection::conflict(
            "/id",
            format!("The maintenance {} names {id}; complete it first.", maintenance.id),
        ));
    }
    if let Some(member) = state.components.values().find(|c| c.group.as_ref() == Some(id)) {
        return Err(Rejection::conflict(
            "/id",
            format!("The group {id} has members ({}); move or remove them first.", member.id),
        ));
    }
    state.components.remove(id);
    Ok(vec![Event::ComponentRemoved { id: id.clone() }])
}

/// What incidents and maintenance hold are components, not groups.
fn check_component(state: &State, pointer: &str, id: &Id) -> Result<(), Rejection> {
    match state.components.get(id) {
        Some(component) if component.is_group => {
            Err(Rejection::invalid(pointer, format!("{id} is a group; name its members.")))
        }
        Some(_) => Ok(()),
        None => Err(Rejection::invalid(
            pointer,
            format!("There is no component {id}. Make it first with component.set, or leave it out."),
        )),
    }
}

fn check_held(state: &State, components: &BTreeMap<Id, ComponentState>) -> Result<(), Rejection> {
    components.keys().try_for_each(|id| check_component(state, &format!("/components/{id}"), id))
}

fn check_open_incidents(state: &State) -> Result<(), Rejection> {
    let limit = limits::OPEN_INCIDENTS;
    if state.open_incidents().count() < limit {
        return Ok(());
    }
    Err(Rejection::conflict(
        "",
        format!("{limit} incidents are open, and no more are allowed. Resolve one, or update one of them."),
    ))
}

/// When the next update is promised for.
fn promise(within: Option<Span>, by: Option<Time>, at: Time) -> Result<Option<Time>, Rejection> {
    match (within, by) {
        (Some(_), Some(_)) => {
            Err(Rejection::invalid("/next_update_at", "Give next_update_in or next_update_at, not both."))
        }
        (Some(span), None) => Ok(Some(at.after(span))),
        (None, Some(by)) if by <= at => {
            Err(Rejection::invalid("/next_update_at", format!("{by} is not after this update ({at}).")))
        }
        (None, by) => Ok(by),
    }
}

/// An incident begins, is noticed and is declared in this order.
fn check_order(started: Time, detected: Option<Time>, created: Time) -> Result<(), Rejection> {
    if started > created {
        return Err(Rejection::invalid(
            "/started_at",
            format!("{started} is after the incident was declared ({created})."),
        ));
    }
    match detected {
        Some(detected) if detected < started => Err(Rejection::invalid(
            "/detected_at",
            format!("{detected} is before the incident began ({started})."),
        )),
        Some(detected) if detected > created => Err(Rejection::invalid(
            "/detected_at",
            format!("{detected} is after the incident was declared ({created})."),
        )),
        _ => Ok(()),
    }
}

fn incident_open(
    state: &mut State,
    update: &IncidentOpen,
    id: Id,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(existing) = state.incidents.get(&id) {
        return Err(Rejection::conflict(
            "/id",
            format!(
                "There is an incident {id} already ({}); update it, or choose another id.",
                existing.status
            ),
        ));
    }
    if id.as_str() == RESERVED {
        return Err(Rejection::invalid(
            "/id",
            format!("The id {RESERVED} is taken: /postmortems/{RESERVED}.json is the empty one to fill in."),
        ));
    }
    let status = update.status.unwrap_or(IncidentStatus::Investigating);
    if status == IncidentStatus::Resolved {
        return Err(Rejection::invalid(
            "/status",
            "An incident opens as investigating, identified or monitoring; resolve it with incident.update.",
        ));
    }
    check_chosen(update.id.as_ref(), "incident")?;
    check_open_incidents(state)?;
    check_held(state, &update.components)?;
    let started_at =
        update.started_at.unwrap_or_else(|| update.detected_at.map_or(at, |detected| detected.min(at)));
    check_order(started_at, update.detected_at, at)?;
    let next_update_at = promise(update.next_update_in, update.next_update_at, at)?;
    let body = told(state, update.body.as_ref(), update.template.as_ref(), &update.values)?;
    let roles = update.roles.clone().unwrap_or_default();
    check_roles(&roles)?;
    let entry = Entry { number: 1, status, body, components: update.components.clone(), at };
    let mut incident = Incident {
        id: id.clone(),
        name: update.name.clone(),
        impact: update.impact,
        status,
        components: update.components.clone(),
        started_at,
        detected_at: update.detected_at,
        created_at: at,
        identified_at: None,
        monitoring_at: None,
        resolved_at: None,
        reopened_at: None,
        updated_at: at,
        next_update_at,
        latest: entry.clone(),
        overdue: false,
        promises: Promises::default(),
        roles,
        impact_note: update.impact_note.clone(),
        affected: update.affected.clone(),
    };
    note_status(&mut incident, status, at);
    state.incidents.insert(id.clone(), incident);
    Ok(vec![Event::IncidentOpened { id, entry }])
}

/// The text of an update: what was written, or a template that is filled in.
fn told(
    state: &State,
    body: Option<&Body>,
    template: Option<&Id>,
    values: &BTreeMap<String, String>,
) -> Result<Body, Rejection> {
    match (body, template) {
        (Some(_), Some(_)) => Err(Rejection::invalid("/template", "Give a body or a template, not both.")),
        (None, None) => {
            Err(Rejection::invalid("/body", "Say something: \"body\", or \"template\" with its \"values\"."))
        }
        (Some(_), None) if !values.is_empty() => {
            Err(Rejection::invalid("/values", "Values belong to a template, and none is named."))
        }
        (Some(body), None) => Ok(body.clone()),
        (None, Some(id)) => match state.templates.get(id) {
            Some(template) => template.fill(values),
            None => {
                let known: Vec<&str> = state.templates.keys().map(Id::as_str).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Err(Rejection::invalid("/template", format!("There is no template {id}. Known: {known}.")))
            }
        },
    }
}

fn check_roles(roles: &Roles) -> Result<(), Rejection> {
    let limit = limits::RESPONDERS;
    match roles.responders.len() > limit {
        true => {
            Err(Rejection::invalid("/roles/responders", format!("At most {limit} responders are named.")))
        }
        false => Ok(()),
    }
}

/// Keeps the time at which an incident reached a status.
fn note_status(incident: &mut Incident, status: IncidentStatus, at: Time) {
    if incident.status == IncidentStatus::Resolved && status != IncidentStatus::Resolved {
        incident.reopened_at = Some(at);
    }
    match status {
        IncidentStatus::Investigating => {}
        IncidentStatus::Identified => {
            incident.identified_at.get_or_insert(at);
        }
        IncidentStatus::Monitoring => incident.monitoring_at = Some(at),
        IncidentStatus::Resolved => {}
    }
    incident.resolved_at = (status == IncidentStatus::Resolved).then_some(at);
    incident.status = status;
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

fn pick_incident(state: &State, named: Option<&Id>) -> Result<Incident, Rejection> {
    let open = state.open_incidents().map(|i| &i.id);
    let id = pick(named, "/incident", "incident", open, |id| state.incidents.contains_key(id))?;
    let incident = state.incidents.get(&id).cloned();
    incident.ok_or_else(|| Rejection::not_found("/incident", format!("There is no incident {id}.")))
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

fn incident_update(state: &mut State, update: &IncidentUpdate, at: Time) -> Result<Vec<Event>, Rejection> {
    let mut incident = pick_incident(state, update.incident.as_ref())?;
    check_newest(at, incident.updated_at)?;
    let from = incident.status;
    let to = update.status.unwrap_or(from);
    if from == IncidentStatus::Resolved && to != from {
        check_open_incidents(state)?;
        // What it held may be gone by now; it holds again what is still there.
        incident
            .components
            .retain(|id, _| state.components.get(id).is_some_and(|component| !component.is_group));
    }
    check_held(state, &update.components)?;
    let promised = promise(update.next_update_in, update.next_update_at, at)?;
    if to == IncidentStatus::Resolved {
        if let Some(promised) = promised {
            let pointer = if update.next_update_in.is_some() { "/next_update_in" } else { "/next_update_at" };
            return Err(Rejection::invalid(
                pointer,
                format!("The incident is resolved; there is no next update to promise for {promised}."),
            ));
        }
        if update.components.values().any(|state| *state != ComponentState::Operational) {
            return Err(Rejection::invalid(
                "/components",
                "A resolved incident holds nothing. Keep it open as monitoring, or set the component's own state.",
            ));
        }
    }
    let body = told(state, update.body.as_ref(), update.template.as_ref(), &update.values)?;
    if let Some(roles) = &update.roles {
        check_roles(roles)?;
        incident.roles.clone_from(roles);
    }
    if to != from {
        note_status(&mut incident, to, at);
    }
    let kept = incident.next_update_at.map(|promised| at <= promised);
    if let Some(kept) = kept {
        let Promises { kept: in_time, broken: late } = &mut incident.promises;
        let counter = if kept { in_time } else { late };
        *counter = counter.saturating_add(1);
    }
    incident.overdue = false;
    if update.impact_note.is_some() {
        incident.impact_note.clone_from(&update.impact_note);
    }
    if update.affected.is_some() {
        incident.affected.clone_from(&update.affected);
    }
    if let Some(impact) = update.impact {
        incident.impact = impact;
    }
    // On resolving, the record keeps what it held; resolving releases everything anyway.
    if to != IncidentStatus::Resolved {
        incident.components.extend(update.components.clone());
    }
    let entry = Entry {
        number: incident.latest.number.saturating_add(1),
        status: to,
        body,
        components: update.components.clone(),
        at,
    };
    incident.updated_at = at;
    incident.next_update_at = promised;
    incident.latest = entry.clone();
    let id = incident.id.clone();
    state.incidents.insert(id.clone(), incident);
    Ok(vec![Event::IncidentUpdated { id, from, to, kept, entry }])
}

fn incident_amend(state: &mut State, update: &IncidentAmend) -> Result<Vec<Event>, Rejection> {
    let mut incident = pick_incident(state, update.incident.as_ref())?;
    let started_at = update.started_at.unwrap_or(incident.started_at);
    let detected_at = update.detected_at.or(incident.detected_at);
    check_order(started_at, detected_at, incident.created_at)?;
    if let Some(resolved) = update.resolved_at {
        if incident.is_open() {
            return Err(Rejection::conflict(
                "/resolved_at",
                format!("{} is open; resolve it with incident.update.", incident.id),
            ));
        }
        let earliest = incident.reopened_at.map_or(started_at, |reopened| reopened.max(started_at));
        if resolved < earliest || resolved > incident.latest.at {
            return Err(Rejection::invalid(
                "/resolved_at",
                format!(
                    "{resolved} is not between its (last) start ({earliest}) and its newest update ({}).",
                    incident.latest.at
                ),
            ));
        }
        incident.resolved_at = Some(resolved);
    }
    let text = match (update.update, &update.body) {
        (None, None) => None,
        (Some(_), None) => {
            return Err(Rejection::invalid(
                "/body",
                "\"update\" says which text is corrected; \"body\" says to what.",
            ));
        }
        (None, Some(body)) => Some((incident.latest.number, body.clone())),
        (Some(number), Some(body)) if (1..=incident.latest.number).contains(&number) => {
            Some((number, body.clone()))
        }
        (Some(number), Some(_)) => {
            return Err(Rejection::not_found(
                "/update",
                format!("{} has the updates 1 to {}, not {number}.", incident.id, incident.latest.number),
            ));
        }
    };
    if let Some((number, body)) = &text
        && *number == incident.latest.number
    {
        incident.latest.body.clone_from(body);
    }
    if let Some(name) = &update.name {
        incident.name.clone_from(name);
    }
    if let Some(impact) = update.impact {
        incident.impact = impact;
    }
    incident.started_at = started_at;
    incident.detected_at = detected_at;
    let id = incident.id.clone();
    state.incidents.insert(id.clone(), incident);
    Ok(vec![Event::IncidentAmended { id, text }])
}

fn check_window(start: Time, verify: Option<Time>, end: Time) -> Result<(), Rejection> {
    if end <= start {
        return Err(Rejection::invalid(
            "/scheduled_until",
            format!("{end} is not after the start ({start})."),
        ));
    }
    match verify {
        Some(verify) if verify <= start || verify >= end => Err(Rejection::invalid(
            "/verify_at",
            format!("{verify} is not between the start ({start}) and the end ({end})."),
        )),
        _ => Ok(()),
    }
}

fn maintenance_schedule(
    state: &mut State,
    update: &MaintenanceSchedule,
    id: Id,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(existing) = state.maintenances.get(&id) {
        return Err(Rejection::conflict(
            "/id",
            format!(
                "There is a maintenance {id} already ({}); update it, or choose another id.",
                existing.status
            ),
        ));
    }
    check_chosen(update.id.as_ref(), "maintenance")?;
    let limit = limits::OPEN_MAINTENANCES;
    if state.open_maintenances().count() >= limit {
        return Err(Rejection::conflict(
            "",
            format!("{limit} maintenances are not completed, and no more are allowed."),
        ));
    }
    for (index, component) in update.components.iter().enumerate() {
        check_component(state, &format!("/components/{index}"), component)?;
    }
    if update.scheduled_for < at {
        return Err(Rejection::invalid(
            "/scheduled_for",
            format!("{} is before it was announced ({at}); \"at\" dates it back.", update.scheduled_for),
        ));
    }
    check_window(update.scheduled_for, update.verify_at, update.scheduled_until)?;
    let status = MaintenanceStatus::Scheduled;
    let entry = Entry { number: 1, status, body: update.body.clone(), components: BTreeMap::new(), at };
    state.maintenances.insert(
        id.clone(),
        Maintenance {
            id: id.clone(),
            name: update.name.clone(),
            status,
            components: update.components.clone(),
            scheduled_for: update.scheduled_for,
            verify_at: update.verify_at,
            scheduled_until: update.scheduled_until,
            automatic: update.automatic.unwrap_or(true),
            near: false,
            created_at: at,
            started_at: None,
            completed_at: None,
            updated_at: at,
            latest: entry.clone(),
            change: update.change.clone(),
            visibility: update.visibility.unwrap_or_default(),
            outcome: None,
            result: None,
        },
    );
    Ok(vec![Event::MaintenanceScheduled { id, entry }])
}

fn maintenance_update(
    state: &mut State,
    update: &MaintenanceUpdate,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let open = state.open_maintenances().map(|m| &m.id);
    let id = pick(update.maintenance.as_ref(), "/maintenance", "maintenance", open, |id| {
        state.maintenances.contains_key(id)
    })?;
    let Some(mut maintenance) = state.maintenances.get(&id).cloned() else {
        return Err(Rejection::not_found("/maintenance", format!("There is no maintenance {id}.")));
    };
    check_newest(at, maintenance.updated_at)?;
    let from = maintenance.status;
    let to = update.status.unwrap_or(from);
    if from == MaintenanceStatus::Completed && to != from {
        return Err(Rejection::conflict("/status", format!("{id} is completed; schedule a new one.")));
    }
    if to == MaintenanceStatus::Scheduled && from != to {
        return Err(Rejection::conflict("/status", format!("{id} has started; it is not scheduled again.")));
    }
    let moves_times =
        update.scheduled_for.is_some() || update.scheduled_until.is_some() || update.verify_at.is_some();
    if moves_times && from == MaintenanceStatus::Completed {
        return Err(Rejection::conflict("", format!("{id} is completed; its times stay as they are.")));
    }
    if update.outcome.is_some() || update.result.is_some() {
        let pointer = if update.outcome.is_some() { "/outcome" } else { "/result" };
        if maintenance.change.is_none() {
            return Err(Rejection::invalid(
                pointer,
                format!("{id} has no change record, so there is nothing to judge."),
            ));
        }
        if to != MaintenanceStatus::Completed {
            return Err(Rejection::invalid(
                pointer,
                "How a change went is known when it is completed: add \"status\": \"completed\".",
            ));
        }
        maintenance.outcome = update.outcome.or(maintenance.outcome);
        if update.result.is_some() {
            maintenance.result.clone_from(&update.result);
        }
    }
    maintenance.scheduled_for = update.scheduled_for.unwrap_or(maintenance.scheduled_for);
    maintenance.scheduled_until = update.scheduled_until.unwrap_or(maintenance.scheduled_until);
    maintenance.verify_at = update.verify_at.unwrap_or(maintenance.verify_at);
    maintenance.automatic = update.automatic.unwrap_or(maintenance.automatic);
    if update.scheduled_for.is_some() {
        maintenance.near = false;
    }
    check_window(maintenance.scheduled_for, maintenance.verify_at, maintenance.scheduled_until)?;
    let entry = move_maintenance(&mut maintenance, to, update.body.clone(), at);
    state.maintenances.insert(id.clone(), maintenance);
    Ok(vec![Event::MaintenanceUpdated { id, from, to, entry }])
}

/// Moves a maintenance to a status with a text.
pub(crate) fn move_maintenance(
    maintenance: &mut Maintenance,
    to: MaintenanceStatus,
    body: Body,
    at: Time,
) -> Entry<MaintenanceStatus> {
    if to != MaintenanceStatus::Scheduled {
        maintenance.started_at.get_or_insert(at);
    }
    if to == MaintenanceStatus::Completed {
        maintenance.completed_at.get_or_insert(at);
    }
    maintenance.status = to;
    maintenance.updated_at = at;
    maintenance.latest = Entry {
        number: maintenance.latest.number.saturating_add(1),
        status: to,
        body,
        components: BTreeMap::new(),
        at,
    };
    maintenance.latest.clone()
}

fn notice_post(state: &mut State, update: &NoticePost, at: Time, now: Time) -> Result<Vec<Event>, Rejection> {
    if let Some(until) = update.until
        && until <= now
    {
        return Err(Rejection::invalid("/until", format!("{until} is not in the future; it is {now} now.")));
    }
    state.notice = Some(Notice {
        body: update.body.clone(),
        url: update.url.clone(),
        posted_at: at,
        until: update.until,
        title: update.title.clone(),
        details: update.details.clone(),
    });
    Ok(vec![Event::NoticePosted])
}

fn notice_clear(state: &mut State) -> Result<Vec<Event>, Rejection> {
    match state.notice.take() {
        Some(_) => Ok(vec![Event::NoticeCleared]),
        None => Err(Rejection::not_found("", "There is no notice to clear.")),
    }
}

fn template_set(state: &mut State, update: &TemplateSet, at: Time) -> Result<Vec<Event>, Rejection> {
    let limit = limits::TEMPLATES;
    if !state.templates.contains_key(&update.id) && state.templates.len() >= limit {
        return Err(Rejection::conflict(
            "",
            format!("There are {limit} templates, and no more are allowed."),
        ));
    }
    if !template_is_usable(&update.body) {
        return Err(Rejection::invalid("/body", "A placeholder has no name: write it like {{what}}."));
    }
    let template = Template { id: update.id.clone(), body: update.body.clone(), updated_at: at };
    state.templates.insert(update.id.clone(), template);
    Ok(vec![Event::TemplateSet { id: update.id.clone() }])
}

fn template_is_usable(body: &Body) -> bool {
    !crate::template::placeholders(body.as_str()).any(str::is_empty)
}

fn template_remove(state: &mut State, id: &Id) -> Result<Vec<Event>, Rejection> {
    match state.templates.remove(id) {
        Some(_) => Ok(vec![Event::TemplateRemoved { id: id.clone() }]),
        None => Err(Rejection::not_found("/id", format!("There is no template {id}."))),
    }
}

fn postmortem_publish(
    state: &mut State,
    update: &PostmortemPublish,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let id = &update.incident;
    match state.incidents.get(id) {
        None => return Err(Rejection::not_found("/incident", format!("There is no incident {id}."))),
        Some(incident) if incident.is_open() => {
            return Err(Rejection::conflict(
                "/incident",
                format!("{id} is open; resolve it before its post-mortem."),
            ));
        }
        Some(_) => {}
    }
    if let (Some(start), Some(end)) = (update.text.started_at, update.text.ended_at)
        && end < start
    {
        return Err(Rejection::invalid("/ended_at", format!("{end} is before the start ({start}).")));
    }
    let published_at = state.postmortems.get(id).map_or(at, |known| known.published_at);
    let postmortem =
        Postmortem { incident: id.clone(), published_at, updated_at: at, text: update.text.clone() };
    state.postmortems.insert(id.clone(), postmortem);
    Ok(vec![Event::PostmortemPublished { id: id.clone() }])
}

fn followup_set(state: &mut State, update: &FollowupSet, id: Id, at: Time) -> Result<Vec<Event>, Rejection> {
    let mut followup = match state.followups.get(&id) {
        Some(known) => {
            if update.incident.as_ref().is_some_and(|incident| *incident != known.incident) {
                return Err(Rejection::conflict(
                    "/incident",
                    format!("{id} follows from the incident {}; that does not change.", known.incident),
                ));
            }
            known.clone()
        }
        None => {
            check_chosen(update.id.as_ref(), "followup")?;
            let Some(incident) = update.incident.clone() else {
                return Err(Rejection::invalid(
                    "/incident",
                    format!(
                        "There is no follow-up {id}; a new one needs the \"incident\" that it follows from."
                    ),
                ));
            };
            if !state.incidents.contains_key(&incident) {
                return Err(Rejection::not_found("/incident", format!("There is no incident {incident}.")));
            }
            let Some(name) = update.name.clone() else {
                return Err(Rejection::invalid(
                    "/name",
                    "A new follow-up needs a \"name\": what is to be done.",
                ));
            };
            Followup {
                id: id.clone(),
                incident,
                name,
                prevents: None,
                owner: None,
                due: None,
                state: FollowupState::Open,
                reason: None,
                overdue: false,
                created_at: at,
                updated_at: at,
            }
        }
    };
    let was_open = state.followups.get(&id).is_some_and(|known| known.state == FollowupState::Open);
    followup.state = update.state.unwrap_or(followup.state);
    if update.reason.is_some() {
        followup.reason.clone_from(&update.reason);
    }
    if followup.state == FollowupState::Dropped && followup.reason.is_none() {
        return Err(Rejection::invalid("/reason", "A task is dropped for a reason; say which."));
    }
    let open = state.followups.values().filter(|known| known.state == FollowupState::Open).count();
    if followup.state == FollowupState::Open && !was_open && open >= limits::OPEN_FOLLOWUPS {
        return Err(Rejection::conflict(
            "",
            format!("{} follow-ups are open, and no more are allowed.", limits::OPEN_FOLLOWUPS),
        ));
    }
    if let Some(name) = &update.name {
        followup.name.clone_from(name);
    }
    if update.prevents.is_some() {
        followup.prevents.clone_from(&update.prevents);
    }
    if update.owner.is_some() {
        followup.owner.clone_from(&update.owner);
    }
    if let Some(due) = update.due {
        followup.due = due;
    }
    // The clock finds out whether it is overdue.
    followup.overdue = false;
    followup.updated_at = at;
    let incident = followup.incident.clone();
    state.followups.insert(id.clone(), followup);
    Ok(vec![Event::FollowupSet { id, incident }])
}
