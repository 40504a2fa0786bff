//! Maintenance: schedule, update, complete.

use std::collections::BTreeMap;

use super::choose::{check_chosen, check_newest, pick};
use super::component::check_component;
use super::event::Event;
use super::order::{Named, Order, check_order};
use super::rejection::Rejection;
use super::wording::{in_language, prose_in_language};
use crate::limits;
use crate::state::{Entry, Maintenance, MaintenanceStatus, State};
use crate::text::{Body, Id, Language};
use crate::time::Time;
use crate::update::{MaintenanceSchedule, MaintenanceUpdate};

/// Checks that a maintenance begins, is verified and ends in this order.
fn check_window(start: Named, verify: Option<Named>, end: Named) -> Result<(), Rejection> {
    check_order(end, Order::After, start)?;
    let Some(verify) = verify else { return Ok(()) };
    check_order(verify, Order::After, start)?;
    check_order(verify, Order::Before, end)
}

/// That a maintenance goes on by itself, and what to do to report how it really went, if it has made a step at its planned time, `from` this
/// time on.
pub(super) fn by_itself(of: &Maintenance, from: Time) -> Option<String> {
    let is_planned = |step: &Time| {
        (of.started_at == Some(*step) && of.scheduled_for == *step)
            || (of.completed_at == Some(*step) && of.scheduled_until == *step)
            || (of.latest.at == *step && of.verify_at == Some(*step))
    };
    let steps = [of.started_at, of.completed_at, of.verify_at];
    let has_moved = steps.into_iter().flatten().filter(is_planned).any(|step| step >= from);
    (of.automatic && has_moved).then(|| {
        format!(
            "{} goes on by itself at its planned times; to report the real ones, schedule it with \"automatic\": false.",
            of.id
        )
    })
}

/// Refuses a start before the announcement. A sender's clock may be behind, or have whole seconds: what starts now has not started
/// before.
fn check_start(start: Time, at: Time) -> Result<(), Rejection> {
    if at.millis_since(start) > limits::CLOCK_SKEW_MILLIS {
        return Err(Rejection::invalid(
            "/scheduled_for",
            format!(
                "{start} is before the announcement ({at}); for past work set \"at\" to when it was announced."
            ),
        ));
    }
    Ok(())
}

/// Refuses to plan an end that has passed. What ends early is completed, and the plan stays what was announced.
fn check_end(end: Time, at: Time) -> Result<(), Rejection> {
    if end <= at {
        return Err(Rejection::invalid(
            "/scheduled_until",
            format!("{end} has passed ({at} now); for past work set \"at\" to when it was announced."),
        ));
    }
    Ok(())
}

pub(super) fn maintenance_schedule(
    state: &mut State,
    update: &MaintenanceSchedule,
    id: Id,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(existing) = state.maintenances.get(&id) {
        return Err(Rejection::conflict(
            "/id",
            format!("The maintenance {id} exists ({}); update it, or choose another id.", existing.status),
        ));
    }
    check_chosen(update.id.as_ref(), "maintenance")?;
    let limit = limits::OPEN_MAINTENANCES;
    if state.open_maintenances().count() >= limit {
        return Err(Rejection::conflict(
            "",
            format!("{limit} maintenances are not completed, which is the limit. Complete one first."),
        ));
    }
    for (index, component) in update.components.iter().enumerate() {
        check_component(state, &format!("/components/{index}"), component)?;
    }
    check_start(update.scheduled_for, at)?;
    check_end(update.scheduled_until, at)?;
    let sent = |field, time| Named::new(field, Some(time), time);
    check_window(
        sent("scheduled_for", update.scheduled_for),
        update.verify_at.map(|verify| sent("verify_at", verify)),
        sent("scheduled_until", update.scheduled_until),
    )?;
    let status = MaintenanceStatus::Scheduled;
    let language = state.page.language();
    let (body, translations) = prose_in_language(&update.body, &language, &state.page)?;
    let (name, names) = in_language(&update.name, &language, &state.page, "/name")?;
    let entry = Entry {
        number: 1,
        status,
        body,
        translations,
        components: BTreeMap::new(),
        impact: None,
        at,
        amended_at: None,
    };
    state.maintenances.insert(
        id.clone(),
        Maintenance {
            id: id.clone(),
            name,
            names,
            language: Some(language),
            status,
            components: update.components.clone(),
            scheduled_for: update.scheduled_for,
            verify_at: update.verify_at,
            scheduled_until: update.scheduled_until,
            automatic: update.automatic.unwrap_or(true),
            near: false,
            late: false,
            created_at: at,
            started_at: None,
            completed_at: None,
            cancelled_at: None,
            updated_at: at,
            latest: entry.clone(),
            told: None,
            change: update.change.clone(),
            visibility: update.visibility.unwrap_or_default(),
            outcome: None,
            result: None,
        },
    );
    Ok(vec![Event::MaintenanceScheduled { id, entry }])
}

/// The maintenance that is named, or the only one that is open.
pub(super) fn pick_maintenance(state: &State, named: Option<&Id>) -> Result<Maintenance, Rejection> {
    let open = state.open_maintenances().map(|m| &m.id);
    let id = pick(named, "/maintenance", "maintenance", open, |id| state.maintenances.contains_key(id))?;
    let maintenance = state.maintenances.get(&id).cloned();
    maintenance.ok_or_else(|| Rejection::not_found("/maintenance", format!("There is no maintenance {id}.")))
}

pub(super) fn maintenance_update(
    state: &mut State,
    update: &MaintenanceUpdate,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let mut maintenance = pick_maintenance(state, update.maintenance.as_ref())?;
    let id = maintenance.id.clone();
    check_newest(at, maintenance.updated_at).map_err(|refused| match by_itself(&maintenance, at) {
        Some(why) => Rejection { detail: format!("{} {why}", refused.detail), ..refused },
        None => refused,
    })?;
    let from = maintenance.status;
    // An end that has passed ends the work now. The plan stays what it was.
    let ends_now = maintenance.is_active()
        && update.scheduled_until.is_some_and(|end| end <= at && end != maintenance.scheduled_until);
    let to = update.status.unwrap_or(if ends_now { MaintenanceStatus::Completed } else { from });
    if ends_now && to != MaintenanceStatus::Completed {
        return Err(Rejection::conflict(
            "/scheduled_until",
            format!("An end that has passed ends the work, and \"status\" says {to}. Leave one of them out."),
        ));
    }
    if !maintenance.is_open() && to != from {
        return Err(Rejection::conflict("/status", format!("{id} is {from}; schedule a new maintenance.")));
    }
    if to == MaintenanceStatus::Scheduled && from != to {
        return Err(Rejection::conflict(
            "/status",
            format!("{id} has started and cannot become scheduled again."),
        ));
    }
    if to == MaintenanceStatus::Cancelled && maintenance.is_active() {
        return Err(Rejection::conflict(
            "/status",
            format!("{id} has started, so it cannot be called off; end it with \"status\": \"completed\"."),
        ));
    }
    let ends_or_verifies = matches!(to, MaintenanceStatus::Completed | MaintenanceStatus::Verifying);
    if ends_or_verifies && from == MaintenanceStatus::Scheduled && at < maintenance.scheduled_for {
        return Err(Rejection::conflict(
            "/status",
            format!(
                "{id} has not started; if the work began early, send \"status\": \"in_progress\" first; if it is called off, \"cancelled\"."
            ),
        ));
    }
    check_moves(&maintenance, update, to)?;
    if let Some(start) = update.scheduled_for.filter(|start| *start != maintenance.scheduled_for) {
        check_start(start, at)?;
    }
    // An end that has passed ends the work and moves no plan.
    let planned_end = update.scheduled_until.filter(|_| !ends_now);
    if let Some(end) = planned_end.filter(|end| *end != maintenance.scheduled_until) {
        check_end(end, at)?;
    }
    if update.outcome.is_some() || update.result.is_some() {
        let pointer = if update.outcome.is_some() { "/outcome" } else { "/result" };
        if maintenance.change.is_none() {
            return Err(Rejection::invalid(
                pointer,
                format!("{id} was scheduled without a \"change\", so it has no outcome."),
            ));
        }
        if to != MaintenanceStatus::Completed {
            return Err(Rejection::invalid(
                pointer,
                "A change has an outcome when it is completed: add \"status\": \"completed\".",
            ));
        }
        maintenance.outcome = update.outcome.or(maintenance.outcome);
        if update.result.is_some() {
            maintenance.result.clone_from(&update.result);
        }
    }
    // Work that takes longer is verified later: the clock must not say at the old time that it is done.
    let verify = maintenance.verify_at.filter(|verify| *verify > at && from != MaintenanceStatus::Verifying);
    if let (Some(end), Some(verify), None) = (planned_end, verify, update.verify_at) {
        let moved = end.millis_since(maintenance.scheduled_until);
        let moved = match update.scheduled_for.map(|start| start.millis_since(maintenance.scheduled_for)) {
            None => moved.max(0),
            // The whole plan has moved.
            Some(start) if start == moved => moved,
            Some(_) => 0,
        };
        maintenance.verify_at = Time::from_millis(verify.as_millis().saturating_add(moved));
    }
    maintenance.scheduled_for = update.scheduled_for.unwrap_or(maintenance.scheduled_for);
    maintenance.scheduled_until = planned_end.unwrap_or(maintenance.scheduled_until);
    maintenance.verify_at = update.verify_at.unwrap_or(maintenance.verify_at);
    maintenance.automatic = update.automatic.unwrap_or(maintenance.automatic);
    if update.scheduled_for.is_some() {
        maintenance.near = false;
    }
    // Back at work after a check that failed: whoever moves it by hand says when it is checked next.
    if from == MaintenanceStatus::Verifying && to == MaintenanceStatus::InProgress {
        maintenance.verify_at = update.verify_at.unwrap_or_default();
    }
    // Work that began early and is to end before it was to begin: the whole plan has moved.
    let begins = (from == MaintenanceStatus::Scheduled && to == MaintenanceStatus::InProgress).then_some(at);
    if let Some(started) = maintenance.started_at.filter(|_| maintenance.is_active()).or(begins)
        && maintenance.scheduled_until <= maintenance.scheduled_for
    {
        maintenance.scheduled_for = started;
    }
    check_window(
        Named::new("scheduled_for", update.scheduled_for, maintenance.scheduled_for),
        maintenance.verify_at.map(|verify| Named::new("verify_at", update.verify_at.flatten(), verify)),
        Named::new("scheduled_until", planned_end, maintenance.scheduled_until),
    )?;
    let is_over = matches!(to, MaintenanceStatus::Completed | MaintenanceStatus::Cancelled);
    if maintenance.automatic && !is_over && maintenance.scheduled_until <= at {
        return Err(Rejection::conflict(
            "/automatic",
            format!(
                "{id} was to end at {}, which has passed: nothing is left to happen by itself. Move \"scheduled_until\", or say with \"status\" how it stands.",
                maintenance.scheduled_until
            ),
        ));
    }
    let own = maintenance.own_language(&state.page);
    let text = prose_in_language(&update.body, &own, &state.page)?;
    let entry = move_maintenance(&mut maintenance, to, text, at);
    state.maintenances.insert(id.clone(), maintenance);
    Ok(vec![Event::MaintenanceUpdated { id, from, to, entry }])
}

/// What has happened is not planned again: the start of a running maintenance and the times of an ended one stay.
fn check_moves(
    maintenance: &Maintenance,
    update: &MaintenanceUpdate,
    to: MaintenanceStatus,
) -> Result<(), Rejection> {
    let Maintenance { id, status, .. } = maintenance;
    let moves = |planned: Option<Time>, time: Time| planned.is_some_and(|planned| planned != time);
    let moves_start = moves(update.scheduled_for, maintenance.scheduled_for);
    let moves_end = moves(update.scheduled_until, maintenance.scheduled_until);
    let moves_check = update.verify_at.is_some_and(|verify_at| verify_at != maintenance.verify_at);
    if !maintenance.is_open() && (moves_start || moves_check || moves_end) {
        return Err(Rejection::conflict(
            "",
            format!("{id} is {status}; the planned times cannot be changed."),
        ));
    }
    if maintenance.is_active() && moves_start {
        return Err(Rejection::conflict(
            "/scheduled_for",
            format!("{id} has started; its start cannot be moved. \"scheduled_until\" moves its end."),
        ));
    }
    // Back at work, it is checked once more.
    if *status == MaintenanceStatus::Verifying && to == MaintenanceStatus::Verifying && moves_check {
        return Err(Rejection::conflict("/verify_at", format!("{id} is being verified already.")));
    }
    Ok(())
}

/// Adds an entry with this text to a maintenance, and sets the status. Returns the entry.
pub(crate) fn move_maintenance(
    maintenance: &mut Maintenance,
    to: MaintenanceStatus,
    (body, translations): (Body, BTreeMap<Language, Body>),
    at: Time,
) -> Entry<MaintenanceStatus> {
    match to {
        // A step that is reported says nothing of the steps before it: the start stays unknown.
        MaintenanceStatus::Scheduled | MaintenanceStatus::Verifying => {}
        MaintenanceStatus::Cancelled => {
            maintenance.cancelled_at.get_or_insert(at);
        }
        MaintenanceStatus::Completed => {
            maintenance.completed_at.get_or_insert(at);
        }
        // Back at work after a check, it began before.
        MaintenanceStatus::InProgress => {
            if maintenance.status == MaintenanceStatus::Scheduled {
                maintenance.started_at = Some(at);
            }
        }
    }
    maintenance.status = to;
    maintenance.updated_at = at;
    maintenance.late = maintenance.late && maintenance.due_at().is_some_and(|due| due <= at);
    maintenance.told = None;
    maintenance.latest = Entry {
        number: maintenance.latest.number.saturating_add(1),
        status: to,
        body,
        translations,
        components: BTreeMap::new(),
        impact: None,
        at,
        amended_at: None,
    };
    maintenance.latest.clone()
}
