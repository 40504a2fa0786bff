//! The static files that this worker answers for itself. It reads them through a binding, once per isolate: they change only with a
//! deployment, which starts new isolates.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::futures::JsFuture;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use worker::{Env, Error, Result};

use crate::log;
use crate::render::etag_of;

/// The path of the description of the API.
pub const OPENAPI: &str = "/openapi.json";
/// The path of the loader, which host pages name in their script tag.
pub const LOADER: &str = "/widget.js";
/// The path of what paints a bulletin: a module whose value is one expression. The platform serves it; the loader's answer has it
/// inside where there is something to paint.
pub const PAINTER: &str = "/paint.js";
/// The files of the widget whose current version has a URL that never changes (`xtask/src/build/widget.rs`).
pub const PARTS: [&str; 10] = [
    "element.js",
    "loader.js",
    "paint.js",
    "take.js",
    "windows.js",
    "live.js",
    "mirror.js",
    "banner.css",
    "panel.css",
    "unknown.json",
];

#[wasm_bindgen(raw_module = "./files.js")]
extern "C" {
    /// The bytes of the file at this path, as a `Uint8Array`.
    fn file(env: &Env, path: &str) -> Promise;
}

thread_local! {
    static KNOWN: RefCell<BTreeMap<&'static str, Rc<Asset>>> = const { RefCell::new(BTreeMap::new()) };
}

/// A static file.
pub struct Asset {
    /// Its text.
    pub text: String,
    /// Its strong entity tag, with quotes.
    pub etag: String,
}

/// Whether this worker answers for a static file at this path.
pub fn is_asset(path: &str) -> bool {
    matches!(path, OPENAPI | LOADER)
}

/// The file, if this isolate has read it before.
pub fn remembered(path: &str) -> Option<Rc<Asset>> {
    KNOWN.with_borrow(|known| known.get(path).cloned())
}

/// The file, from this isolate's memory or else through the binding. A failure is logged.
pub async fn asset(path: &'static str, env: &Env) -> Option<Rc<Asset>> {
    if let Some(asset) = remembered(path) {
        return Some(asset);
    }
    let text = bytes(path, env).await.and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| Error::RustError("it is not UTF-8".to_owned()))
    });
    match text {
        Ok(text) => {
            let asset = Rc::new(Asset { etag: etag_of(&text), text });
            KNOWN.with_borrow_mut(|known| known.insert(path, Rc::clone(&asset)));
            Some(asset)
        }
        Err(error) => {
            log::error(
                "a static file could not be read",
                &[("document", path), ("error", &error.to_string())],
            );
            None
        }
    }
}

/// The bytes of any static file, through the binding.
///
/// # Errors
/// If it does not come within two seconds, or is not the file that was built with this program.
pub async fn bytes(path: &str, env: &Env) -> Result<Vec<u8>> {
    let bytes = JsFuture::from(file(env, path)).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}
