//! A copy of a document in this isolate's memory, ready to answer requests.

use std::rc::Rc;

use candor_shared::time::Time;
use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use worker::{Error, Headers, Response, ResponseBuilder};

use super::stamp::{Copied, Stamp};
use crate::document::{Document, Kind};
use crate::http::{self, UNCONFIRMED_HEADER};
use crate::render::{Rendered, none_match, unconfirmed};

/// A copy of a document, ready to answer requests.
pub(super) struct DocumentCopy {
    pub document: Document,
    /// As what it is counted.
    pub kind: Kind,
    pub rendered: Rendered,
    pub stamp: Stamp,
    /// The bytes, as JavaScript needs them.
    body: Uint8Array,
    /// The headers, as JavaScript needs them.
    init: web_sys::ResponseInit,
}

impl Copied for Rc<DocumentCopy> {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }
}

impl DocumentCopy {
    pub fn new(document: &Document, rendered: Rendered, stamp: Stamp) -> Result<Rc<Self>, Error> {
        let headers = headers(document, &rendered, document.cache_control())?;
        let init = web_sys::ResponseInit::new();
        init.set_headers_headers(&headers.0);
        let body = Uint8Array::from(rendered.body.as_bytes());
        Ok(Rc::new(Self { document: document.clone(), kind: document.kind(), rendered, stamp, body, init }))
    }

    /// The response to a GET or HEAD: 304 if `If-None-Match` names the copy, else 200.
    pub fn answer(&self, method: &str, if_none_match: Option<&str>) -> Result<web_sys::Response, JsValue> {
        if if_none_match.is_some_and(|header| none_match(header, &self.rendered.etag)) {
            let init = web_sys::ResponseInit::new();
            init.set_status(304);
            init.set_headers(&js_sys::Reflect::get(&self.init, &"headers".into())?);
            return web_sys::Response::new_with_opt_str_and_init(None, &init);
        }
        match method {
            "HEAD" => web_sys::Response::new_with_opt_str_and_init(None, &self.init),
            _ => web_sys::Response::new_with_opt_js_u8_array_and_init(Some(&self.body), &self.init),
        }
    }

    /// The copy with a label that states since when it is unconfirmed, and that time.
    pub fn unconfirmed(&self, now: Time) -> Result<(Time, Rendered), Error> {
        // A clock that was ahead may have written a time in the future.
        let since = self.stamp.confirmed_at.min(now);
        Ok((since, unconfirmed(&self.document, self.stamp.version, &self.rendered, since, now)?))
    }

    /// The response with an unconfirmed copy: the document and a header state when the object last confirmed it.
    pub fn answer_unconfirmed(&self, method: &str, now: Time) -> Result<Response, Error> {
        let (since, rendered) = self.unconfirmed(now)?;
        let headers = headers(&self.document, &rendered, "public, max-age=5")?;
        headers.set(UNCONFIRMED_HEADER, &since.to_string())?;
        let response = ResponseBuilder::new().with_headers(headers);
        Ok(if method == "HEAD" { response.empty() } else { response.fixed(rendered.body.into_bytes()) })
    }
}

fn headers(document: &Document, rendered: &Rendered, cache_control: &str) -> Result<Headers, Error> {
    let headers = Headers::new();
    headers.set("content-type", document.media_type())?;
    headers.set("cache-control", cache_control)?;
    headers.set("etag", &rendered.etag)?;
    http::public(&headers)?;
    if matches!(document.parts().0, Document::Embed(..)) && !document.needs_editions() {
        // A page that is isolated from other origins shows only frames that say so too (HTML, cross-origin isolation).
        headers.set("cross-origin-embedder-policy", "require-corp")?;
    }
    if document.parts().0.is_negotiated() {
        headers.set("vary", "accept-language")?;
    }
    if let Some(policy) = &rendered.policy {
        http::page(&headers, policy)?;
    }
    Ok(headers)
}

/// The seal of a copy in the data centre's cache: a hash of everything in it. A copy without the right seal was cut off or
/// changed, and is not used.
pub(super) fn seal(name: &str, stamp: &Stamp, rendered: &Rendered) -> String {
    let Stamp { epoch, version, confirmed_at } = stamp;
    let Rendered { etag, body, policy } = rendered;
    let policy = policy.as_deref().unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [name, epoch, &version.to_string(), &confirmed_at.as_millis().to_string(), etag, policy, body]
    {
        hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part);
    }
    base16ct::lower::encode_string(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_of_every_part() {
        let stamp = Stamp { epoch: "a".into(), version: 7, confirmed_at: Time::EPOCH };
        let rendered = Rendered { etag: "\"x\"".to_owned(), body: "{}".to_owned(), policy: None };
        let whole = seal("/status.json", &stamp, &rendered);
        assert_eq!(whole, seal("/status.json", &stamp, &rendered));
        let later = Time::from_millis(1).unwrap();
        for other in [
            seal("/", &stamp, &rendered),
            seal("/status.json", &Stamp { version: 8, ..stamp.clone() }, &rendered),
            seal("/status.json", &Stamp { epoch: "b".into(), ..stamp.clone() }, &rendered),
            seal("/status.json", &Stamp { confirmed_at: later, ..stamp.clone() }, &rendered),
            seal("/status.json", &stamp, &Rendered { body: "{".to_owned(), ..rendered.clone() }),
            seal("/status.json", &stamp, &Rendered { policy: Some("x".to_owned()), ..rendered.clone() }),
        ] {
            assert_ne!(whole, other);
        }
    }
}
