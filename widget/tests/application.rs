//! The banner of a Rust application, in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "common/sample.rs"]
mod sample;

use candor_shared::bulletin::{Bulletin, Level};
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
    /// Whether it counts the clicks that ask for details, in its title.
    counts: bool,
}

#[component]
fn Application(props: &Page) -> Html {
    let asked = use_state(|| 0);
    let more = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(*asked + 1))
    };
    html! {
        <>
            <StatusBanner url={props.url.clone()} lang="en" theme="dark" refresh=10 on_details={props.counts.then_some(more)} />
            <output>{ *asked }</output>
        </>
    }
}

/// The server, which notes what it is asked for, shadow roots that a test can look into, and a network.
const WORLD: &str = r"
    Object.defineProperty(navigator, 'onLine', { value: true, configurable: true })
    globalThis.asked = []
    globalThis.fetch = async url => {
        asked.push(url)
        const headers = globalThis.date ? { date: new Date(globalThis.date).toUTCString() } : {}
        return new Response(globalThis.answer || '', { status: globalThis.answer ? 200 : 503, headers })
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
    let page = Page { url: url.to_owned().into(), counts: true };
    let app = yew::Renderer::<Application>::with_root_and_props(place.clone(), page).render();
    wait(300).await;
    let host = place.query_selector("candor-status").unwrap().unwrap();
    let inside = Reflect::get(&host, &"inside".into()).unwrap().unchecked_into();
    (app, place, inside)
}

fn click(inside: &web_sys::ShadowRoot, selector: &str) {
    inside.query_selector(selector).unwrap().unwrap().unchecked_into::<HtmlElement>().click();
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

    click(&inside, ".c");
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

#[wasm_bindgen_test]
async fn what_is_over_is_told_to_whoever_saw_it_and_closing_is_shared_with_the_script_tag() {
    Function::new_no_args(WORLD).call0(&JsValue::NULL).unwrap();
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let mut bulletin = sample::bulletin("en");
    bulletin.lines.truncate(1);
    let mut over = bulletin.clone();
    over.lines[0].level = Level::Resolved;
    over.lines[0].key = format!("resolved/checkins-down@{}", js_sys::Date::now());

    answer(Some(&over));
    let (app, _, inside) = start("https://over.example").await;
    assert!(inside.query_selector("section").unwrap().is_none(), "nobody saw it");
    app.destroy();

    answer(Some(&bulletin));
    let (app, _, _) = start("https://over.example").await;
    app.destroy();
    let met = "candor:https://over.example/bulletin.jsonmet";
    assert_eq!(storage.get_item(met).unwrap().as_deref(), Some("checkins-down"));

    answer(Some(&over));
    let (app, _, inside) = start("https://over.example").await;
    assert!(inside.query_selector("section.resolved").unwrap().is_some());
    click(&inside, ".c");
    wait(100).await;
    assert!(inside.query_selector("section").unwrap().is_none());
    app.destroy();
    let closed = "candor:https://over.example/bulletin.jsonclosed";
    assert_eq!(storage.get_item(closed).unwrap(), Some(over.lines[0].key.clone()));

    // A script tag on the same origin has closed it.
    storage
        .set_item(
            "candor:https://tag.example/bulletin.jsonclosed",
            &[" a/b@1 ", &bulletin.lines[0].key].concat(),
        )
        .unwrap();
    answer(Some(&bulletin));
    let (app, _, inside) = start("https://tag.example").await;
    assert!(inside.query_selector("section").unwrap().is_none());
    app.destroy();
}

#[wasm_bindgen_test]
async fn two_banners_share_a_poll_and_details_are_up_to_the_application() {
    Function::new_no_args(WORLD).call0(&JsValue::NULL).unwrap();
    let mut bulletin = sample::bulletin("en");
    answer(Some(&bulletin));
    let (first, place, inside) = start("https://two.example").await;
    let (second, _, other) = start("https://two.example").await;
    assert!(other.query_selector("section").unwrap().is_some());
    assert_eq!(js_sys::Array::from(&global("asked")).length(), 1);
    second.destroy();

    let output = place.query_selector("output").unwrap().unwrap();
    click(&inside, "a[part=details]");
    wait(100).await;
    assert_eq!(output.text_content().unwrap(), "1");
    first.destroy();

    // A notice leads elsewhere.
    bulletin.lines[0].url = Some("https://elsewhere.example".to_owned());
    bulletin.lines[0].elsewhere = true;
    bulletin.lines.truncate(1);
    answer(Some(&bulletin));
    let (app, place, inside) = start("https://elsewhere.example").await;
    let link = inside.query_selector("a[part~=elsewhere]").unwrap().unwrap();
    let stay = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.prevent_default());
    link.add_event_listener_with_callback("click", stay.as_ref().unchecked_ref()).unwrap();
    link.unchecked_into::<HtmlElement>().click();
    wait(100).await;
    assert_eq!(place.query_selector("output").unwrap().unwrap().text_content().unwrap(), "0");
    app.destroy();
}

#[wasm_bindgen_test]
async fn one_close_button_closes_every_banner_of_an_application() {
    Function::new_no_args(WORLD).call0(&JsValue::NULL).unwrap();
    answer(Some(&sample::bulletin("en")));
    let (first, _, inside) = start("https://both.example").await;
    let (second, _, other) = start("https://both.example").await;
    let is_shown = |root: &web_sys::ShadowRoot| root.query_selector("section").unwrap().is_some();
    assert!(is_shown(&inside) && is_shown(&other));
    click(&inside, ".c");
    wait(100).await;
    assert!(!is_shown(&inside) && !is_shown(&other));
    first.destroy();
    second.destroy();
}

/// Runs a script.
fn run(script: &str) {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn a_device_that_is_offline_says_so_and_asks_when_it_is_back() {
    run(WORLD);
    let online = |is: bool| {
        run(&format!(
            "Object.defineProperty(navigator, 'onLine', {{ value: {is}, configurable: true }}); \
             dispatchEvent(new Event({is} ? 'online' : 'offline'))"
        ));
    };
    answer(Some(&sample::bulletin("en")));
    let (app, _, inside) = start("https://offline.example").await;
    let doubt = || inside.query_selector("small em").unwrap().and_then(|em| em.text_content());
    assert_eq!(doubt(), None);
    online(false);
    wait(100).await;
    assert!(doubt().is_some_and(|words| words.starts_with("You are offline")), "{:?}", doubt());
    let asked = || js_sys::Array::from(&global("asked")).length();
    let before = asked();
    online(true);
    wait(300).await;
    assert_eq!((asked(), doubt()), (before + 1, None));
    app.destroy();
}

#[wasm_bindgen_test]
async fn an_answer_with_the_same_date_confirms_nothing() {
    run(WORLD);
    // A service worker answers from its cache. The clock is the visitor's.
    run("globalThis.date = '2026-01-01T10:20:00Z'; \
         globalThis.ahead = 0; const now = Date.now.bind(Date); Date.now = () => now() + globalThis.ahead");
    answer(Some(&sample::bulletin("en")));
    let (app, _, inside) = start("https://cached.example").await;
    let doubt = || inside.query_selector("small em").unwrap().and_then(|em| em.text_content());
    let again = || run("dispatchEvent(new Event('online'))");
    run("globalThis.ahead = 30000");
    again();
    wait(300).await;
    assert_eq!(doubt(), None, "for a while nobody minds");
    run("globalThis.ahead = 90000");
    again();
    wait(300).await;
    assert!(doubt().is_some_and(|words| words.starts_with("not confirmed")), "{:?}", doubt());
    run("globalThis.date = '2026-01-01T10:22:00Z'");
    again();
    wait(300).await;
    assert_eq!(doubt(), None);
    app.destroy();
    run("globalThis.date = undefined; globalThis.ahead = 0");
}
