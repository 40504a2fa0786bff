//! Style sheets for a shadow root. Constructed ones: they pass a Content-Security-Policy without
//! `unsafe-inline`, which `<style>` and `style=` do not.

use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, ShadowRoot};

/// What the plain banner has too: everything that decides how much room is taken.
const BASE: &str = include_str!("../css/banner.css");
/// What only the widget has.
const MORE: &str = include_str!("../css/more.css");

/// Adds everything but the scheme.
pub(crate) fn adopt_all(shadow: &ShadowRoot) {
    adopt(shadow, BASE);
    adopt(shadow, MORE);
}

/// Adds the colour scheme. The last one counts.
pub(crate) fn adopt_scheme(shadow: &ShadowRoot, scheme: &str) {
    adopt(shadow, &format!("section{{color-scheme:{scheme}}}"));
}

fn adopt(shadow: &ShadowRoot, css: &str) {
    // An engine without constructed sheets shows the banner unstyled.
    if let Ok(sheet) = CssStyleSheet::new() {
        let _ = sheet.replace_sync(css);
        let all = shadow.adopted_style_sheets().concat(&js_sys::Array::of1(&sheet));
        shadow.set_adopted_style_sheets(&JsValue::from(all));
    }
}
