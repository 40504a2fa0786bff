//! The hand-over from the loader, in a browser.
#![cfg(target_arch = "wasm32")]

use candor_widget::{Embed, mount, refresh};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, ShadowRoot, ShadowRootInit, ShadowRootMode};

wasm_bindgen_test_configure!(run_in_browser);

const STATUS: &str = include_str!("status.json");

/// An embed as the loader makes one, with a plain banner in it.
fn embed(url: &str) -> Result<(Embed, ShadowRoot, Object), JsValue> {
    let document: Document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let host: Element = document.create_element("candor-status")?;
    document.body().ok_or("no body")?.append_child(&host)?;
    let shadow = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed))?;
    let plain = document.create_element("p")?;
    plain.set_text_content(Some("plain"));
    shadow.append_child(&plain)?;
    let embed = Object::new();
    let set = |key: &str, value: &JsValue| Reflect::set(&embed, &key.into(), value);
    set("url", &url.into())?;
    set("shadow", &shadow)?;
    set("refresh", &30.into())?;
    set("dismissible", &true.into())?;
    set("observe", &Function::new_no_args(""))?;
    set("ready", &Function::new_no_args("this.isReady = true"))?;
    Ok((embed.clone().unchecked_into(), shadow, embed))
}

/// The widget renders in microtasks; a slow build gives way to the browser once.
async fn settled() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let wait = Promise::new(&mut |done, _| {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 200);
    });
    JsFuture::from(wait).await.map(drop)
}

fn text(shadow: &ShadowRoot) -> String {
    shadow.text_content().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_widget_takes_the_plain_banners_place_before_the_next_frame() -> Result<(), JsValue> {
    let (embed, shadow, object) = embed("/one/status.json")?;
    mount(embed, STATUS)?;
    assert_eq!(text(&shadow), "plain", "until the first render is done");
    settled().await?;
    assert!(text(&shadow).contains("Check-ins are failing"), "{}", text(&shadow));
    assert!(text(&shadow).contains("not confirmed since"), "{}", text(&shadow));
    assert!(!text(&shadow).contains("plain"));
    assert!(Reflect::get(&object, &"isReady".into())?.is_truthy(), "the loader is told");
    let sections = shadow.query_selector_all("section.major")?;
    assert_eq!(sections.length(), 1);
    Ok(())
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_leaves_the_plain_banner() -> Result<(), JsValue> {
    let (embed, shadow, object) = embed("/two/status.json")?;
    assert!(mount(embed, "<!doctype html>").is_err());
    settled().await?;
    assert_eq!(text(&shadow), "plain");
    assert!(Reflect::get(&object, &"isReady".into())?.is_undefined());
    Ok(())
}

#[wasm_bindgen_test]
async fn an_operators_text_is_never_markup() -> Result<(), JsValue> {
    let (embed, shadow, _) = embed("/three/status.json")?;
    let attack = "<img src=x onerror=alert(1)>";
    mount(
        embed,
        &STATUS
            .replace("We are on it.", attack)
            .replace("https://status.example.com/incidents", "javascript:alert(1)"),
    )?;
    settled().await?;
    assert!(text(&shadow).contains(attack));
    assert_eq!(shadow.query_selector_all("img, a")?.length(), 0, "no element, and no link that is not http");
    Ok(())
}

#[wasm_bindgen_test]
async fn a_closed_banner_is_gone_and_remembered() -> Result<(), JsValue> {
    let (embed, shadow, _) = embed("/four/status.json")?;
    mount(embed, STATUS)?;
    settled().await?;
    let close = shadow.query_selector(".c")?.ok_or("no close button")?;
    close.unchecked_into::<web_sys::HtmlElement>().click();
    settled().await?;
    assert_eq!(shadow.query_selector_all("section")?.length(), 0);
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?).ok_or("no storage")?;
    assert_eq!(
        storage.get_item("candor:/four/status.json")?.as_deref(),
        Some(
            ";checkins-down,2026-01-01T10:12:00.000Z,;database,2025-12-31T09:00:00.000Z,;,2025-12-30T09:00:00.000Z,;checkins,2026-01-01T10:00:00.000Z"
        )
    );
    storage.clear()?;
    assert!(Array::is_array(&shadow.adopted_style_sheets()), "styled without a style element");
    Ok(())
}

#[wasm_bindgen_test]
async fn an_observer_may_mount_another_embed_of_the_same_address() -> Result<(), JsValue> {
    let url = format!("data:application/json,{}", js_sys::encode_uri_component(STATUS));
    let (first, _, object) = embed(&url)?;
    let (second, shadow, _) = embed(&url)?;
    let second = std::cell::RefCell::new(Some(second));
    let observe = Closure::<dyn FnMut(JsValue, JsValue)>::new(move |_: JsValue, _: JsValue| {
        if let Some(second) = second.take() {
            let _ = mount(second, STATUS);
        }
    });
    Reflect::set(&object, &"observe".into(), observe.as_ref())?;
    mount(first, STATUS)?;
    settled().await?;
    refresh();
    settled().await?;
    assert!(text(&shadow).contains("Check-ins are failing"), "{}", text(&shadow));
    refresh();
    settled().await?;
    Ok(())
}
