//! One check of a document.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestInit, Response};

/// How long an answer may take. Milliseconds.
const PATIENCE: u32 = 10_000;

/// Why there is no document. It is neither up nor down then: it is unknown.
pub(crate) struct Failure {
    /// For the developer: the status, or the browser's words.
    pub(crate) reason: String,
    /// The server's `Retry-After`. Seconds.
    pub(crate) retry_after: Option<f64>,
}

impl Failure {
    pub(crate) fn of(reason: &str) -> Self {
        Self { reason: reason.to_owned(), retry_after: None }
    }
}

/// What the server answered.
pub(crate) struct Answer<T> {
    pub(crate) document: T,
    /// When, by its own clock, as it says it, where a page may read that.
    pub(crate) date: Option<String>,
}

/// Asks the server.
pub(crate) async fn check<T>(url: &str, read: fn(&str) -> Option<T>) -> Result<Answer<T>, Failure> {
    let init = RequestInit::new();
    // Asks each time (a 304 mostly), so that nothing stale is shown as news.
    init.set_cache(RequestCache::NoCache);
    init.set_credentials(RequestCredentials::Omit);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    let window = web_sys::window().ok_or_else(|| Failure::of("no window"))?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init))
        .await
        .map_err(unreachable)?
        .unchecked_into();
    let retry_after =
        response.headers().get("retry-after").ok().flatten().map(|text| js_sys::parse_float(&text));
    if !response.ok() {
        return Err(Failure { reason: response.status().to_string(), retry_after });
    }
    let text = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    let document = read(&text.as_string().unwrap_or_default())
        .ok_or(Failure { reason: "unreadable".to_owned(), retry_after })?;
    Ok(Answer { document, date: response.headers().get("date").ok().flatten() })
}

fn unreachable(error: JsValue) -> Failure {
    Failure::of(&String::from(js_sys::Object::from(error).to_string()))
}
