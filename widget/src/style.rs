//! Style sheets for a shadow root. Constructed ones: they pass a Content-Security-Policy without `unsafe-inline`, which `<style>`
//! and `style=` do not.

use js_sys::Array;
use web_sys::{CssStyleSheet, ShadowRoot};

/// Hides what only a screen reader reads.
const SAY: &str = ".say{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}";

/// Gives a shadow root the bulletin's style sheet and a theme: `light`, `dark`, or else what the visitor prefers.
pub(crate) fn adopt(shadow: &ShadowRoot, styles: &str, theme: &str) {
    let scheme = match theme {
        "light" | "dark" => theme,
        _ => "light dark",
    };
    let all = Array::new();
    // The last one counts.
    for css in [styles, SAY, &format!("section{{color-scheme:{scheme}}}")] {
        // An engine without constructed sheets shows the banner unstyled.
        if let Ok(sheet) = CssStyleSheet::new() {
            let _ = sheet.replace_sync(css);
            all.push(&sheet);
        }
    }
    shadow.set_adopted_style_sheets(&all);
}
