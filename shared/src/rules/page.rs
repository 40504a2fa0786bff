//! The page's own data.

use super::event::Event;
use super::rejection::Rejection;
use crate::state::State;
use crate::text::Id;
use crate::update::PageSet;

pub(super) fn page_set(state: &mut State, update: &PageSet) -> Result<Vec<Event>, Rejection> {
    check_zone(update)?;
    check_language(state, update)?;
    check_url(update)?;
    let before = state.page.clone();
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
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let wrong = if authority.contains('@') {
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
