//! The hand-over from JavaScript, in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "common/sample.rs"]
mod sample;

use candor_shared::bulletin::Bulletin;
use candor_widget::{App, View, mount};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element};

wasm_bindgen_test_configure!(run_in_browser);

/// What is to be shown, as the element gives it, and a place for it.
struct Given {
    place: Element,
    view: Object,
}

impl Given {
    fn new(kind: &str, bulletin: &Bulletin) -> Result<Self, JsValue> {
        let document: Document =
            web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
        let place = document.create_element("div")?;
        document.body().ok_or("no body")?.append_child(&place)?;
        let given = Self { place, view: Object::new() };
        given.set("kind", &kind.into())?;
        given.set("label", &bulletin.label.as_str().into())?;
        given.set("url", &bulletin.page.url.as_deref().map_or(JsValue::UNDEFINED, JsValue::from))?;
        given.set(
            "time",
            &Function::new_with_args("from, until", "return until ? `${from}–${until}` : from"),
        )?;
        given.fill(&text_of(bulletin))?;
        Ok(given)
    }

    /// What there is to say.
    fn fill(&self, bulletin: &str) -> Result<(), JsValue> {
        let bulletin = JSON::parse(bulletin)?;
        for key in ["lines", "components", "phrases"] {
            self.set(key, &Reflect::get(&bulletin, &key.into())?)?;
        }
        Ok(())
    }

    fn set(&self, key: &str, value: &JsValue) -> Result<(), JsValue> {
        Reflect::set(&self.view, &key.into(), value).map(drop)
    }

    fn view(&self) -> View {
        self.view.clone().unchecked_into()
    }

    async fn mount(&self) -> Result<App, JsValue> {
        let app =
            mount(self.place.clone(), &self.view(), Function::new_no_args("globalThis.isReady = true"))?;
        settled().await?;
        Ok(app)
    }

    fn html(&self) -> String {
        self.place.inner_html()
    }

    fn find(&self, selector: &str) -> Result<Element, JsValue> {
        self.place.query_selector(selector)?.ok_or_else(|| selector.into())
    }
}

fn text_of(bulletin: &Bulletin) -> String {
    serde_json::to_string(bulletin).unwrap()
}

/// The widget renders in microtasks; a slow build gives way to the browser once.
async fn settled() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let wait = Promise::new(&mut |done, _| {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 200);
    });
    JsFuture::from(wait).await.map(drop)
}

const BANNER: &str = concat!(
    r#"<section class="major" part="banner" aria-label="Service status"><b aria-hidden="true">!</b><div><span>"#,
    r#"<p><b>Major outage</b> <strong dir="auto">Check-ins are failing</strong></p>"#,
    "<p dir=\"auto\">We broke check-ins.\n\nWe are <strong>on it</strong>:\n• <em>look</em>\n• fix <code>x</code>, see ",
    r#"<a href="https://example.com/x" rel="noopener">https://example.com/x</a></p>"#,
    r#"<p dir="auto">Check-ins answer with an error.</p></span><small>"#,
    r#"Updated <time datetime="2026-01-01T10:12:00.000Z">2026-01-01T10:12:00.000Z</time> · <em>nobody knows</em> · investigating"#,
    r#" · next update by <time datetime="2026-01-01T10:42:00.000Z">2026-01-01T10:42:00.000Z</time> · <a href="https://status.example.com" part="details">2 more</a>"#,
    r#" <a href="https://status.example.com/incidents/checkins-down" part="details">Details</a></small></div></section>"#,
);

#[wasm_bindgen_test]
async fn a_banner_is_shown_then_another_then_none() -> Result<(), JsValue> {
    let bulletin = sample::bulletin("en");
    let given = Given::new("banner", &bulletin)?;
    given.set("doubt", &"nobody knows".into())?;
    given.set("more", &"2 more".into())?;
    let mut app = given.mount().await?;
    assert!(Reflect::get(&js_sys::global(), &"isReady".into())?.is_truthy(), "the other side is told");
    assert_eq!(given.html(), BANNER);
    assert_eq!(given.find("small")?.child_nodes().length(), 13, "a node for each piece");

    // What did not change stays in place, whatever comes before and after it.
    let (body, close) = (given.find("p + p")?, Function::new_no_args("globalThis.isDismissed = true"));
    given.set("doubt", &JsValue::UNDEFINED)?;
    given.set("dismiss", &close)?;
    given.fill(&text_of(&bulletin).replace("Check-ins answer with an error.", "Check-ins answer again."))?;
    app.update(&given.view())?;
    settled().await?;
    assert!(
        given.html().contains("answer again") && !given.html().contains("nobody knows"),
        "{}",
        given.html()
    );
    assert!(given.find("p + p")?.is_same_node(Some(&body)));

    for (known, unknown) in
        [("10:12:00.000Z", "yesterday"), (r#""level":"major""#, r#""level":"bad""#), ("major_outage", "gone")]
    {
        given.fill(&text_of(&bulletin).replace(known, unknown))?;
        assert!(app.update(&given.view()).is_err(), "what cannot be read changes nothing: {unknown}");
        assert!(mount(given.place.clone(), &given.view(), Function::new_no_args("")).is_err());
    }
    given.fill(&text_of(&bulletin))?;
    for key in ["kind", "label", "lines", "components", "phrases", "url", "doubt", "time", "dismiss"] {
        let known = Reflect::get(&given.view, &key.into())?;
        given.set(key, &7.into())?;
        assert!(app.update(&given.view()).is_err(), "{key}");
        given.set(key, &known)?;
    }
    settled().await?;
    assert!(given.html().contains("answer again"));

    given.find(".c")?.unchecked_into::<web_sys::HtmlElement>().click();
    settled().await?;
    assert!(Reflect::get(&js_sys::global(), &"isDismissed".into())?.is_truthy());
    app.destroy();
    settled().await?;
    assert_eq!(given.place.child_nodes().length(), 0);
    Ok(())
}

#[wasm_bindgen_test]
async fn an_operators_text_is_never_markup() -> Result<(), JsValue> {
    let attack = "<img src=x onerror=alert(1)>";
    let text = text_of(&sample::bulletin("en"))
        .replace("Check-ins are failing", attack)
        .replace("https://status.example.com/", "javascript:alert(1)//");
    for kind in ["banner", "report"] {
        let given = Given::new(kind, &sample::bulletin("en"))?;
        given.set("url", &"javascript:alert(1)".into())?;
        given.fill(&text)?;
        given.mount().await?;
        assert!(given.place.text_content().unwrap_or_default().contains(attack));
        let selector = r#"img, a:not([href^="https:"])"#;
        assert!(given.place.query_selector(selector)?.is_none(), "{}", given.html());
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn a_report_has_everything() -> Result<(), JsValue> {
    let mut bulletin = sample::bulletin("en");
    let given = Given::new("report", &bulletin)?;
    let mut app = given.mount().await?;
    let count = |selector: &str| given.place.query_selector_all(selector).map(|all| all.length());
    assert_eq!(count(".report > article[part=item]")?, 3, "an incident, a maintenance, a notice");
    assert_eq!(count("ul > li.critical > span.state")?, 1);
    let window = given.find("article.maintenance time[datetime='2026-01-01T10:30:00.000Z']")?;
    assert_eq!(
        window.text_content().as_deref(),
        Some("2026-01-01T10:30:00.000Z–2026-01-01T11:30:00.000Z"),
        "both ends of a span"
    );

    // What stays open stays in place.
    let notice = given.find("article.notice")?;
    bulletin.lines.remove(0);
    bulletin.components.clear();
    given.fill(&text_of(&bulletin).replace(r#""phrases""#, r#""components":[],"phrases""#))?;
    app.update(&given.view())?;
    settled().await?;
    assert_eq!((count("article")?, count("ul")?), (2, 0));
    assert!(given.find("article.notice")?.is_same_node(Some(&notice)));
    Ok(())
}
