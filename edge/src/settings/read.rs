//! Reads and checks the settings, once per isolate. The worker never guesses a value: a wrong setting is named in the
//! worker's log and in a 503.

use std::cell::OnceCell;
use std::rc::Rc;

use candor_shared::text::Url;
use worker::Env;

use super::address;
use super::editions::{Editions, parse_edition_keys, parse_mirrors};
use super::key::{Key, parse_keys};
use super::metrics::{MetricsAccess, parse_metrics_access};
use super::push::{Bucket, parse_push};
use super::text::clean;

/// The binding of the Durable Object namespace.
pub const PAGE: &str = "PAGE";
/// The binding of the KV namespace with the last-known-good copies.
pub const LAST_GOOD: &str = "LAST_GOOD";
/// The binding that counts refused signatures in a data centre. Without it, each isolate counts by itself.
pub const FAILURES: &str = "FAILED_SIGNATURES";
/// The binding of the data set of Workers Analytics Engine. Without it, nothing is counted there.
pub const METRICS: &str = "METRICS";
/// The name of the setting that holds the keys that may write.
pub const KEYS: &str = "CANDOR_KEYS";
const WRITES_PER_MINUTE: &str = "CANDOR_WRITES_PER_MINUTE";
const FRAME_ANCESTORS: &str = "CANDOR_FRAME_ANCESTORS";
const WEBSUB_HUB: &str = "CANDOR_WEBSUB_HUB";
/// The keys that sign documents.
pub const EDITION_KEY: &str = "CANDOR_EDITION_KEY";
const MIRRORS: &str = "CANDOR_MIRRORS";
const COPIES: &str = "CANDOR_COPIES";
const FOLLOWS: &str = "CANDOR_FOLLOWS";
const PUSH: &str = "CANDOR_PUSH";
const LOG_DAYS: &str = "CANDOR_LOG_DAYS";
const METRICS_TOKEN: &str = "CANDOR_METRICS_TOKEN";

/// Updates that one key may send in a minute, unless `CANDOR_WRITES_PER_MINUTE` is set.
const DEFAULT_WRITES_PER_MINUTE: u32 = 600;

/// A setting that is missing or has a wrong value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSetting {
    /// The name of the variable or binding.
    pub name: &'static str,
    /// What is wrong and what to do, without the value, which may be a secret.
    pub problem: String,
}

impl WrongSetting {
    /// The sentence for the detail of a 503.
    pub fn detail(&self) -> String {
        format!("The setting {} is wrong: {}.", self.name, self.problem)
    }
}

/// The settings. Each is a value or the reason why there is none, so that a wrong one stops only what needs it.
pub struct Settings {
    /// The keys that may write.
    pub keys: Result<Vec<Key>, WrongSetting>,
    /// Updates that one key may send in a minute.
    pub writes_per_minute: Result<u32, WrongSetting>,
    /// The sites that may show `/embed` in a frame: the sources of the CSP directive `frame-ancestors`.
    pub frame_ancestors: Result<String, WrongSetting>,
    /// The WebSub hub that the feeds name, if there is one.
    pub hub: Result<Option<Url>, WrongSetting>,
    /// The page that this deployment follows, if it is a standby.
    pub follows: Result<Option<Url>, WrongSetting>,
    /// The keys that sign documents, and the mirrors.
    pub editions: Result<Editions, WrongSetting>,
    /// Whether copies of documents are kept outside the object: in the data centre's cache and in KV.
    pub copies: Result<bool, WrongSetting>,
    /// The buckets to which each edition is put.
    pub push: Result<Vec<Rc<Bucket>>, WrongSetting>,
    /// For how many days a line of the log is kept at least, once it is backed up; none if for ever.
    pub log_days: Result<Option<u32>, WrongSetting>,
    /// Who may read `/metrics`.
    pub metrics: Result<MetricsAccess, WrongSetting>,
    /// Whether the bindings that reads need exist.
    pub bindings: Result<(), WrongSetting>,
}

impl Settings {
    /// The first setting that is wrong, if there is one.
    pub fn wrong(&self) -> Option<&WrongSetting> {
        let keys = self.keys.as_ref().err();
        keys.or(self.writes_per_minute.as_ref().err())
            .or(self.frame_ancestors.as_ref().err())
            .or(self.hub.as_ref().err())
            .or(self.editions.as_ref().err())
            .or(self.copies.as_ref().err())
            .or(self.follows.as_ref().err())
            .or(self.push.as_ref().err())
            .or(self.log_days.as_ref().err())
            .or(self.metrics.as_ref().err())
            .or(self.bindings.as_ref().err())
    }

    /// Why there is no object to ask, if that is so.
    pub fn without_page(&self) -> Option<&WrongSetting> {
        self.bindings.as_ref().err().filter(|wrong| wrong.name == PAGE)
    }

    fn read(env: &Env) -> Self {
        // Outside Cloudflare a variable that is not set is null, for which the crate's own way has no answer.
        let text = |name: &str| {
            let value = js_sys::Reflect::get(env, &name.into()).ok()?.as_string()?;
            Some(clean(&value).to_owned())
        };
        let copies = copies(text(COPIES).as_deref());
        let bound = |name: &'static str, exists: bool, kind: &str| {
            if exists {
                return Ok(());
            }
            let problem = format!("no {kind} binding has this name; add it to wrangler.toml");
            Err(WrongSetting { name, problem })
        };
        Self {
            keys: keys(text(KEYS).as_deref()),
            writes_per_minute: writes_per_minute(text(WRITES_PER_MINUTE).as_deref()),
            frame_ancestors: frame_ancestors(text(FRAME_ANCESTORS).as_deref()),
            hub: url(WEBSUB_HUB, text(WEBSUB_HUB).as_deref(), address::fault),
            follows: url(FOLLOWS, text(FOLLOWS).as_deref(), address::base_fault),
            editions: editions(text(EDITION_KEY).as_deref(), text(MIRRORS).as_deref()),
            metrics: metrics(text(METRICS_TOKEN).as_deref()),
            push: push(text(PUSH).as_deref(), text(EDITION_KEY).as_deref()),
            log_days: log_days(text(LOG_DAYS).as_deref()),
            bindings: bound(PAGE, env.durable_object(PAGE).is_ok(), "Durable Object").and_then(|()| {
                let needs_kv = copies == Ok(true);
                bound(LAST_GOOD, !needs_kv || env.kv(LAST_GOOD).is_ok(), "KV")
            }),
            copies,
        }
    }
}

fn keys(text: Option<&str>) -> Result<Vec<Key>, WrongSetting> {
    let wrong = |problem: String| WrongSetting { name: KEYS, problem };
    match text.map(clean) {
        None | Some("") => Err(wrong(
            "no keys are configured, so nobody can write; set it with `wrangler secret put CANDOR_KEYS`"
                .to_owned(),
        )),
        Some(text) => match parse_keys(text) {
            Ok(keys) if keys.is_empty() => Err(wrong(
                "the array holds no key, so nobody can write; add one, such as {\"id\":\"ops\",\"secret\":\"whsec_…\",\"role\":\"operator\"}"
                    .to_owned(),
            )),
            other => other.map_err(wrong),
        },
    }
}

fn writes_per_minute(text: Option<&str>) -> Result<u32, WrongSetting> {
    let Some(text) = text else { return Ok(DEFAULT_WRITES_PER_MINUTE) };
    text.parse().ok().filter(|rate| (1..=1_000_000).contains(rate)).ok_or_else(|| WrongSetting {
        name: WRITES_PER_MINUTE,
        problem: "it is not a whole number from 1 to 1000000, such as 600".to_owned(),
    })
}

fn frame_ancestors(text: Option<&str>) -> Result<String, WrongSetting> {
    let text = text.map_or("*", str::trim);
    // A source holds no character that would end the directive or the header (Content Security Policy Level 3,
    // section 2.3.1).
    let allowed = |b: u8| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'"');
    // A source needs no scheme, and may have one that is none of a link.
    let host = |source: &str| {
        source.split_once("://").map_or(source, |(_, rest)| rest).split('/').next().map(str::to_owned)
    };
    let names_nobody = |source: &str| !host(source).is_some_and(|host| host.contains('@'));
    let is_list = !text.is_empty() && text.bytes().all(|b| allowed(b) || b == b' ');
    (is_list && text.split(' ').all(names_nobody)).then(|| text.to_owned()).ok_or_else(|| WrongSetting {
        name: FRAME_ANCESTORS,
        problem: "it is not a list of sources, such as https://example.com https://*.example.org".to_owned(),
    })
}

/// Whether there are copies: yes, unless the setting says that this platform has no place for them.
fn copies(text: Option<&str>) -> Result<bool, WrongSetting> {
    match text {
        None | Some("" | "all") => Ok(true),
        Some("none") => Ok(false),
        Some(_) => Err(WrongSetting {
            name: COPIES,
            problem: "it is neither \"all\", the default, nor \"none\", for workerd without KV and a cache"
                .to_owned(),
        }),
    }
}

fn url(
    name: &'static str,
    text: Option<&str>,
    fault: fn(&Url) -> Option<String>,
) -> Result<Option<Url>, WrongSetting> {
    let wrong = |problem: String| WrongSetting { name, problem };
    text.map(|text| {
        let url = Url::try_from(text.to_owned()).map_err(|error| wrong(format!("it {error}")))?;
        fault(&url).map_or(Ok(url), |fault| Err(wrong(format!("it {fault}"))))
    })
    .transpose()
}

/// Without a key nothing is signed, and without mirrors none are named: both settings may be absent or empty.
fn editions(keys: Option<&str>, mirrors: Option<&str>) -> Result<Editions, WrongSetting> {
    let given = |text: Option<&str>| text.map(clean).filter(|text| !text.is_empty()).map(str::to_owned);
    let wrong = |name: &'static str| move |problem: String| WrongSetting { name, problem };
    let keys = given(keys).map(|text| parse_edition_keys(&text).map_err(wrong(EDITION_KEY))).transpose()?;
    let mirrors = given(mirrors).map(|text| parse_mirrors(&text).map_err(wrong(MIRRORS))).transpose()?;
    Ok(Editions { keys: keys.unwrap_or_default(), mirrors: mirrors.unwrap_or_default() })
}

/// Everything is kept by default.
fn log_days(text: Option<&str>) -> Result<Option<u32>, WrongSetting> {
    let Some(text) = text.map(clean).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().ok().filter(|days| (1..=36_500).contains(days)).map(Some).ok_or_else(|| WrongSetting {
        name: LOG_DAYS,
        problem: "it is not a whole number of days from 1 to 36500, such as 365".to_owned(),
    })
}

/// Nothing is put anywhere by default. A bucket holds what is signed, so it needs a key.
fn push(buckets: Option<&str>, keys: Option<&str>) -> Result<Vec<Rc<Bucket>>, WrongSetting> {
    let wrong = |problem: String| WrongSetting { name: PUSH, problem };
    let is_given = |text: Option<&str>| text.is_some_and(|text| !clean(text).is_empty());
    let Some(text) = buckets.map(clean).filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let buckets: Vec<_> = parse_push(text).map_err(wrong)?.into_iter().map(Rc::new).collect();
    if buckets.is_empty() || is_given(keys) {
        return Ok(buckets);
    }
    Err(wrong("a bucket holds what is signed, and there is no key: set CANDOR_EDITION_KEY".to_owned()))
}

fn metrics(text: Option<&str>) -> Result<MetricsAccess, WrongSetting> {
    parse_metrics_access(text.unwrap_or_default())
        .map_err(|problem| WrongSetting { name: METRICS_TOKEN, problem: problem.to_owned() })
}

/// The settings of this isolate, read at the first request. The worker's log names the first wrong one.
pub fn settings(env: &Env) -> Rc<Settings> {
    thread_local! {
        static SETTINGS: OnceCell<Rc<Settings>> = const { OnceCell::new() };
    }
    SETTINGS.with(|cell| {
        cell.get_or_init(|| {
            let settings = Settings::read(env);
            if let Some(wrong) = settings.wrong() {
                crate::log::error(
                    "a setting is wrong",
                    &[("setting", wrong.name), ("problem", &wrong.problem)],
                );
            }
            Rc::new(settings)
        })
        .clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keys_means_no_writes() {
        for text in [None, Some(""), Some("  "), Some("[]"), Some("nonsense")] {
            assert_eq!(keys(text).unwrap_err().name, "CANDOR_KEYS", "{text:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_before_the_keys_is_removed() {
        let json = r#"[{"id":"ops","secret":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD","role":"operator"}]"#;
        for before in ["\u{FEFF}", "\u{FEFF}\r\n", "ï»¿", " \u{FEFF} "] {
            assert_eq!(
                keys(Some(&format!("{before}{json}\n"))).map_or(0, |keys| keys.len()),
                1,
                "{before:?}"
            );
        }
        assert!(keys(Some("\u{FEFF}")).unwrap_err().problem.contains("no keys are configured"));
    }

    #[test]
    fn frame_ancestors_is_a_list_of_sources_and_the_hub_a_url() {
        assert_eq!(frame_ancestors(None), Ok("*".to_owned()));
        assert_eq!(
            frame_ancestors(Some("'self' https://a.example")),
            Ok("'self' https://a.example".to_owned())
        );
        for bad in ["", "*; script-src *", "a, b", "a\nb", "ä", "'self' https://ops:hunter2@a.example"] {
            assert!(frame_ancestors(Some(bad)).is_err(), "{bad}");
        }
        let hub = |text| url(WEBSUB_HUB, text, address::fault);
        assert!(hub(Some("javascript:x")).is_err() && hub(None) == Ok(None));
        assert!(hub(Some("https://hub.example/?topic=a@b")).is_ok());
    }

    #[test]
    fn no_address_brings_a_password_into_public_documents() {
        let hub = |text| url(WEBSUB_HUB, Some(text), address::fault).err();
        let follows = |text| url(FOLLOWS, Some(text), address::base_fault).err();
        let mirrors = |text: &str| editions(None, Some(&format!("[\"{text}\"]"))).err();
        let bucket = |text: &str| {
            let json =
                format!(r#"[{{"name":"a","endpoint":"{text}","bucket":"abc","key_id":"k","secret":"s"}}]"#);
            push(Some(&json), Some("[…]")).err()
        };
        let (both, user) = ("https://ops:hunter2@a.example/x", "https://hunter2@a.example");
        let query = "https://a.example/?token=hunter2";
        for (wrong, what) in [
            (hub(both), "hub"),
            (hub(user), "hub"),
            (follows(both), "follows"),
            (follows(user), "follows"),
            (follows(query), "follows"),
            (follows("https://a.example/#hunter2"), "follows"),
            (mirrors(both), "mirrors"),
            (mirrors(query), "mirrors"),
            (bucket(both), "bucket"),
            (bucket(query), "bucket"),
        ] {
            let problem = wrong.unwrap_or_else(|| panic!("{what}")).problem;
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        assert_eq!(follows("https://a.example/status/@team"), None);
    }

    #[test]
    fn what_is_absent_signs_nothing_and_names_no_mirror() {
        for text in [None, Some(""), Some("\u{FEFF} ")] {
            let editions = editions(text, text).unwrap();
            assert!(editions.keys.is_empty() && editions.mirrors.is_empty(), "{text:?}");
        }
        assert_eq!(editions(Some("nonsense"), None).err().unwrap().name, "CANDOR_EDITION_KEY");
        assert_eq!(editions(None, Some("nonsense")).err().unwrap().name, "CANDOR_MIRRORS");
    }

    #[test]
    fn copies_are_kept_unless_the_platform_has_no_place_for_them() {
        for (text, kept) in [(None, true), (Some(""), true), (Some("all"), true), (Some("none"), false)] {
            assert_eq!(copies(text), Ok(kept), "{text:?}");
        }
        for text in ["None", "false", "kv"] {
            assert!(copies(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn buckets_need_a_key() {
        let one = r#"[{"name":"a","endpoint":"https://a.example","bucket":"abc","key_id":"k","secret":"s"}]"#;
        for (text, keys, count) in
            [(None, None, 0), (Some(" "), None, 0), (Some("[]"), None, 0), (Some(one), Some("[…]"), 1)]
        {
            assert_eq!(push(text, keys).map(|buckets| buckets.len()), Ok(count), "{text:?}");
        }
        for keys in [None, Some(" ")] {
            assert!(push(Some(one), keys).unwrap_err().problem.contains("CANDOR_EDITION_KEY"));
        }
        assert_eq!(push(Some("nonsense"), None).unwrap_err().name, "CANDOR_PUSH");
    }

    #[test]
    fn the_log_is_kept_for_ever_or_for_days() {
        assert_eq!(log_days(None), Ok(None));
        assert_eq!(log_days(Some(" ")), Ok(None));
        assert_eq!(log_days(Some("365")), Ok(Some(365)));
        for text in ["0", "-1", "1.5", "36501", "a year"] {
            assert_eq!(log_days(Some(text)).unwrap_err().name, "CANDOR_LOG_DAYS", "{text}");
        }
    }

    #[test]
    fn writes_per_minute_is_a_number_in_range() {
        assert_eq!(writes_per_minute(None), Ok(600));
        assert_eq!(writes_per_minute(Some("60")), Ok(60));
        for text in ["", "0", "-1", "many", "1000001"] {
            assert!(writes_per_minute(Some(text)).is_err(), "{text}");
        }
    }
}
