//! Times as the visitor writes them, by the browser's `Intl`. Elsewhere (a server that renders, tests)
//! times are in UTC, and relative ones are counted in English.

use candor_shared::time::Time;

pub(crate) use place::{clock, iso, plural, relative};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const TWO_DAYS: i64 = 2 * DAY;

/// "3 minutes ago": whole minutes, from an hour on whole hours, from two days on whole days; "just now" below a minute, and when the
/// visitor's clock is slow.
pub(crate) fn ago(time: Time, now: Time, locale: &str, just_now: &str) -> String {
    match now.millis_since(time) {
        ..MINUTE => just_now.to_owned(),
        passed @ MINUTE..=HOUR => relative(passed / MINUTE, "minute", locale),
        passed @ ..TWO_DAYS => relative(passed / HOUR, "hour", locale),
        passed => relative(passed / DAY, "day", locale),
    }
}

/// Whether the day has to be said, too: more than eleven hours away.
fn is_far(time: Time, now: Time) -> bool {
    now.millis_since(time).abs() > 40_000_000
}

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod place {
    use candor_shared::time::Time;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = Date)]
        type Date;
        #[wasm_bindgen(constructor, js_class = "Date")]
        fn new(millis: f64) -> Date;
        #[wasm_bindgen(method, js_name = toString)]
        fn english(this: &Date) -> String;
        #[wasm_bindgen(method, js_name = toLocaleString)]
        fn text(this: &Date, locales: &js_sys::Array, options: &js_sys::Object) -> String;
        #[wasm_bindgen(method, js_name = toISOString)]
        fn iso(this: &Date) -> String;

        #[wasm_bindgen(js_namespace = Intl, js_name = RelativeTimeFormat)]
        type Relative;
        #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "RelativeTimeFormat")]
        fn new(locale: &str) -> Relative;
        #[wasm_bindgen(method)]
        fn format(this: &Relative, count: f64, unit: &str) -> String;

        #[wasm_bindgen(js_namespace = Intl, js_name = PluralRules)]
        type Plural;
        #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "PluralRules")]
        fn new(locale: &str) -> Plural;
        #[wasm_bindgen(method)]
        fn select(this: &Plural, count: f64) -> String;

        #[wasm_bindgen(js_name = Number)]
        type Number;
        #[wasm_bindgen(constructor, js_class = "Number")]
        fn new(value: f64) -> Number;
        #[wasm_bindgen(method, js_name = toLocaleString)]
        fn text(this: &Number, locale: &str) -> String;
    }

    fn or_english(locale: &str) -> &str {
        if locale.is_empty() { "en" } else { locale }
    }

    /// Which form a count takes, and how it is written.
    #[expect(clippy::cast_precision_loss)]
    pub(crate) fn plural(count: usize, locale: &str) -> (String, String) {
        let (count, locale) = (count as f64, or_english(locale));
        (Plural::new(locale).select(count), Number::new(count).text(locale))
    }

    // Times are below 2^53 milliseconds: exact.
    #[expect(clippy::cast_precision_loss)]
    fn date(time: Time) -> Date {
        Date::new(time.as_millis() as f64)
    }

    /// "14:30", and "22/11/2026, 14:30" for what is not about now. English is as in
    /// `loader/draw.js`: "Nov 26 2026 14:30", the same for every visitor.
    pub(crate) fn clock(time: Time, now: Time, locale: &str) -> String {
        if locale == "en" {
            let text = date(time).english();
            return text.get(4..21).unwrap_or(&text).to_owned();
        }
        let options = js_sys::Object::new();
        let styles: &[&str] =
            if super::is_far(time, now) { &["timeStyle", "dateStyle"] } else { &["timeStyle"] };
        for key in styles {
            // Setting a field of a plain object does not fail.
            let _ = js_sys::Reflect::set(&options, &(*key).into(), &"short".into());
        }
        let locales = js_sys::Array::new();
        if !locale.is_empty() {
            locales.push(&locale.into());
        }
        date(time).text(&locales, &options)
    }

    /// The wire format.
    pub(crate) fn iso(time: Time) -> String {
        date(time).iso()
    }

    #[expect(clippy::cast_precision_loss)]
    pub(crate) fn relative(count: i64, unit: &str, locale: &str) -> String {
        Relative::new(or_english(locale)).format(-(count as f64), unit)
    }
}

#[cfg(not(all(feature = "csr", target_arch = "wasm32")))]
mod place {
    use candor_shared::time::Time;

    pub(crate) fn clock(time: Time, now: Time, _locale: &str) -> String {
        let text = time.to_string();
        let from = if super::is_far(time, now) { 0 } else { 11 };
        format!("{} UTC", text.get(from..16).unwrap_or(&text).replace('T', " "))
    }

    pub(crate) fn iso(time: Time) -> String {
        time.to_string()
    }

    pub(crate) fn plural(count: usize, _locale: &str) -> (String, String) {
        (if count == 1 { "one" } else { "other" }.to_owned(), count.to_string())
    }

    pub(crate) fn relative(count: i64, unit: &str, _locale: &str) -> String {
        format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_said_of_what_is_far() {
        let at = |hours: i64| Time::from_millis(hours * HOUR).unwrap();
        assert_eq!(clock(at(34), at(38), ""), "10:00 UTC");
        assert_eq!(clock(at(34), at(46), ""), "1970-01-02 10:00 UTC");
        assert_eq!(clock(at(46), at(34), ""), "1970-01-02 22:00 UTC");
    }

    #[test]
    fn the_past_is_counted_in_minutes_then_hours() {
        let at = |millis| Time::from_millis(millis).unwrap();
        let now = at(100 * HOUR);
        for (passed, text) in [
            (0, "just now"),
            (MINUTE, "1 minute ago"),
            (HOUR, "60 minutes ago"),
            (HOUR + 1, "1 hour ago"),
            (47 * HOUR, "47 hours ago"),
            (49 * HOUR, "2 days ago"),
            (-5 * MINUTE, "just now"),
        ] {
            assert_eq!(ago(at(100 * HOUR - passed), now, "", "just now"), text);
        }
    }
}
