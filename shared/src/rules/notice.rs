//! The notice.

use super::event::Event;
use super::rejection::Rejection;
use super::wording::{check_shown, in_language, prose_in_language};
use crate::state::{Notice, State};
use crate::time::Time;
use crate::update::NoticePost;

pub(super) fn notice_post(
    state: &mut State,
    update: &NoticePost,
    at: Time,
    now: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(until) = update.until
        && until <= now
    {
        return Err(Rejection::invalid(
            "/until",
            format!("{until} is not in the future; the time is {now}."),
        ));
    }
    let own = state.page.language();
    let (body, translations) = prose_in_language(&update.body, &own, &state.page)?;
    if let Some(details) = &update.details {
        check_shown(details.as_str(), "/details")?;
    }
    let title =
        update.title.as_ref().map(|title| in_language(title, &own, &state.page, "/title")).transpose()?;
    let (title, titles) = title.unzip();
    let notice = Notice {
        body,
        translations,
        url: update.url.clone(),
        posted_at: at,
        until: update.until,
        title,
        titles: titles.unwrap_or_default(),
        details: update.details.clone(),
    };
    // The same once more, of the same time, makes no version.
    if state.notice.as_ref() == Some(&notice) {
        return Ok(Vec::new());
    }
    state.notice = Some(notice);
    Ok(vec![Event::NoticePosted])
}

pub(super) fn notice_clear(state: &mut State) -> Result<Vec<Event>, Rejection> {
    match state.notice.take() {
        Some(_) => Ok(vec![Event::NoticeCleared]),
        None => Err(Rejection::not_found("", "There is no notice to clear.")),
    }
}
