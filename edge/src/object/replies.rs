//! What the object answers with: a document, a text or a problem, each with where the page stands.

use candor_shared::time::Time;
use serde::Serialize;
use worker::{Headers, Response, Result};

use super::answered::{JSON, Place};
use super::status_page::StatusPage;
use crate::document::Document;
use crate::http::{
    self, CLOCK_HEADER, LAST_KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER, PUBLISHED_HEADER, Problem,
};
use crate::render::Rendered;

impl StatusPage {
    /// Where the page stands.
    pub(super) fn place(&self) -> Place {
        let none = || Place { version: 0, epoch: "".into(), published_at: Time::EPOCH };
        let live = self.live.borrow();
        live.as_ref().map_or_else(none, |live| Place {
            version: live.version(),
            epoch: live.epoch(),
            published_at: live.published_at(),
        })
    }

    /// Answers with a text, or why there is none.
    pub(super) fn say(
        &self,
        media_type: &str,
        text: std::result::Result<String, Problem>,
    ) -> Result<Response> {
        match text {
            Ok(text) => Ok(self.place().reply(media_type, &text)?.fixed(text.into_bytes())),
            Err(problem) => http::problem(&problem),
        }
    }

    /// Answers in JSON, or why there is no answer.
    pub(super) fn say_json(&self, value: &std::result::Result<impl Serialize, Problem>) -> Result<Response> {
        match value {
            Ok(value) => self.say(JSON, Ok(serde_json::to_string(value)?)),
            Err(problem) => http::problem(problem),
        }
    }

    /// The same after something was written.
    pub(super) async fn say_and_tidy(
        &self,
        value: std::result::Result<impl Serialize, Problem>,
    ) -> Result<Response> {
        let response = self.say_json(&value);
        self.after_write().await;
        response
    }

    /// A document, after every change that is due by now; and since when a standby cannot vouch for it, if it follows. `last_known`:
    /// whether it may be old.
    pub(super) fn document(
        &self,
        document: &Document,
        last_known: bool,
        now: Time,
    ) -> std::result::Result<Option<(Option<Time>, Rendered)>, Problem> {
        self.with_live(|live| {
            live.keep_up(now)?;
            // What is signed says itself when it was true.
            if !last_known && !matches!(document, Document::Signed(_)) {
                live.refuse_unless_confirmed(now)?;
            }
            let confirmed_at = live.confirmed_at(now);
            let rendered = live.document(document, confirmed_at)?;
            let standby = live.is_following().then_some(confirmed_at);
            Ok(rendered.map(|rendered| (standby, rendered)))
        })
    }

    /// Answers with a document; or, if there is no such one, with the list of what there is, so that the worker need not ask for other
    /// names. The times are those of the object's clock and of the question.
    pub(super) fn give(
        &self,
        document: &Document,
        question: &Headers,
        (clock, now): (Time, Time),
    ) -> Result<Response> {
        let last_known = question.has(LAST_KNOWN_HEADER)?;
        match self.document(document, last_known, now) {
            Ok(Some((standby, Rendered { etag, body, policy }))) => {
                let place = self.place();
                let mut response = place
                    .named()?
                    .with_header("content-type", document.media_type())?
                    .with_header("etag", &etag)?
                    .with_header(CLOCK_HEADER, &clock.as_millis().to_string())?
                    .with_header(PUBLISHED_HEADER, &place.published_at.as_millis().to_string())?;
                if let Some(at) = standby.filter(|_| last_known) {
                    response = response.with_header(LAST_KNOWN_HEADER, &at.as_millis().to_string())?;
                }
                if let Some(policy) = &policy {
                    response = response.with_header(POLICY_HEADER, policy)?;
                }
                Ok(response.fixed(body.into_bytes()))
            }
            Ok(None) => match self.with_live(|live| live.names(live.confirmed_at(now))) {
                Ok(names) => {
                    let place = self.place();
                    let has_list = question
                        .get(LISTED_HEADER)?
                        .is_some_and(|listed| listed == place.version.to_string());
                    let names = if has_list { "null".into() } else { names };
                    let response = place.named()?.with_status(404).with_header("content-type", JSON)?;
                    Ok(response.fixed(names.as_bytes().to_vec()))
                }
                Err(problem) => http::problem(&problem),
            },
            Err(problem) => http::problem(&problem),
        }
    }
}
