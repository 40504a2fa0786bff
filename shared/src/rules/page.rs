//! The page's own data.

use super::event::Event;
use super::rejection::Rejection;
use crate::state::State;
use crate::text::Id;
use crate::update::PageSet;

pub(super) fn page_set(state: &mut State, update: &PageSet) -> Result<Vec<Event>, Rejection> {
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

pub(super) fn check_zone(update: &PageSet) -> Result<(), Rejection> {
    match update.time_zone.as_ref().filter(|zone| !zone.is_assigned()) {
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
pub(super) fn check_language(state: &State, update: &PageSet) -> Result<(), Rejection> {
    let Some(language) = update.language.as_ref().filter(|its| **its != state.page.language()) else {
        return Ok(());
    };
    let told = state.incidents.values().find(|incident| incident.is_in_status()).map(|incident| &incident.id);
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
