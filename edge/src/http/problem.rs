//! Errors as RFC 9457 problem details. Whatever is answered with one changed nothing; only a 503 of a
//! storage that did not answer cannot know, and says so.

use candor_shared::rules::{Rejection, RejectionKind};
use candor_shared::time::Time;
use candor_shared::update::InputError;
use serde::Serialize;

use crate::document::Document;

/// A problem: `application/problem+json`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// Names the kind of problem: `urn:candor:problem:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind, in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong here and what to do.
    pub detail: String,
    /// Where in the body it is (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The page's version now, where the request was about another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The time at the edge, where clocks differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Time>,
    /// Seconds after which it may work: the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u32>,
    /// The methods that would have worked: the header `Allow`.
    #[serde(skip)]
    pub allow: Option<&'static str>,
}

impl Problem {
    fn new(status: u16, slug: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:candor:problem:{slug}"),
            title,
            status,
            detail: detail.into(),
            pointer: None,
            version: None,
            server_time: None,
            retry_after: None,
            allow: None,
        }
    }

    /// 404: there is nothing at this path.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, "not-found", "Not found", detail)
    }

    /// 404: no document is published at this path.
    pub fn no_document(document: &Document) -> Self {
        Self::not_found(match document {
            Document::Status | Document::Metrics => {
                "Nothing has been published yet. Send a signed update to /v1/updates, such as page.set."
            }
            _ => "There is no such document.",
        })
    }

    /// 405: the path knows other methods.
    pub fn method_not_allowed(method: &str, allow: &'static str) -> Self {
        let detail = format!("This path takes {allow}, not {}.", method.chars().take(20).collect::<String>());
        Self { allow: Some(allow), ..Self::new(405, "method-not-allowed", "Method not allowed", detail) }
    }

    /// 400: a parameter or header is wrong.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "Bad request", detail)
    }

    /// 403: this key may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "forbidden", "Forbidden", detail)
    }

    /// 409: it was accepted before, or something else was under the same name.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", "Conflict", detail)
    }

    /// 412: the page has another version by now.
    pub fn precondition_failed(wanted: u64, version: u64) -> Self {
        let detail = format!(
            "If-Match asks for version {wanted}; the page is at version {version}. Read it again, then decide."
        );
        Self {
            version: Some(version),
            ..Self::new(412, "precondition-failed", "Precondition failed", detail)
        }
    }

    /// 413: the body is over the limit.
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            413,
            "too-large",
            "Body too large",
            format!("A request holds at most {limit} bytes; split it."),
        )
    }

    /// 415: the body is not said to be JSON.
    pub fn unsupported_media_type(got: Option<&str>) -> Self {
        let got =
            got.map_or("none".to_owned(), |got| format!("\"{}\"", got.chars().take(80).collect::<String>()));
        Self::new(
            415,
            "unsupported-media-type",
            "Unsupported media type",
            format!("Content-Type has to be application/json; it is {got}. With curl, use --json."),
        )
    }

    /// 429: this key writes too fast.
    pub fn too_many(per_minute: u32, retry_after: u32) -> Self {
        let detail =
            format!("This key has sent more than {per_minute} updates a minute. Wait {retry_after} s.");
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, "too-many-updates", "Too many updates", detail)
        }
    }

    /// 503: a setting is missing or wrong, or the storage does not answer.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(5), ..Self::new(503, "unavailable", "Unavailable", detail) }
    }

    /// Puts the place in front: which update of an array it is.
    #[must_use]
    pub fn within(mut self, base: &str) -> Self {
        if let Some(pointer) = &mut self.pointer {
            pointer.insert_str(0, base);
        }
        self
    }

    /// 401: the signature is missing or wrong.
    pub fn unauthorized(detail: impl Into<String>, now: Time) -> Self {
        Self { server_time: Some(now), ..Self::new(401, "signature", "Signature refused", detail) }
    }
}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        match error {
            InputError::NotJson { .. } => {
                Self::new(400, "not-json", "Not JSON", format!("The body is {error}."))
            }
            InputError::Invalid { pointer, detail } => {
                Self { pointer: Some(pointer), ..Self::new(422, "invalid", "Invalid update", detail) }
            }
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let (status, slug, title) = match rejection.kind {
            RejectionKind::Forbidden => (403, "forbidden", "Forbidden"),
            RejectionKind::NotFound => (404, "not-found", "Not found"),
            RejectionKind::Conflict => (409, "conflict", "Conflict"),
            RejectionKind::Invalid => (422, "invalid", "Invalid update"),
        };
        Self { pointer: Some(rejection.pointer), ..Self::new(status, slug, title, rejection.detail) }
    }
}
