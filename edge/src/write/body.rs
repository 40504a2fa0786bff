//! Reads the body of a request, up to a limit.

use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use worker::{Request, Result};

use super::coding::{declared, inspected};
use crate::http::Problem;
use crate::wait::within;

/// How much of a body that exceeds the limit is read and discarded: 4 MiB. A body that is half read would block the next
/// request on the same connection.
const MAX_DRAINED_BYTES: usize = 4 * 1024 * 1024;
/// How long the next piece of a body may take: 10 seconds, in milliseconds. A sender that stalls has not shown a valid signature yet.
const STALL_MILLIS: i64 = 10_000;
/// How long the connection may take to hear that the rest is not wanted, in milliseconds.
const CANCEL_MILLIS: i64 = 200;

/// The body, as it was sent, or the problem that refuses it: one that says 413 if it has more than `limit` bytes, one that says 415 if it
/// has a content coding, one that says 408 if it stalls. If `Content-Length` exceeds the limit, the body is not read.
///
/// # Errors
/// If the connection fails.
pub(super) async fn body(request: &Request, limit: usize) -> Result<std::result::Result<Vec<u8>, Problem>> {
    if let Err(problem) = declared(request.headers().get("content-encoding")?.as_deref()) {
        return Ok(Err(problem));
    }
    Ok(bytes(request, limit).await?.and_then(|body| {
        inspected(&body)?;
        Ok(body)
    }))
}

/// The bytes of the body, or the problem that it has more than `limit` or stalls.
async fn bytes(request: &Request, limit: usize) -> Result<std::result::Result<Vec<u8>, Problem>> {
    let mut body = Vec::new();
    let declared = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Ok(Err(Problem::too_large(limit)));
    }
    let Some(stream) = request.inner().body() else { return Ok(Ok(body)) };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = 0_usize;
    loop {
        let Some(step) = within(STALL_MILLIS, JsFuture::from(reader.read())).await else {
            // Whatever comes of that: the answer is the same.
            let _ = within(CANCEL_MILLIS, JsFuture::from(reader.cancel())).await;
            return Ok(Err(Problem::stalled(STALL_MILLIS)));
        };
        let Ok(chunk) = Reflect::get(&step?, &"value".into())?.dyn_into::<Uint8Array>() else {
            return Ok(if read <= limit { Ok(body) } else { Err(Problem::too_large(limit)) });
        };
        read = read.saturating_add(chunk.length() as usize);
        if read <= limit {
            body.extend(chunk.to_vec());
        } else if read > MAX_DRAINED_BYTES {
            let _ = within(CANCEL_MILLIS, JsFuture::from(reader.cancel())).await;
            return Ok(Err(Problem::too_large(limit)));
        }
    }
}
