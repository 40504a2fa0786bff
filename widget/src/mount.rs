//! The hand-over: what the element's JavaScript calls.

use std::rc::Rc;

use candor_shared::bulletin::{Ailing, Line};
use candor_shared::time::Time;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::prelude::*;

use crate::banner::Strip;
use crate::clock::{Clock, iso};
use crate::read::{Json, ailing, function, line, list, text_of};
use crate::report::report;

#[wasm_bindgen]
extern "C" {
    /// What is to be shown: an object with parts of a bulletin, as JavaScript parsed it, and what JavaScript adds to them.
    ///
    /// | field | what it holds |
    /// | --- | --- |
    /// | `kind` | `banner` or `report` |
    /// | `label` | what a banner is, for a screen reader |
    /// | `lines` | the bulletin's lines that are to be shown; a banner is about the first of them |
    /// | `components` | the bulletin's components that are to be shown |
    /// | `phrases` | the bulletin's phrases |
    /// | `url` | the address of the page, if it is set |
    /// | `doubt` | why a banner is in doubt, in words, if it is |
    /// | `more` | how many more lines there are beside a banner's, in words, if there are more |
    /// | `time` | a function that writes an instant, or the span of time from it until another one; both are given in the wire format |
    /// | `dismiss` | a function that the close button calls; without it there is no button |
    pub type View;
}

#[derive(Clone, PartialEq, Properties)]
struct GivenProps {
    is_banner: bool,
    label: String,
    lines: Rc<Vec<Line>>,
    components: Rc<Vec<Ailing>>,
    details: String,
    dismiss: String,
    url: Option<String>,
    doubt: Option<String>,
    more: Option<String>,
    time: Function,
    on_dismiss: Option<Function>,
    /// Called once, when the first render is in place.
    ready: Function,
}

/// Shows what it is given.
#[component]
fn Given(props: &GivenProps) -> Html {
    let ready = props.ready.clone();
    use_effect_with((), move |()| {
        let _ = ready.call0(&JsValue::NULL);
    });
    let clock = clock(props.time.clone());
    if !props.is_banner {
        return report(&props.lines, &props.components, &props.details, &clock);
    }
    let Some(line) = props.lines.first() else { return Html::default() };
    let on_dismiss = props.on_dismiss.clone().map(|dismiss| {
        Callback::from(move |()| {
            let _ = dismiss.call0(&JsValue::NULL);
        })
    });
    Strip {
        label: &props.label,
        line,
        page: props.url.as_deref(),
        details: &props.details,
        dismiss: &props.dismiss,
        doubt: props.doubt.clone(),
        more: props.more.clone(),
        clock: &clock,
        on_dismiss,
    }
    .view()
}

/// Times as JavaScript writes them; in the wire format if it cannot.
fn clock(time: Function) -> Clock {
    Clock::from(move |(from, until): (Time, Option<Time>)| {
        let from = iso(from);
        let until = until.map_or(JsValue::UNDEFINED, |until| iso(until).into());
        let text = time.call2(&JsValue::NULL, &JsValue::from_str(&from), &until).ok();
        text.and_then(|text| text.as_string()).unwrap_or(from)
    })
}

/// A rendered view. It stays until it is destroyed.
#[wasm_bindgen]
pub struct App {
    handle: yew::AppHandle<Given>,
    ready: Function,
}

#[wasm_bindgen]
impl App {
    /// Shows another view.
    ///
    /// # Errors
    /// If something in it has an unknown shape: what is shown stays.
    pub fn update(&mut self, view: &View) -> Result<(), JsValue> {
        self.handle.update(given(view, &self.ready)?);
        Ok(())
    }

    /// Removes everything that it rendered.
    pub fn destroy(self) {
        self.handle.destroy();
    }
}

/// Renders into `root`, which is empty and in no document yet, and calls `ready` when that is done.
///
/// # Errors
/// If something in what is given has an unknown shape.
#[wasm_bindgen]
pub fn mount(root: Element, view: &View, ready: Function) -> Result<App, JsValue> {
    let props = given(view, &ready)?;
    let handle = yew::Renderer::<Given>::with_root_and_props(root, props).render();
    Ok(App { handle, ready })
}

fn given(view: &View, ready: &Function) -> Result<GivenProps, JsValue> {
    read_view(&Json::from(JsValue::from(view)), ready)
        .ok_or_else(|| "what is to be shown has an unknown shape".into())
}

fn read_view(view: &Json, ready: &Function) -> Option<GivenProps> {
    let is_banner = view.field("kind", |kind| match text_of(kind)?.as_str() {
        "banner" => Some(true),
        "report" => Some(false),
        _ => None,
    });
    let phrase = |key| view.field("phrases", |phrases| phrases.field(key, text_of));
    Some(GivenProps {
        is_banner: is_banner?,
        label: view.field("label", text_of)?,
        lines: Rc::new(view.field("lines", |lines| list(lines, line))?),
        components: Rc::new(view.field("components", |components| list(components, ailing))?),
        details: phrase("details")?,
        dismiss: phrase("dismiss")?,
        url: view.option("url", text_of)?,
        doubt: view.option("doubt", text_of)?,
        more: view.option("more", text_of)?,
        time: view.field("time", function)?,
        on_dismiss: view.option("dismiss", function)?,
        ready: ready.clone(),
    })
}
