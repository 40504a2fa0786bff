//! Chooses a language: RFC 4647 section 3.4 (lookup), with what browsers really send.

use std::collections::BTreeMap;

use super::table::Words;
use crate::text::Language;

/// How many ranges of `Accept-Language` are read.
const MAX_RANGES: usize = 20;

/// How many languages there are.
pub const LANGUAGES_OFFERED: usize = 28;

/// Other codes of languages: the macrolanguage and the other written form of Norwegian; the codes that ISO 639 gave up.
const OTHER_CODES: [(&str, &str); 4] = [("no", "nb"), ("nn", "nb"), ("iw", "he"), ("in", "id")];

/// The first subtags of all tags that may stand for a language that is offered.
pub fn first_subtags(tag: &str) -> Vec<&str> {
    let other = OTHER_CODES.iter().filter(|(_, known)| *known == tag).map(|(code, _)| *code);
    tag.split('-').next().into_iter().chain(other).collect()
}

/// The language that is offered for a language range such as `de-CH`, `zh-TW` or `no`; none if there is no such language.
pub fn offered(range: &str) -> Option<&'static str> {
    let range = range.trim().to_ascii_lowercase();
    let mut parts = range.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    let other = match first {
        // Chinese is offered by script, and asked for by region.
        "zh" => match parts.find(|part| matches!(*part, "hans" | "hant" | "tw" | "hk" | "mo")) {
            None | Some("hans") => "zh-Hans",
            Some(_) => "zh-Hant",
        },
        first => OTHER_CODES.iter().find(|(code, _)| *code == first).map_or(first, |(_, tag)| *tag),
    };
    Words::languages().map(|(tag, _)| tag).find(|tag| *tag == other)
}

/// The language that is offered for a header `Accept-Language` (RFC 9110 section 12.5.4): of the ranges in the order of their
/// weights, the first one that is offered.
pub fn accepted(header: &str) -> Option<&'static str> {
    let mut ranges: Vec<(u32, &str)> = header.split(',').take(MAX_RANGES).filter_map(weighted).collect();
    // Stable: of equal weights, the first counts.
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.into_iter().find_map(|(_, range)| offered(range))
}

impl Words {
    /// The words of the language that is offered for a language; English if none is.
    pub fn near(tag: &str) -> Self {
        offered(tag).and_then(Self::of).unwrap_or_default()
    }

    /// An operator's text in this language if it was translated, else as it was written; and the language that it is in, if it
    /// is known. `own` is the language in which it was written; English if none is set.
    pub fn translation<'a, T>(
        &self,
        text: &'a T,
        own: Option<&'a Language>,
        translations: &'a BTreeMap<Language, T>,
    ) -> (&'a T, &'a str) {
        let own = own.map_or("en", Language::as_str);
        let is_mine = |language: &str| offered(language) == Some(self.tag());
        if is_mine(own) {
            return (text, own);
        }
        let exact = translations.iter().find(|(language, _)| language.as_str() == self.tag());
        let found = exact.or_else(|| translations.iter().find(|(language, _)| is_mine(language.as_str())));
        found.map_or((text, own), |(language, text)| (text, language.as_str()))
    }
}

/// The weight in thousandths and the range of one item; none if it is refused or malformed.
fn weighted(item: &str) -> Option<(u32, &str)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next()?;
    let weight = match parts.next() {
        None => 1_000,
        Some(weight) => weight_of(weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="))?)?,
    };
    (weight > 0).then_some((weight, range))
}

/// A weight (RFC 9110 section 12.4.2) from 0 to 1 with up to three decimals, in thousandths.
pub fn weight_of(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let decimals: u32 = digits.then(|| format!("{decimals:0<3}").parse().ok()).flatten()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_finds_its_language() {
        for (range, tag) in [
            ("de", Some("de")),
            ("de-CH-1996", Some("de")),
            ("PT-br", Some("pt")),
            ("zh", Some("zh-Hans")),
            ("zh-TW", Some("zh-Hant")),
            ("zh-Hant-HK", Some("zh-Hant")),
            ("zh-Hans-SG", Some("zh-Hans")),
            ("zh-Hans-TW", Some("zh-Hans")),
            ("zh-Hant-CN", Some("zh-Hant")),
            ("no", Some("nb")),
            ("nn-NO", Some("nb")),
            ("iw", Some("he")),
            ("en_US", Some("en")),
            ("eu", None),
            ("den", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(offered(range), tag, "{range}");
        }
        assert_eq!(Words::languages().count(), LANGUAGES_OFFERED);
    }

    /// `other_tags.json` is this rule for those who look a tag up, first as it is and then by its first subtag: `unknown.json` of
    /// the widget is made with it.
    #[test]
    fn the_other_tags_are_listed_by_the_same_rule() {
        let regions = ["TW", "HK", "MO"];
        let chinese = regions.iter().flat_map(|region| [format!("zh-{region}"), format!("zh-Hant-{region}")]);
        let tags =
            OTHER_CODES.iter().map(|(code, _)| (*code).to_owned()).chain(["zh".to_owned()]).chain(chinese);
        let listed: BTreeMap<String, &str> = tags.map(|tag| (tag.clone(), offered(&tag).unwrap())).collect();
        for tag in
            ["no-NO", "nn", "iw-IL", "in-ID", "zh-TW", "zh-Hant-HK", "zh-MO", "zh-CN", "zh-Hans-SG", "zh-SG"]
        {
            let found = listed.get(tag).or_else(|| listed.get(tag.split('-').next().unwrap()));
            assert_eq!(found.copied(), offered(tag), "{tag}");
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/words/other_tags.json");
        let json = serde_json::to_string_pretty(&listed).unwrap() + "\n";
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, &json).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(stored, json, "run `UPDATE_SNAPSHOTS=1 cargo test -p candor-shared other_tags`");
    }

    #[test]
    fn a_header_is_read_by_weight() {
        for (header, tag) in [
            ("de-CH, de;q=0.9, en;q=0.8", Some("de")),
            ("eu, fr;q=0.5, es;q=0.7", Some("es")),
            ("en;q=0, ja;q=0.1", Some("ja")),
            ("fr;q=0.8,de;q=0.8", Some("fr")),
            ("de;q=2, fr;q=0.5", Some("fr")),
            ("de;level=1, fr", Some("fr")),
            ("*", None),
            ("", None),
            (";;;,,,", None),
        ] {
            assert_eq!(accepted(header), tag, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_read(header in "\\PC{0,200}") {
            let _ = accepted(&header);
        }
    }
}
