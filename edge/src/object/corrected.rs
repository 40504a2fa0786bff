//! The text that an amendment corrects, as it was before.

use candor_shared::rules::Event;
use candor_shared::state::{Entry, IncidentStatus};
use candor_shared::text::Id;
use worker::Error;

use crate::storage::{Ledger, LogLine};

/// The text that these events correct, if they do: as `lines` of the same request leave it, or as it is stored.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn corrected_text(
    ledger: &Ledger,
    lines: &[LogLine],
    events: &[Event],
) -> Result<Option<Entry<IncidentStatus>>, Error> {
    let corrected = events.iter().find_map(|event| match event {
        Event::IncidentAmended { id, text: Some((number, ..)), .. } => Some((id, *number)),
        _ => None,
    });
    let Some((incident, number)) = corrected else { return Ok(None) };
    let mut known = ledger.text(incident, number)?;
    for event in lines.iter().flat_map(|line| &line.events) {
        retell(&mut known, event, incident, number);
    }
    Ok(known)
}

/// The text after one more event.
fn retell(known: &mut Option<Entry<IncidentStatus>>, event: &Event, incident: &Id, number: u32) {
    match event {
        Event::IncidentOpened { id, entry } | Event::IncidentUpdated { id, entry, .. }
            if id == incident && entry.number == number =>
        {
            *known = Some(entry.clone());
        }
        Event::IncidentAmended { id, text: Some((of, body, translations)), .. }
            if id == incident && *of == number =>
        {
            if let Some(known) = known {
                known.body.clone_from(body);
                known.translations.clone_from(translations);
            }
        }
        _ => {}
    }
}
