//! The banner of a Rust application, in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "common/sample.rs"]
mod sample;

use candor_shared::bulletin::Bulletin;
use candor_widget::StatusBanner;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Clone, PartialEq, Properties)]
struct Page {
    url: AttrValue,
}

#[component]
fn Application(props: &Page) -> Html {
    html! { <StatusBanner url={props.url.clone()} lang="en" theme="dark" refresh=10 /> }
}

/// The server, which notes what it is asked for, and shadow roots that a test can look into.
const WORLD: &str = r"
    globalThis.asked = []
    globalThis.fetch = async url => {
        asked.push(url)
        return new Response(globalThis.answer || '', { status: globalThis.answer ? 200 : 503 })
    }
    const attach = Element.prototype.attachShadow
    Element.prototype.attachShadow = function() { return this.inside = attach.call(this, { mode: 'open' }) }
";

fn global(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &name.into()).unwrap()
}

fn answer(bulletin: Option<&Bulletin>) {
    let text = bulletin.map(|bulletin| serde_json::to_string(bulletin).unwrap());
    let answer = text.map_or(JsValue::UNDEFINED, JsValue::from);
    Reflect::set(&js_sys::global(), &"answer".into(), &answer).unwrap();
}

async fn wait(millis: i32) {
    let window = web_sys::window().unwrap();
    let wait = Promise::new(&mut |done, _| {
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, millis).unwrap();
    });
    JsFuture::from(wait).await.unwrap();
}

/// Renders an application, and returns it with its place and what is inside of the banner.
async fn start(url: &str) -> (yew::AppHandle<Application>, Element, web_sys::ShadowRoot) {
    let document = web_sys::window().and_then(|window| window.document()).unwrap();
    let place = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    let page = Page { url: url.to_owned().into() };
    let app = yew::Renderer::<Application>::with_root_and_props(place.clone(), page).render();
    wait(300).await;
    let host = place.query_selector("candor-status").unwrap().unwrap();
    let inside = Reflect::get(&host, &"inside".into()).unwrap().unchecked_into();
    (app, place, inside)
}

#[wasm_bindgen_test]
async fn it_shows_what_is_said_until_it_is_closed_for_good() {
    Function::new_no_args(WORLD).call0(&JsValue::NULL).unwrap();
    let mut bulletin = sample::bulletin("en");
    bulletin.styles = Some("section{display:flex}".to_owned());
    answer(Some(&bulletin));
    let (app, _, inside) = start("https://status.example/status.json").await;
    let find = |selector: &str| inside.query_selector(selector).unwrap();

    let asked = js_sys::Array::from(&global("asked"));
    assert_eq!(asked.get(0).as_string().as_deref(), Some("https://status.example/bulletin.json?lang=en"));
    let section = find("section.major").unwrap();
    let text = section.text_content().unwrap();
    assert!(text.contains("Check-ins are failing") && text.contains("2 more"), "{text}");
    // In the visitor's time zone: the minute is the same in all of them but a few.
    let time = find("time").unwrap().text_content().unwrap();
    assert!(time.contains("2026") && time.contains(":12") && !time.contains("UTC"), "{time}");
    let style = web_sys::window().unwrap().get_computed_style(&section).unwrap().unwrap();
    assert_eq!(style.get_property_value("display").unwrap(), "flex", "the style sheet of the bulletin");
    assert_eq!(style.get_property_value("color-scheme").unwrap(), "dark");
    let news = find(".say").unwrap();
    assert_eq!(news.get_attribute("aria-live").as_deref(), Some("polite"));
    assert!(news.text_content().unwrap().starts_with("Major outage: Check-ins are failing We broke"));

    find(".c").unwrap().unchecked_into::<HtmlElement>().click();
    wait(100).await;
    assert!(find("section").is_none() && news.text_content().unwrap().is_empty());
    app.destroy();

    // Another page of the application: it stays closed until there is something new.
    let (app, _, inside) = start("https://status.example").await;
    assert!(inside.query_selector("section").unwrap().is_none());
    app.destroy();
    bulletin.lines[0].key.push('1');
    answer(Some(&bulletin));
    let (app, _, inside) = start("https://status.example/").await;
    assert!(inside.query_selector("section").unwrap().is_some());

    // Below a failure it says since when it is not confirmed.
    answer(None);
    wait(12_000).await;
    let doubt = inside.query_selector("small em").unwrap().unwrap().text_content().unwrap();
    assert!(doubt.starts_with("not confirmed since "), "{doubt}");
    app.destroy();
}
