//! The characters of a text as people count them: grapheme clusters (UAX #29). The runtime has the tables for it; as a library,
//! they would be a hundredth of the worker.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type Segmenter;

    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new() -> Segmenter;

    #[wasm_bindgen(method)]
    fn segment(this: &Segmenter, text: &str) -> JsValue;
}

/// The clusters of a text, in order.
#[cfg(target_arch = "wasm32")]
pub(super) fn clusters(text: &str) -> Vec<String> {
    let segments = Segmenter::new().segment(text);
    let name = JsValue::from_str("segment");
    let all = js_sys::try_iter(&segments).ok().flatten().into_iter().flatten();
    all.filter_map(|each| js_sys::Reflect::get(&each.ok()?, &name).ok()?.as_string()).collect()
}

/// The same for tests, which run outside the runtime.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn clusters(text: &str) -> Vec<String> {
    use unicode_segmentation::UnicodeSegmentation;
    text.graphemes(true).map(str::to_owned).collect()
}
