//! The hand-over: what the loader calls.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ShadowRoot};
use yew::prelude::*;

use crate::live::{Live, LiveProps};
use crate::read::read;
use crate::style::adopt_more;
use crate::watch;

#[wasm_bindgen]
extern "C" {
    /// One embed, as `loader/attach.js` makes it.
    pub type Embed;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Embed) -> String;
    #[wasm_bindgen(method, getter)]
    fn shadow(this: &Embed) -> ShadowRoot;
    #[wasm_bindgen(method, getter)]
    fn refresh(this: &Embed) -> u32;
    #[wasm_bindgen(method, getter)]
    fn dismissible(this: &Embed) -> bool;
    /// What a check brought: the text, or why there is none.
    #[wasm_bindgen(method)]
    fn observe(this: &Embed, text: Option<&str>, reason: Option<&str>);
    /// The widget is in place: the loader stops checking.
    #[wasm_bindgen(method)]
    fn ready(this: &Embed);
}

/// Takes over from the plain banner that the loader shows in the embed's shadow root, beginning with the
/// text of status.json. The plain one goes when the first render is done, in the same frame.
///
/// # Errors
/// When the text is not a status document: the plain banner stays.
#[wasm_bindgen]
pub fn mount(embed: Embed, text: &str) -> Result<(), JsValue> {
    let known = read(text).ok_or("unreadable")?;
    let shadow = embed.shadow();
    let document = shadow.owner_document().ok_or("no document")?;
    let root = document.create_element("div")?;
    let url = embed.url();
    let (refresh, dismissible) = (embed.refresh(), embed.dismissible());
    let embed = Rc::new(embed);
    let observed = Rc::clone(&embed);
    watch::observe(&url, Rc::new(move |text, reason| observed.observe(text, reason)));
    adopt_more(&shadow);
    let new = root.clone();
    let on_ready = Callback::from(move |()| {
        replace(&shadow, &new);
        embed.ready();
    });
    let props = LiveProps { url: url.into(), refresh, dismissible, known: Some(Rc::new(known)), on_ready };
    yew::Renderer::<Live>::with_root_and_props(root, props).render();
    Ok(())
}

/// Checks now.
#[wasm_bindgen]
pub fn refresh() {
    watch::refresh_all();
}

/// Puts the widget where the plain banner was. The keyboard's focus stays where it was.
fn replace(shadow: &ShadowRoot, new: &Element) {
    let focused = shadow.active_element().map(|element| element.local_name());
    shadow.replace_children_with_node_1(new);
    let selector = match focused.as_deref() {
        Some("a") => "a",
        Some("button") => ".c",
        _ => return,
    };
    if let Ok(Some(element)) = new.query_selector(selector) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
