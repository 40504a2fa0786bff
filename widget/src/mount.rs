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
use crate::read::{self, Json};
use crate::report::report;

#[wasm_bindgen]
extern "C" {
    /// What is to be shown: parts of a bulletin, as JavaScript parsed it, and what JavaScript adds to it.
    pub type View;

    /// `banner` or `report`.
    #[wasm_bindgen(method, getter)]
    fn kind(this: &View) -> String;
    /// What a banner is, for a screen reader.
    #[wasm_bindgen(method, getter)]
    fn label(this: &View) -> String;
    /// The bulletin's lines that are to be shown; a banner is about the first of them.
    #[wasm_bindgen(method, getter)]
    fn lines(this: &View) -> JsValue;
    /// The bulletin's components that are to be shown.
    #[wasm_bindgen(method, getter)]
    fn components(this: &View) -> JsValue;
    /// The bulletin's phrases.
    #[wasm_bindgen(method, getter)]
    fn phrases(this: &View) -> JsValue;
    /// The address of the page.
    #[wasm_bindgen(method, getter)]
    fn url(this: &View) -> Option<String>;
    /// Why a banner is in doubt, in words.
    #[wasm_bindgen(method, getter)]
    fn doubt(this: &View) -> Option<String>;
    /// How many more lines there are beside a banner's, in words.
    #[wasm_bindgen(method, getter)]
    fn more(this: &View) -> Option<String>;
    /// The ARIA role of a banner's text.
    #[wasm_bindgen(method, getter)]
    fn role(this: &View) -> Option<String>;
    /// Writes an instant, or the span of time from it until another one; both are given in the wire format.
    #[wasm_bindgen(method, getter)]
    fn time(this: &View) -> JsValue;
    /// Called by the close button; without it there is none.
    #[wasm_bindgen(method, getter)]
    fn dismiss(this: &View) -> Option<Function>;
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
    role: Option<String>,
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
        role: props.role.clone(),
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

/// A part of a page that shows what it is given, until it is destroyed.
#[wasm_bindgen]
pub struct App {
    handle: yew::AppHandle<Given>,
    ready: Function,
}

#[wasm_bindgen]
impl App {
    /// Shows something else.
    ///
    /// # Errors
    /// If something in it has an unknown shape: what is shown stays.
    pub fn update(&mut self, view: &View) -> Result<(), JsValue> {
        self.handle.update(given(view, &self.ready)?);
        Ok(())
    }

    /// Leaves nothing behind.
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
    let is_banner = match view.kind().as_str() {
        "banner" => true,
        "report" => false,
        _ => return Err("an unknown kind".into()),
    };
    let phrases = Json::from(view.phrases());
    let phrase = |key| phrases.field(key, read::text_of).ok_or("an unknown phrase");
    let time = view.time();
    if !time.is_function() {
        return Err("no function for times".into());
    }
    Ok(GivenProps {
        is_banner,
        label: view.label(),
        lines: Rc::new(read::list(&view.lines().into(), read::line).ok_or("an unknown line")?),
        components: Rc::new(
            read::list(&view.components().into(), read::ailing).ok_or("an unknown component")?,
        ),
        details: phrase("details")?,
        dismiss: phrase("dismiss")?,
        url: view.url(),
        doubt: view.doubt(),
        more: view.more(),
        role: view.role(),
        time: time.unchecked_into(),
        on_dismiss: view.dismiss(),
        ready: ready.clone(),
    })
}
