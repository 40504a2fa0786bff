//! The hand-over: what `element/widget.js` calls.

use std::rc::Rc;

use candor_shared::state::{ComponentState, Indicator};
use candor_shared::time::Time;
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::prelude::*;

use crate::banner::Strip;
use crate::choose::{Headline, Languages, first_of};
use crate::read;
use crate::report::{Ailing, report};
use crate::voice::Voice;
use crate::words::Words;

#[wasm_bindgen]
extern "C" {
    /// What is to be shown, as `element/widget.js` gives it.
    pub type View;

    /// `banner` or `report`.
    #[wasm_bindgen(method, getter)]
    fn kind(this: &View) -> String;
    /// What there is to tell, as `element/model.js` chose it: the first of them is what a banner is about.
    #[wasm_bindgen(method, getter)]
    fn lines(this: &View) -> JsValue;
    /// The components that are not well, as in status.json.
    #[wasm_bindgen(method, getter)]
    fn components(this: &View) -> JsValue;
    /// All of them, as in `shared/locales/`.
    #[wasm_bindgen(method, getter)]
    fn words(this: &View) -> Object;
    #[wasm_bindgen(method, getter)]
    fn locale(this: &View) -> String;
    /// The language of components' names; empty if it is not known.
    #[wasm_bindgen(method, getter)]
    fn language(this: &View) -> String;
    /// Milliseconds since 1970, by the server's clock if it is known.
    #[wasm_bindgen(method, getter)]
    fn now(this: &View) -> f64;
    /// Whether it is known.
    #[wasm_bindgen(method, getter, js_name = isExact)]
    fn is_exact(this: &View) -> bool;
    /// Why the document is in doubt, in words.
    #[wasm_bindgen(method, getter)]
    fn doubt(this: &View) -> Option<String>;
    /// Called by the close button; without it there is none.
    #[wasm_bindgen(method, getter)]
    fn dismiss(this: &View) -> Option<Function>;
}

#[derive(Clone, PartialEq, Properties)]
struct GivenProps {
    is_banner: bool,
    lines: Rc<Vec<Headline>>,
    components: Rc<Vec<Ailing>>,
    voice: Rc<Voice>,
    now: Time,
    doubt: Option<AttrValue>,
    dismiss: Option<Function>,
    /// Called once, when the first render is in place.
    ready: Function,
}

/// Shows what it is given.
#[component]
fn Given(props: &GivenProps) -> Html {
    let expanded = use_state(|| false);
    let ready = props.ready.clone();
    use_effect_with((), move |()| {
        let _ = ready.call0(&JsValue::NULL);
    });
    if !props.is_banner {
        return report(&props.lines, &props.components, props.now, &props.voice);
    }
    let on_dismiss = props.dismiss.clone().map(|dismiss| {
        Callback::from(move |()| {
            let _ = dismiss.call0(&JsValue::NULL);
        })
    });
    let Some(line) = first_of(props.lines.to_vec()) else { return Html::default() };
    let doubt = props.doubt.clone().map(Html::from);
    Strip { line: &line, now: props.now, voice: &props.voice, doubt, on_dismiss }.view(&expanded)
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
    /// When something in it is unknown here: what is shown stays.
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
/// When something in what is given is unknown here.
#[wasm_bindgen]
pub fn mount(root: Element, view: &View, ready: Function) -> Result<App, JsValue> {
    let props = given(view, &ready)?;
    let handle = yew::Renderer::<Given>::with_root_and_props(root, props).render();
    Ok(App { handle, ready })
}

fn given(view: &View, ready: &Function) -> Result<GivenProps, JsValue> {
    let language = Some(view.language()).filter(|language| !language.is_empty());
    let lines = read::list(&view.lines(), line).ok_or("an unknown line")?;
    let components = read::list(&view.components(), |entry| ailing(entry, language.as_ref()));
    // Milliseconds since 1970 are far below 2^53.
    #[expect(clippy::cast_possible_truncation)]
    let now = Time::from_millis(view.now() as i64).ok_or("no time")?;
    let voice = Voice { words: words(&view.words()), locale: view.locale(), is_absolute: !view.is_exact() };
    Ok(GivenProps {
        is_banner: view.kind() == "banner",
        lines: Rc::new(lines),
        components: Rc::new(components.ok_or("an unknown component")?),
        voice: Rc::new(voice),
        now,
        doubt: view.doubt().map(AttrValue::from),
        dismiss: view.dismiss(),
        ready: ready.clone(),
    })
}

/// The fields of status.json, and what `element/model.js` adds: `level`, `note`, and the languages of texts.
fn line(entry: &read::Object) -> Option<Headline> {
    let resolved_at = entry.time("resolved_at");
    let level = match resolved_at {
        Some(_) => Indicator::None,
        None => entry.term("level", Indicator::ALL, Indicator::as_str)?,
    };
    let text = |key| entry.text(key).unwrap_or_default();
    let language = |key| entry.text(key).filter(|tag| !tag.is_empty());
    Some(Headline {
        level,
        name: text("name"),
        body: text("body"),
        note: text("note"),
        languages: Languages {
            name: language("nameLang"),
            body: language("lang"),
            note: language("noteLang"),
        },
        status: entry.text("status"),
        window: entry.time("scheduled_for").zip(entry.time("scheduled_until")),
        updated_at: entry.time("updated_at").or(resolved_at)?,
        reopened_at: entry.time("reopened_at"),
        resolved_at,
        next_update_at: entry.time("next_update_at"),
        overdue: entry.flag("overdue"),
        url: entry.text("url"),
        others: Vec::new(),
    })
}

fn ailing(entry: &read::Object, language: Option<&String>) -> Option<Ailing> {
    Some(Ailing {
        name: entry.text("name")?,
        state: entry.term("status", ComponentState::ALL, ComponentState::as_str)?,
        language: language.cloned(),
    })
}

/// The words by their names, groups with a dot.
fn words(all: &Object) -> Words {
    let mut words = Vec::new();
    collect(all, "", &mut words);
    Words::all(words)
}

fn collect(all: &Object, group: &str, words: &mut Vec<(String, String)>) {
    for entry in Object::entries(all).iter().map(|entry| Array::from(&entry)) {
        let name = format!("{group}{}", entry.get(0).as_string().unwrap_or_default());
        let word = entry.get(1);
        match word.as_string() {
            Some(word) => words.push((name, word)),
            None => collect(&Object::from(word), &format!("{name}."), words),
        }
    }
}
