//! What the isolates of a data centre tell each other through its cache, so that the object hears from one of them: notes that lapse by
//! themselves. Nobody has to believe a note for long, and without the cache each isolate asks for itself.

use js_sys::Object;
use js_sys::futures::future_to_promise;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Env, Error, ResponseBuilder};

use super::cache::call;
use super::ladder::CACHE_MILLIS;
use super::steps::has_copies;
use crate::document::Document;
use crate::log;
use crate::wait::{limited, within};

/// How long it counts that the object turned an isolate away: half a minute, in seconds.
pub const CROWD_SECONDS: u32 = 30;
/// How long it counts that an isolate asks for a document: a second, which is the least that the cache can keep.
const CLAIM_SECONDS: u32 = 1;
/// How long an isolate looks for the copy of the one that asks, before it asks itself: 0.8 seconds, in milliseconds. So the object hears
/// from a data centre about once a second for each document, however many isolates have no copy: also when it has just come back. Less
/// than a reader waits beside an old copy, who may still get the new one.
pub const CLAIM_MILLIS: i64 = 800;
/// How often it looks: every fifth of a second, in milliseconds.
pub const LOOK_MILLIS: i64 = 200;

/// On a note: a random name of the isolate that left it.
const ISOLATE_HEADER: &str = "candor-isolate";

thread_local! {
    static ISOLATE: String = js_sys::Math::random().to_string();
}

/// A note.
pub(super) enum Note<'a> {
    /// The object turns isolates away that would wait there for a change.
    Crowd,
    /// An isolate that knows this version, of none 0, asks the object for this document. Who knows another version does not wait for its
    /// copy: it may be older than what is wanted.
    Asks(&'a Document, u64),
}

impl Note<'_> {
    fn key(&self) -> String {
        match self {
            Self::Crowd => "/note/crowd".to_owned(),
            Self::Asks(document, known) => format!("/note/asks{}@{known}", document.path()),
        }
    }

    fn seconds(&self) -> u32 {
        match self {
            Self::Crowd => CROWD_SECONDS,
            Self::Asks(..) => CLAIM_SECONDS,
        }
    }

    /// Whether another isolate has left it. If the cache does not say so in time, none has.
    pub async fn is_there(&self, env: &Env) -> bool {
        let is_of_another = |found: JsValue| {
            let found = found.dyn_into::<web_sys::Response>().ok()?;
            let by = found.headers().get(ISOLATE_HEADER).ok()?;
            Some(ISOLATE.with(|name| by.as_ref() != Some(name)))
        };
        has_copies(env)
            && within(CACHE_MILLIS, call("match", &self.key(), &Object::new()))
                .await
                .is_some_and(|found| found.ok().and_then(is_of_another) == Some(true))
    }

    /// Leaves it, in the background. A failure is logged: others ask the object then.
    pub fn leave(&self, env: &Env) {
        if !has_copies(env) {
            return;
        }
        let (key, age) = (self.key(), format!("public, max-age={}", self.seconds()));
        let isolate = ISOLATE.with(Clone::clone);
        drop(future_to_promise(async move {
            let put = async {
                let response = ResponseBuilder::new()
                    .with_header("cache-control", &age)?
                    .with_header(ISOLATE_HEADER, &isolate)?
                    .fixed(Vec::new());
                call("put", &key, &web_sys::Response::from(response)).await.map_err(Error::from)
            };
            if let Err(error) = limited(CACHE_MILLIS, put).await {
                log::error("a note for other isolates could not be left", &[("error", &error.to_string())]);
            }
            Ok(JsValue::UNDEFINED)
        }));
    }
}
