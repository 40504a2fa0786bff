//! The steps of the ladder that ask the object and KV, each with a time limit.

use std::rc::Rc;

use candor_shared::time::Time;
use worker::{Env, Error, RequestInit};

use super::copy::DocumentCopy;
use super::ladder::CLIMB_MILLIS;
use super::stamp::{Reply, Stamp, UNKNOWN};
use crate::clock::now;
use crate::document::Document;
use crate::http::{
    CLOCK_HEADER, EPOCH_HEADER, HELD_HEADER, KNOWN_HEADER, LAST_KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER,
    PUBLISHED_HEADER, VERSION_HEADER,
};
use crate::log;
use crate::object::stub::{Exchange, PageError, exchange};
use crate::object::{CHANGES, CopyMetadata, HOLD_MILLIS};
use crate::render::Rendered;
use crate::settings::{LAST_GOOD, settings};
use crate::wait::within;

/// How long KV may take: half a second, in milliseconds.
const KV_MILLIS: i64 = 500;
/// How long the object of a standby may take to give an old copy: 2 seconds, in milliseconds.
const STANDBY_MILLIS: i64 = 2_000;

/// Whether this platform keeps copies outside the object. A wrong setting stops reads before they come here.
pub(super) fn has_copies(env: &Env) -> bool {
    settings(env).copies == Ok(true)
}

/// Asks the object, for at most so many milliseconds. `listed`: the version whose documents this isolate has listed. The copy is confirmed at the time of the question, not of the answer:
/// the object may have changed in between.
pub(super) async fn from_object(
    document: &Document,
    env: &Env,
    listed: Option<u64>,
    now: Time,
    millis: i64,
) -> Reply<Rc<DocumentCopy>> {
    let init = RequestInit::new();
    if let Some(version) = listed
        && init.headers.set(LISTED_HEADER, &version.to_string()).is_err()
    {
        return Reply::Failed;
    }
    let answer = match exchange(env, &document.path(), init, millis).await {
        Ok(answer) => read(document, answer, now),
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(|PageError(what)| {
        log::error("the page's object gave no document", &[("error", &what), ("document", &document.path())]);
        Reply::Failed
    })
}

/// Asks the object for its newest version, and waits until it is another one than the known one, for [`HOLD_MILLIS`] at most. The
/// object vouches for it at the time of its answer, of which it says how many milliseconds after the question that was: also
/// returned.
pub(super) async fn changed(env: &Env, known: Option<&Stamp>) -> Option<(Stamp, i64)> {
    let init = RequestInit::new();
    if let Some(known) = known {
        init.headers.set(KNOWN_HEADER, &known.id()).ok()?;
    }
    let asked = now();
    let answer = exchange(env, CHANGES, init, HOLD_MILLIS.saturating_add(CLIMB_MILLIS)).await;
    let stamp = answer.and_then(|Exchange { status, headers, .. }| {
        let header = |name: &str| headers.get(name).ok().flatten();
        let stamp = || {
            let held = header(HELD_HEADER)?.parse().ok().filter(|held| (0..=HOLD_MILLIS).contains(held))?;
            let stamp = Stamp {
                epoch: header(EPOCH_HEADER).filter(|epoch| !epoch.is_empty())?.into(),
                version: header(VERSION_HEADER)?.parse().ok()?,
                confirmed_at: Time::from_millis(asked.as_millis().saturating_add(held))?.min(now()),
            };
            Some((stamp, held))
        };
        stamp().ok_or_else(|| PageError(format!("status {status}, without a version")))
    });
    stamp.map_err(|PageError(what)| log::error("the page's object gave no version", &[("error", &what)])).ok()
}

fn read(document: &Document, answer: Exchange, now: Time) -> Result<Reply<Rc<DocumentCopy>>, PageError> {
    let wrong = |what: &str| PageError(what.to_owned());
    let Exchange { status, headers, body } = answer;
    let header = |name: &str| headers.get(name).ok().flatten();
    let time = |name: &str| header(name)?.parse().ok().and_then(Time::from_millis);
    let version = header(VERSION_HEADER).and_then(|version| version.parse().ok());
    // Without an epoch a version says nothing: every copy would be one of another storage.
    let epoch = header(EPOCH_HEADER).filter(|epoch| !epoch.is_empty());
    let stamp = version.zip(epoch);
    let stamp = stamp.map(|(version, epoch)| Stamp { epoch: epoch.into(), version, confirmed_at: now });
    match (status, stamp, header("etag")) {
        (200, Some(stamp), Some(etag)) => {
            let body = String::from_utf8(body).map_err(|_| wrong("a document that is not UTF-8"))?;
            let rendered = Rendered { etag, body, policy: header(POLICY_HEADER) };
            if !rendered.is_whole(document, stamp.version) {
                return Err(wrong("a body that is not the one of its ETag"));
            }
            if rendered.policy.is_none() && document.media_type().starts_with("text/html") {
                return Err(wrong("a page without its policy"));
            }
            // An object of an earlier deployment names no times.
            let published_at = time(PUBLISHED_HEADER).unwrap_or(UNKNOWN);
            let copy = DocumentCopy::by_object(document, rendered, stamp, published_at, time(CLOCK_HEADER));
            copy.map(Reply::Document).map_err(|error: Error| wrong(&error.to_string()))
        }
        // An object of an earlier deployment sends no list.
        (404, Some(stamp), _) => Ok(Reply::Nothing(stamp, serde_json::from_slice(&body).ok())),
        (200 | 404, ..) => Err(wrong("an answer without an ETag, a version or an epoch")),
        (status, ..) => Err(PageError(format!("status {status}"))),
    }
}

/// The last-known-good copy: what a standby holds of the page that it follows, or else what is in KV.
pub(super) async fn last_known_good(document: &Document, env: &Env) -> Option<Rc<DocumentCopy>> {
    let settings = settings(env);
    if matches!(settings.follows, Ok(Some(_)))
        && let Some(copy) = from_standby(document, env).await
    {
        return Some(copy);
    }
    from_kv(document, env).await
}

/// What the object of a standby holds of the page that it follows, however old it is.
async fn from_standby(document: &Document, env: &Env) -> Option<Rc<DocumentCopy>> {
    let init = RequestInit::new();
    init.headers.set(LAST_KNOWN_HEADER, "any").ok()?;
    let answer = exchange(env, &document.path(), init, STANDBY_MILLIS).await.ok()?;
    let at = answer.headers.get(LAST_KNOWN_HEADER).ok().flatten()?;
    let confirmed_at = at.parse().ok().and_then(Time::from_millis)?;
    match read(document, answer, confirmed_at) {
        Ok(Reply::Document(copy)) => Some(copy),
        _ => None,
    }
}

async fn from_kv(document: &Document, env: &Env) -> Option<Rc<DocumentCopy>> {
    if !has_copies(env) || !document.has_kv_copy() {
        return None;
    }
    within(KV_MILLIS, async {
        let kv = env.kv(LAST_GOOD).ok()?;
        let (body, metadata) =
            kv.get(&document.parts().0.path()).text_with_metadata::<CopyMetadata>().await.ok()?;
        let (body, metadata) = (body?, metadata?);
        if !metadata.is_of(document.parts().0, &body) {
            log::error("a copy in KV is not what was put there", &[("document", &document.path())]);
            return None;
        }
        let CopyMetadata { confirmed_at, published_at, version, epoch, policy, .. } = metadata;
        // An unconfirmed copy is rendered again with an ETag of its own, so it needs none here.
        let rendered = Rendered { etag: String::new(), body, policy };
        let stamp = Stamp { epoch: epoch.into(), version, confirmed_at };
        DocumentCopy::new(document, rendered, stamp, published_at).ok()
    })
    .await
    .flatten()
}
