//! A copy of a document in this isolate's memory, ready to answer requests.

use std::rc::Rc;

use candor_shared::time::Time;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{Error, Headers, Response, ResponseBuilder};

use super::stamp::{Copied, Stamp};
use crate::document::{Document, Kind};
use crate::http::{self, UNCONFIRMED_HEADER};
use crate::render::{Doubt, Rendered, Sealed, none_match, unconfirmed};

/// A copy of a document, ready to answer requests.
pub(super) struct DocumentCopy {
    pub document: Document,
    /// As what it is counted.
    pub kind: Kind,
    pub rendered: Rendered,
    pub stamp: Stamp,
    /// When its version was published.
    pub published_at: Time,
    /// The object's own time when it gave the copy, if it did and said so.
    pub objects_time: Option<Time>,
    /// The bytes, as JavaScript needs them.
    body: Uint8Array,
    /// The headers, as JavaScript needs them.
    init: web_sys::ResponseInit,
}

impl Copied for Rc<DocumentCopy> {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn published_at(&self) -> Time {
        self.published_at
    }
}

impl DocumentCopy {
    pub fn new(
        document: &Document,
        rendered: Rendered,
        stamp: Stamp,
        published_at: Time,
    ) -> Result<Rc<Self>, Error> {
        Self::by_object(document, rendered, stamp, published_at, None)
    }

    /// The same of a copy that the object gave at this time of its own.
    pub fn by_object(
        document: &Document,
        rendered: Rendered,
        stamp: Stamp,
        published_at: Time,
        objects_time: Option<Time>,
    ) -> Result<Rc<Self>, Error> {
        let headers = headers(document, &rendered, document.cache_control())?;
        let init = web_sys::ResponseInit::new();
        init.set_headers_headers(&headers.0);
        let body = Uint8Array::from(rendered.body.as_bytes());
        let (document, kind) = (document.clone(), document.kind());
        Ok(Rc::new(Self { document, kind, rendered, stamp, published_at, objects_time, body, init }))
    }

    /// What the seal of this copy is of, in the cache under this name and with this time.
    pub fn sealed<'a>(&'a self, name: &'a str, confirmed_at: Time) -> Sealed<'a> {
        let Stamp { epoch, version, .. } = &self.stamp;
        let Rendered { etag, body, policy } = &self.rendered;
        let policy = policy.as_deref().unwrap_or_default();
        let (version, published_at) = (*version, self.published_at);
        Sealed { name, epoch, version, published_at, confirmed_at, etag, policy, body }
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

    /// The copy with a label that states since when it is unconfirmed, and whether it is known to be out of date.
    pub fn unconfirmed(&self, doubt: Doubt, now: Time) -> Result<Rendered, Error> {
        unconfirmed(&self.document, self.stamp.version, &self.rendered, doubt, now)
    }

    /// The response with an unconfirmed copy: the document and a header state when the object last confirmed it.
    pub fn answer_unconfirmed(&self, method: &str, doubt: Doubt, now: Time) -> Result<Response, Error> {
        let rendered = self.unconfirmed(doubt, now)?;
        let headers = headers(&self.document, &rendered, "public, max-age=5")?;
        headers.set(UNCONFIRMED_HEADER, &doubt.since.to_string())?;
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
