//! The two ways in: a component for Rust applications, and what the JavaScript around a banner calls.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::live::{LivePanel, LivePanelProps, Words};
use crate::read::{Json, text_of};
use crate::shadow::{shadow_of, use_shadow};
use crate::style::adopt;

const STYLES: &str = include_str!("../../css/details.css");

/// The properties of a [`StatusPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct StatusPanelProps {
    /// The address of the status page, or of its `panel.json`, `bulletin.json` or `status.json`.
    pub url: AttrValue,
    /// The language, as a BCP 47 tag. If it is empty, the document's, or else the visitor's.
    #[prop_or_default]
    pub lang: AttrValue,
    /// `light` or `dark`; else what the visitor prefers.
    #[prop_or_default]
    pub theme: AttrValue,
    /// Whether it lies over the page, as a dialog. Otherwise it stands where the application puts it.
    #[prop_or(true)]
    pub is_modal: bool,
    /// Called when the visitor closes it: render it no longer.
    pub on_close: Callback<()>,
}

/// Everything that the status page has to tell: all open incidents with their updates, what is planned, what is over, the uptime of
/// each component, and "is it just me?". It is open while an application renders it, and follows what changes.
#[component]
pub fn StatusPanel(props: &StatusPanelProps) -> Html {
    let host = use_node_ref();
    let inside = use_shadow(&host);
    {
        let shadow = inside.as_ref().map(|(shadow, _)| shadow.clone());
        use_effect_with((shadow, props.theme.clone()), |(shadow, theme)| {
            if let Some(shadow) = shadow {
                adopt(shadow, STYLES, theme);
            }
        });
    }
    let panel = inside.map(|(_, root)| {
        // The key: another address starts anew, with nothing known.
        let panel = html! {
            <LivePanel key={&*props.url} url={props.url.clone()} lang={props.lang.clone()} words={Words::default()}
                page={props.url.clone()} is_modal={props.is_modal} on_close={props.on_close.clone()} />
        };
        create_portal(panel, root)
    });
    html! { <candor-panel ref={host}>{ panel }</candor-panel> }
}

#[wasm_bindgen]
extern "C" {
    /// What is to be opened: an object of texts.
    ///
    /// | field | what it holds |
    /// | --- | --- |
    /// | `url` | the address of the bulletin |
    /// | `page` | the page of the story to begin with, or of everything |
    /// | `lang` | the language, if one is chosen |
    /// | `theme` | `light` or `dark`, if one is chosen |
    /// | `kind` | `inline` if it stands where it is; else it is a dialog |
    /// | `label`, `close`, `unknown` | the words until the panel is read |
    pub type Opening;
}

/// An open panel. It stays until it is destroyed.
#[wasm_bindgen]
pub struct OpenPanel {
    handle: yew::AppHandle<LivePanel>,
}

#[wasm_bindgen]
impl OpenPanel {
    /// Removes everything that it rendered.
    pub fn destroy(self) {
        self.handle.destroy();
    }
}

/// Opens a panel in a shadow root of `host`, which is in a document. `closed` is called when the visitor closes it.
///
/// # Errors
/// If the host cannot have a shadow root.
#[wasm_bindgen]
pub fn open(host: &HtmlElement, what: &Opening, closed: Function) -> Result<OpenPanel, JsValue> {
    let what = Json::from(JsValue::from(what));
    let text = |key| AttrValue::from(what.field(key, text_of).unwrap_or_default());
    let (shadow, root) = shadow_of(host).ok_or("no shadow root")?;
    adopt(&shadow, STYLES, &text("theme"));
    let props = LivePanelProps {
        url: text("url"),
        lang: text("lang"),
        is_modal: text("kind") != "inline",
        words: Words { label: text("label"), close: text("close"), unknown: text("unknown") },
        page: text("page"),
        on_close: Callback::from(move |()| {
            let _ = closed.call0(&JsValue::NULL);
        }),
    };
    Ok(OpenPanel { handle: yew::Renderer::<LivePanel>::with_root_and_props(root, props).render() })
}
