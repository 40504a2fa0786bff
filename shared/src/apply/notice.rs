//! The notice and the message templates.

use crate::{Body, Event, Id, Notice, NoticePost, Rejection, State, Template, TemplateSet, Time, limits};

pub(super) fn notice_post(
    state: &mut State,
    update: &NoticePost,
    at: Time,
    now: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(until) = update.until
        && until <= now
    {
        return Err(Rejection::invalid("/until", format!("{until} is not in the future; it is {now} now.")));
    }
    let (body, translations) = update.body.on(&state.page, "/body")?;
    let title = update.title.as_ref().map(|title| title.on(&state.page, "/title")).transpose()?;
    let (title, titles) = title.unzip();
    state.notice = Some(Notice {
        body,
        translations,
        url: update.url.clone(),
        posted_at: at,
        until: update.until,
        title,
        titles: titles.unwrap_or_default(),
        details: update.details.clone(),
    });
    Ok(vec![Event::NoticePosted])
}

pub(super) fn notice_clear(state: &mut State) -> Result<Vec<Event>, Rejection> {
    match state.notice.take() {
        Some(_) => Ok(vec![Event::NoticeCleared]),
        None => Err(Rejection::not_found("", "There is no notice to clear.")),
    }
}

pub(super) fn template_set(
    state: &mut State,
    update: &TemplateSet,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
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

pub(super) fn template_remove(state: &mut State, id: &Id) -> Result<Vec<Event>, Rejection> {
    match state.templates.remove(id) {
        Some(_) => Ok(vec![Event::TemplateRemoved { id: id.clone() }]),
        None => Err(Rejection::not_found("/id", format!("There is no template {id}."))),
    }
}
