//! The hand-over from JavaScript, in a browser.
#![cfg(target_arch = "wasm32")]

use candor_widget::{App, View, mount};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element};

wasm_bindgen_test_configure!(run_in_browser);

const GIVEN: &str = include_str!("given.json");
const ENGLISH: &str = include_str!("../../shared/locales/en.json");

/// What is to be shown, as `element/widget.js` gives it, and a place for it.
struct Given {
    place: Element,
    view: Object,
}

impl Given {
    fn new(kind: &str, content: &str) -> Result<Self, JsValue> {
        let document: Document =
            web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
        let place = document.create_element("div")?;
        document.body().ok_or("no body")?.append_child(&place)?;
        let given = Self { place, view: Object::new() };
        given.set("kind", &kind.into())?;
        given.fill(content)?;
        // As the build gives it to the element: of what is counted, how many more there are.
        let words = JSON::parse(ENGLISH)?;
        let count = Reflect::get(&words, &"count".into())?;
        Reflect::set(&words, &"more".into(), &Reflect::get(&count, &"more".into())?)?;
        given.set("words", &words)?;
        given.set("locale", &"en-GB".into())?;
        given.set("language", &"".into())?;
        given.set("now", &js_sys::Date::parse("2026-01-01T10:15:00Z").into())?;
        given.set("isExact", &true.into())?;
        Ok(given)
    }

    /// What there is to tell.
    fn fill(&self, content: &str) -> Result<(), JsValue> {
        let content = JSON::parse(content)?;
        for key in ["lines", "components"] {
            self.set(key, &Reflect::get(&content, &key.into())?)?;
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

    fn text(&self) -> String {
        self.place.text_content().unwrap_or_default()
    }
}

/// The widget renders in microtasks; a slow build gives way to the browser once.
async fn settled() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let wait = Promise::new(&mut |done, _| {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 200);
    });
    JsFuture::from(wait).await.map(drop)
}

#[wasm_bindgen_test]
async fn a_banner_is_shown_then_another_then_none() -> Result<(), JsValue> {
    let given = Given::new("banner", GIVEN)?;
    given.set("doubt", &"nobody knows".into())?;
    let mut app = given.mount().await?;
    assert!(Reflect::get(&js_sys::global(), &"isReady".into())?.is_truthy(), "the other side is told");
    let text = given.text();
    for part in
        ["Check-ins are failing", "nobody knows", "Updated 3 minutes ago", "update overdue since", "2 more"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(given.place.query_selector_all("section.major")?.length(), 1);
    assert_eq!(given.place.query_selector_all(".c")?.length(), 0, "nothing to close it with");

    given.fill(&GIVEN.replace("We are on it.", "We know why."))?;
    given.set("isExact", &false.into())?;
    app.update(&given.view())?;
    settled().await?;
    assert!(
        given.text().contains("We know why.") && given.text().contains("Updated 10:12"),
        "{}",
        given.text()
    );

    given.fill(&GIVEN.replace("2026-01-01T10:12:00.000Z", "yesterday"))?;
    assert!(app.update(&given.view()).is_err(), "what cannot be read changes nothing");
    assert!(given.text().contains("We know why."));
    app.destroy();
    settled().await?;
    assert_eq!(given.place.child_element_count(), 0);
    Ok(())
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_not_shown() -> Result<(), JsValue> {
    for (known, unknown) in [(r#""level": "major""#, r#""level": "bad""#), ("major_outage", "gone")] {
        let given = Given::new("banner", &GIVEN.replace(known, unknown))?;
        assert!(mount(given.place.clone(), &given.view(), Function::new_no_args("")).is_err());
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn an_operators_text_is_never_markup() -> Result<(), JsValue> {
    let attack = "<img src=x onerror=alert(1)>";
    let content = GIVEN
        .replace("We are on it.", attack)
        .replace("https://status.example.com/incidents", "javascript:alert(1)");
    for kind in ["banner", "report"] {
        let given = Given::new(kind, &content)?;
        given.mount().await?;
        assert!(given.text().contains(attack));
        let elements = given.place.query_selector_all("img, a")?.length();
        assert_eq!(elements, 0, "no element, and no link that is not http");
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn the_words_are_those_that_are_given() -> Result<(), JsValue> {
    let words = r#"{"level":{"major":"Teilausfall"},"updated":"Stand: {time}","more":{"other":"und {count} weitere"}}"#;
    let given = Given::new("banner", GIVEN)?;
    given.set("words", &JSON::parse(words)?)?;
    given.set("locale", &"de".into())?;
    given.set("dismiss", &Function::new_no_args("globalThis.isDismissed = true"))?;
    given.mount().await?;
    let text = given.text();
    for part in ["Teilausfall", "Stand: vor 3 Minuten", "und 2 weitere", "investigating"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(given.place.query_selector_all("strong[lang=de]")?.length(), 1);
    let close = given.place.query_selector(".c")?.ok_or("no close button")?;
    close.unchecked_into::<web_sys::HtmlElement>().click();
    settled().await?;
    assert!(Reflect::get(&js_sys::global(), &"isDismissed".into())?.is_truthy());
    Ok(())
}

#[wasm_bindgen_test]
async fn a_report_has_everything() -> Result<(), JsValue> {
    let given = Given::new("report", GIVEN)?;
    given.mount().await?;
    assert_eq!(
        given.place.query_selector_all("article")?.length(),
        3,
        "an incident, a maintenance, a notice"
    );
    assert_eq!(given.place.query_selector_all("li.critical")?.length(), 1);

    let over = r#"{"lines":[{"id":"maps","name":"Maps were blank","impact":"minor","level":"resolved",
        "resolved_at":"2026-01-01T10:12:00.000Z","body":"They are back."}],"components":[]}"#;
    let given = Given::new("report", over)?;
    given.mount().await?;
    assert_eq!(given.place.query_selector_all("article.resolved")?.length(), 1);
    assert!(given.text().contains("resolved 3 minutes ago"), "{}", given.text());
    Ok(())
}
