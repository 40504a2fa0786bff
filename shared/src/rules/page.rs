//! The page's own data.

use super::component::check_component;
use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::state::State;
use crate::text::{Id, Url};
use crate::update::PageSet;

pub(super) fn page_set(state: &mut State, update: &PageSet) -> Result<Vec<Event>, Rejection> {
    check_zone(update)?;
    check_language(state, update)?;
    check_url(update)?;
    check_checks(state, update)?;
    let before = state.page.clone();
    if let Some(name) = &update.name {
        state.page.name = Some(name.clone());
    }
    if let Some(url) = &update.url {
        state.page.url = url.as_ref().map(without_last_slash);
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
    if let Some(checks) = &update.checks {
        state.page.checks = checks.clone().unwrap_or_default();
    }
    if state.page == before {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PageSet])
}

pub(super) fn check_zone(update: &PageSet) -> Result<(), Rejection> {
    match update.time_zone.as_ref().filter(|zone| !zone.is_assigned()) {
        None => Ok(()),
        Some(zone) => Err(Rejection::invalid(
            "/time_zone",
            format!(
                "{} is the name of an unset time zone; name a place, such as Europe/Berlin, or Etc/UTC.",
                zone.as_str()
            ),
        )),
    }
}

/// Refuses an address to which no path can be added, and one that has a password in it: it is published everywhere.
fn check_url(update: &PageSet) -> Result<(), Rejection> {
    let Some(Some(url)) = &update.url else { return Ok(()) };
    let after_scheme = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    let wrong = if names_somebody(url) {
        "has a user name or a password"
    } else if after_scheme.contains(['?', '#']) {
        "has a query or a fragment"
    } else {
        return Ok(());
    };
    let advice =
        "Give the page's public address alone, such as https://status.example.com: links add a path to it.";
    Err(Rejection::invalid("/url", format!("The address {wrong}. {advice}")))
}

/// The address without a slash at its end. Signed documents name the page by its address, which whoever checks them has with or without one.
fn without_last_slash(url: &Url) -> Url {
    Url::try_from(url.as_str().trim_end_matches('/').to_owned()).unwrap_or_else(|_| url.clone())
}

/// Whether a URL has a user name or a password.
pub fn names_somebody(url: &Url) -> bool {
    let after_scheme = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    after_scheme.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// Refuses addresses that are too many, that a visitor's device should not try, or that name a component which is not there.
fn check_checks(state: &State, update: &PageSet) -> Result<(), Rejection> {
    let checks = update.checks.iter().flatten().flatten();
    let (limit, got) = (limits::CHECKS, checks.clone().count());
    if got > limit {
        return Err(Rejection::invalid("/checks", format!("has {got} items; the limit is {limit}")));
    }
    for (index, check) in checks.enumerate() {
        let at_url = |wrong| Err(Rejection::invalid(&format!("/checks/{index}/url"), wrong));
        if !check.url.as_str().starts_with("https://") {
            return at_url("The address is not https: the browser of a visitor would refuse to try it.");
        }
        if names_somebody(&check.url) {
            return at_url("The address has a user name or a password, and it is published: leave them out.");
        }
        if let Some(id) = &check.component {
            check_component(state, &format!("/checks/{index}/component"), id)?;
        }
    }
    Ok(())
}

/// Refuses another language while something is published that was written in the current one.
pub(super) fn check_language(state: &State, update: &PageSet) -> Result<(), Rejection> {
    let Some(language) = update.language.as_ref().filter(|language| **language != state.page.language())
    else {
        return Ok(());
    };
    let published =
        state.incidents.values().find(|incident| incident.is_in_status()).map(|incident| &incident.id);
    let published = published.or_else(|| state.open_maintenances().map(|maintenance| &maintenance.id).next());
    let published = published.map(Id::as_str).or(state.notice.as_ref().map(|_| "The notice"));
    match published {
        None => Ok(()),
        Some(what) => Err(Rejection::conflict(
            "/language",
            format!(
                "{what} is in {}. Set the language to {language} when no incident, maintenance or notice is left; a resolved incident stays in status.json for one hour.",
                state.page.language()
            ),
        )),
    }
}
