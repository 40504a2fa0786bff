//! Times and numbers as a reader of a language writes them, by the browser's `Intl`. Elsewhere (a server that renders, tests)
//! times are in UTC.

use candor_shared::time::Time;
use yew::Callback;

pub(crate) use place::{clock, iso, milliseconds, more};

/// Writes an instant, or the span of time from it until another one.
pub(crate) type Clock = Callback<(Time, Option<Time>), String>;

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod place {
    use candor_shared::bulletin::Phrases;
    use candor_shared::time::Time;
    use js_sys::{Object, Reflect};
    use wasm_bindgen::prelude::*;

    use super::Clock;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = Date)]
        type Date;
        #[wasm_bindgen(constructor, js_class = "Date")]
        fn new(millis: f64) -> Date;
        #[wasm_bindgen(method, js_name = toISOString)]
        fn iso(this: &Date) -> String;

        #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
        type Format;
        #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
        fn new(locale: &str, options: &Object) -> Result<Format, JsValue>;
        #[wasm_bindgen(method, catch)]
        fn format(this: &Format, date: &Date) -> Result<String, JsValue>;
        #[wasm_bindgen(method, catch, js_name = formatRange)]
        fn range(this: &Format, from: &Date, until: &Date) -> Result<String, JsValue>;

        #[wasm_bindgen(js_namespace = Intl, js_name = PluralRules)]
        type Plural;
        #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "PluralRules")]
        fn new(locale: &str) -> Result<Plural, JsValue>;
        #[wasm_bindgen(method)]
        fn select(this: &Plural, count: f64) -> String;

        #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
        type Number;
        #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "NumberFormat")]
        fn in_unit(locale: &str, options: &Object) -> Result<Number, JsValue>;
        #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "NumberFormat")]
        fn new(locale: &str) -> Result<Number, JsValue>;
        #[wasm_bindgen(method)]
        fn format(this: &Number, count: f64) -> String;
    }

    // Times are below 2^53 milliseconds: exact.
    #[expect(clippy::cast_precision_loss)]
    fn date(time: Time) -> Date {
        Date::new(time.as_millis() as f64)
    }

    /// The wire format.
    pub(crate) fn iso(time: Time) -> String {
        date(time).iso()
    }

    /// In the visitor's time zone. In the wire format if the browser does not know the language.
    pub(crate) fn clock(language: &str) -> Clock {
        let options = Object::new();
        for (key, style) in [("dateStyle", "medium"), ("timeStyle", "short")] {
            // Setting a field of a plain object does not fail.
            let _ = Reflect::set(&options, &key.into(), &style.into());
        }
        let format = Format::new(language, &options).ok();
        Clock::from(move |(from, until): (Time, Option<Time>)| {
            let written = |format: &Format| match until {
                Some(until) => format.range(&date(from), &date(until)),
                None => format.format(&date(from)),
            };
            format.as_ref().and_then(|format| written(format).ok()).unwrap_or_else(|| iso(from))
        })
    }

    /// "230 ms".
    pub(crate) fn milliseconds(count: u32, language: &str) -> String {
        let options = Object::new();
        for (key, value) in [("style", "unit"), ("unit", "millisecond")] {
            let _ = Reflect::set(&options, &key.into(), &value.into());
        }
        let written = Number::in_unit(language, &options).map(|its| its.format(f64::from(count)));
        written.unwrap_or_else(|_| [&count.to_string(), " ms"].concat())
    }

    /// "3 more".
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    pub(crate) fn more(count: usize, phrases: &Phrases, language: &str) -> Option<String> {
        let number = count as f64;
        let category =
            Plural::new(language).map_or_else(|_| "other".to_owned(), |rules| rules.select(number));
        let text = phrases.more.get(&category).or_else(|| phrases.more.get("other"))?;
        let written = Number::new(language).map_or_else(|_| count.to_string(), |its| its.format(number));
        Some(text.replace("{count}", &written))
    }
}

#[cfg(not(all(feature = "csr", target_arch = "wasm32")))]
mod place {
    use candor_shared::bulletin::Phrases;
    use candor_shared::time::Time;
    use candor_shared::words::{Count, Words};

    use super::Clock;

    /// The wire format.
    pub(crate) fn iso(time: Time) -> String {
        time.to_string()
    }

    /// In UTC. In English if the language is not known here.
    pub(crate) fn clock(language: &str) -> Clock {
        let words = Words::of(language).unwrap_or_default();
        Clock::from(move |(from, until)| match until {
            Some(until) => words.window(from, until),
            None => words.moment(from),
        })
    }

    /// "230 ms".
    pub(crate) fn milliseconds(count: u32, _: &str) -> String {
        format!("{count} ms")
    }

    /// "3 more".
    pub(crate) fn more(count: usize, phrases: &Phrases, language: &str) -> Option<String> {
        match Words::of(language) {
            Some(words) => Some(words.count(Count::More, count)),
            None => phrases.more.get("other").map(|text| text.replace("{count}", &count.to_string())),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use candor_shared::bulletin::phrases;
    use candor_shared::words::Words;

    #[test]
    fn a_server_writes_times_in_utc() {
        let time: Time = "2026-01-01T10:12:00Z".parse().unwrap();
        for (language, text) in [
            ("en", "1 Jan 2026, 10:12 UTC"),
            ("de", "1. Jan. 2026, 10:12 UTC"),
            ("eu", "1 Jan 2026, 10:12 UTC"),
        ] {
            assert_eq!(clock(language).emit((time, None)), text);
        }
    }

    #[test]
    fn a_count_takes_the_form_of_its_language() {
        let polish = phrases(&Words::of("pl").unwrap());
        let forms = [1, 2, 5].map(|count| more(count, &polish, "pl").unwrap());
        assert_eq!(
            forms,
            [1, 2, 5].map(|count| Words::of("pl").unwrap().count(candor_shared::words::Count::More, count))
        );
        assert_eq!(more(2, &phrases(&Words::default()), "eu").as_deref(), Some("2 more"));
    }
}
