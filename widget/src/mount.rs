//! The hand-over: what `element/widget.js` calls.

use std::rc::Rc;

use candor_shared::{StatusDocument, Time};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::prelude::*;

use crate::banner::{BannerProps, view};
use crate::read::read_value;
use crate::report::report;
use crate::voice::Voice;
use crate::words::Words;

#[wasm_bindgen]
extern "C" {
    /// What is to be shown, as `element/widget.js` gives it.
    pub type View;

    /// `banner` or `report`.
    #[wasm_bindgen(method, getter)]
    fn kind(this: &View) -> String;
    /// A status document: of the components that are asked for, in the visitor's language. `lang`,
    /// `nameLang` and `noteLang` of a thing are the languages of its texts.
    #[wasm_bindgen(method, getter)]
    fn doc(this: &View) -> JsValue;
    /// As in `locales/`.
    #[wasm_bindgen(method, getter)]
    fn words(this: &View) -> Object;
    #[wasm_bindgen(method, getter)]
    fn locale(this: &View) -> String;
    /// The language of the page's texts; empty if it is not known.
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
    document: Rc<StatusDocument>,
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
        return report(&props.document, props.now, &props.voice);
    }
    let on_dismiss = props.dismiss.clone().map(|dismiss| {
        Callback::from(move |()| {
            let _ = dismiss.call0(&JsValue::NULL);
        })
    });
    let banner = BannerProps {
        document: Rc::clone(&props.document),
        now: props.now,
        doubted_since: None,
        doubt: props.doubt.clone(),
        voice: Rc::clone(&props.voice),
        on_dismiss,
    };
    view(&banner, &expanded)
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
    /// When what is given is not a status document: what is shown stays.
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
/// When what is given is not a status document.
#[wasm_bindgen]
pub fn mount(root: Element, view: &View, ready: Function) -> Result<App, JsValue> {
    let props = given(view, &ready)?;
    let handle = yew::Renderer::<Given>::with_root_and_props(root, props).render();
    Ok(App { handle, ready })
}

fn given(view: &View, ready: &Function) -> Result<GivenProps, JsValue> {
    let document = read_value(view.doc()).ok_or("unreadable")?;
    // Milliseconds since 1970 are far below 2^53.
    #[expect(clippy::cast_possible_truncation)]
    let now = Time::from_millis(view.now() as i64).ok_or("no time")?;
    let voice = Voice {
        words: words(&view.words()),
        locale: view.locale(),
        is_absolute: !view.is_exact(),
        language: view.language(),
        languages: languages(&view.doc()),
    };
    Ok(GivenProps {
        is_banner: view.kind() == "banner",
        document: Rc::new(document),
        voice: Rc::new(voice),
        now,
        doubt: view.doubt().map(AttrValue::from),
        dismiss: view.dismiss(),
        ready: ready.clone(),
    })
}

/// The words by their names, groups with a dot.
fn words(all: &Object) -> Words {
    let mut words = Vec::new();
    collect(all, "", &mut words);
    Words::new(words)
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

/// The languages of what operators wrote, as [`Voice`] has them.
fn languages(document: &JsValue) -> Vec<(String, String)> {
    let text = |value: &JsValue, key: &str| Reflect::get(value, &key.into()).ok()?.as_string();
    let mut languages = Vec::new();
    for list in ["incidents", "maintenances", "resolved", "notice"] {
        let Ok(list) = Reflect::get(document, &list.into()) else { continue };
        for item in Array::of1(&list).flat(1).iter().filter(JsValue::is_object) {
            let id = text(&item, "id").unwrap_or_default();
            for (key, kind) in [("lang", "body "), ("nameLang", "name "), ("noteLang", "note ")] {
                languages.extend(text(&item, key).map(|lang| (format!("{kind}{id}"), lang)));
            }
        }
    }
    languages
}
