//! The body of a request, read up to the limit.

use candor_shared::limits;
use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use worker::{Request, Result};

/// What is read and thrown away of a body that turns out to be over the limit: 4 MiB. A connection with
/// a body that is half read would keep the next request on it waiting.
const DRAINED_BYTES: usize = 4 * 1024 * 1024;

/// The body, or none if it is over the limit. What is said to be over the limit is not begun.
pub(super) async fn body(request: &Request) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    let said = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if said.is_some_and(|length| length > limits::REQUEST_BYTES) {
        return Ok(None);
    }
    let Some(stream) = request.inner().body() else { return Ok(Some(body)) };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = 0_usize;
    loop {
        let step = JsFuture::from(reader.read()).await?;
        let Ok(chunk) = Reflect::get(&step, &"value".into())?.dyn_into::<Uint8Array>() else {
            return Ok((read <= limits::REQUEST_BYTES).then_some(body));
        };
        read = read.saturating_add(chunk.length() as usize);
        if read <= limits::REQUEST_BYTES {
            body.extend(chunk.to_vec());
        } else if read > DRAINED_BYTES {
            JsFuture::from(reader.cancel()).await?;
            return Ok(None);
        }
    }
}
