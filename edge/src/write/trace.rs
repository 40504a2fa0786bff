//! What the log says about a request to an address for those who have a key, from its arrival to its answer: one line.

use candor_shared::text::Id;
use candor_shared::time::Time;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Context, Env, Response, Result, worker_sys};

use crate::clock;
use crate::http::{self, DOUBT_HEADER, Problem, VERSION_HEADER};
use crate::log::{self, Level};
use crate::meter::Point;
use crate::object::stub::Exchange;

/// The most characters of the id that the platform gives to a request.
const MAX_ID_CHARS: usize = 64;

#[wasm_bindgen]
extern "C" {
    /// What `entry.js` hands over with a request. It outlives this instance of the module, which may trap.
    pub type Entry;

    /// A verified write is sent to the object now: until its outcome is known, it is in doubt.
    #[wasm_bindgen(method, catch)]
    fn sends(this: &Entry) -> std::result::Result<(), JsValue>;

    /// Nobody knows what became of the write.
    #[wasm_bindgen(method)]
    pub fn doubts(this: &Entry);
}

impl Entry {
    /// That of this request.
    pub fn of(ctx: &Context) -> Self {
        let ctx: &worker_sys::Context = ctx.as_ref();
        JsValue::from(ctx).unchecked_into()
    }
}

/// A request that is being answered.
pub struct Trace {
    request: String,
    path: &'static str,
    began: Time,
    key: Option<Id>,
    is_vouched_for: bool,
    status: u16,
    outcome: String,
    why: Option<&'static str>,
    version: Option<u64>,
    is_in_doubt: bool,
}

impl Trace {
    /// A request for this path has arrived.
    pub fn new(request: &web_sys::Request, path: &'static str) -> Self {
        let ray = request.headers().get("cf-ray").ok().flatten();
        Self {
            request: ray.filter(|ray| is_id(ray)).unwrap_or_else(random_id),
            path,
            began: clock::now(),
            key: None,
            is_vouched_for: false,
            status: 503,
            outcome: "failed".to_owned(),
            why: None,
            version: None,
            is_in_doubt: false,
        }
    }

    /// This key has signed the request.
    pub(super) fn vouched_for(&mut self, key: &Id) {
        self.key = Some(key.clone());
        self.is_vouched_for = true;
    }

    /// The request claims to be signed by this key, and is not.
    pub(super) fn claimed(&mut self, key: Option<Id>) {
        self.key = key;
    }

    /// The response to a request that is refused.
    ///
    /// # Errors
    /// Only if the runtime fails.
    pub fn refuse(&mut self, problem: &Problem) -> Result<Response> {
        self.status = problem.status;
        self.outcome = Problem::word(&problem.kind).to_owned();
        self.why = problem.why;
        http::problem(problem)
    }

    /// A verified write is sent to the object now. Nothing before this can have written anything.
    ///
    /// # Errors
    /// If the sender has heard already that nothing was written. Then it must not be sent.
    pub(super) fn sends(&mut self, entry: &Entry) -> Result<()> {
        entry.sends()?;
        self.is_in_doubt = true;
        Ok(())
    }

    /// Whether nobody knows what became of the request: it was sent to the object, and is not answered, or not with an outcome.
    pub fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// The response that the object gave. `outcome`: what it means if it is no problem.
    ///
    /// # Errors
    /// Only if the runtime fails.
    pub fn answer(&mut self, exchange: Exchange, outcome: &str) -> Result<Response> {
        self.status = exchange.status;
        // The object may not know itself what its storage has made of a write.
        let has = |name: &str| exchange.headers.get(name).ok().flatten();
        self.is_in_doubt = has(DOUBT_HEADER).is_some();
        self.version = has(VERSION_HEADER).and_then(|version| version.parse().ok());
        self.outcome = if exchange.status < 400 {
            if has("idempotency-replayed").is_some() { "replayed" } else { outcome }.to_owned()
        } else {
            let kind = Problem::kind_in(&exchange.body, exchange.status);
            kind.map_or("failed".to_owned(), |kind| Problem::word(&kind).to_owned())
        };
        Ok(exchange.response())
    }

    /// The request is answered: writes the line, and a data point.
    pub fn end(self, env: &Env) {
        let Self { request, path, began, key, is_vouched_for, status, outcome, why, version, is_in_doubt: _ } =
            self;
        let level = match status {
            ..400 => Level::Info,
            500.. => Level::Error,
            _ => Level::Warn,
        };
        let millis = clock::now().millis_since(began).max(0);
        let key = key.as_ref().map(Id::as_str);
        let line = log::line(level, "request", &outcome)
            .with("request", request)
            .with("document", path)
            .with_some("key", key)
            .with_some("why", why)
            .with("status", status)
            .with_some("version", version)
            .with("ms", millis);
        if is_vouched_for { line.vouched_for() } else { line }.write();
        let (key, why) = (key.unwrap_or_default(), why.unwrap_or_default());
        let (outcome, version) = (outcome.as_str(), version.unwrap_or_default());
        Point { event: "request", outcome, document: path, key, why, millis, version }.write(env);
    }
}

/// Whether a text is an id as the platform gives it. Elsewhere the sender may have made it up.
fn is_id(text: &str) -> bool {
    (1..=MAX_ID_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// An id where the platform gives none: 12 hexadecimal digits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number below 2^48")]
fn random_id() -> String {
    const VALUES: f64 = 281_474_976_710_656.0;
    format!("{:012x}", (js_sys::Math::random() * VALUES) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_calls_an_id_is_one() {
        for good in ["8f1d2c3b4a5e6f70-FRA", "a"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "a b", "{\"level\"", "ä", &"a".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
