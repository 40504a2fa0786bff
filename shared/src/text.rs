//! Text that an operator wrote, checked once when it comes in: a value of these types is within
//! its limit and free of control characters.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    Blank,
    /// More characters than the limit.
    TooLong {
        /// The limit, in characters.
        limit: usize,
        /// How many there are.
        got: usize,
    },
    /// A control character.
    Control(char),
    /// An id is 1 to 64 of `a-z`, `0-9` and `-`.
    Id,
    /// Only absolute http and https URLs.
    Url,
    /// Only absolute http, https and mailto URLs.
    Link,
    /// Only a language tag.
    Language,
    /// Only `#rrggbb`.
    Color,
    /// Only a small picture as a data URL.
    Logo,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("is blank; say something"),
            Self::TooLong { limit, got } => {
                write!(f, "has {got} characters; the limit is {limit}")
            }
            Self::Control(char) => write!(f, "has the control character U+{:04X}", u32::from(*char)),
            Self::Id => f.write_str("is not an id: 1 to 64 of a-z, 0-9 and '-'"),
            Self::Url => f.write_str("is not an absolute http or https URL"),
            Self::Link => f.write_str("is not an absolute http, https or mailto URL"),
            Self::Language => f.write_str("is not a language tag such as en, pt-BR or zh-Hant"),
            Self::Color => f.write_str("is not a colour such as #2266dd"),
            Self::Logo => write!(
                f,
                "is not a picture as a data URL: data:image/svg+xml;base64,…, or png or webp, at most {} characters",
                limits::LOGO_CHARS
            ),
        }
    }
}

impl std::error::Error for TextError {}

fn check(text: &str, limit: usize, allowed: &[char]) -> Result<(), TextError> {
    if text.chars().all(is_invisible) {
        return Err(TextError::Blank);
    }
    let got = text.chars().count();
    if got > limit {
        return Err(TextError::TooLong { limit, got });
    }
    match text.chars().find(|c| c.is_control() && !allowed.contains(c)) {
        Some(control) => Err(TextError::Control(control)),
        None => Ok(()),
    }
}

/// White space, and what has no width: soft hyphen, zero-width space and joiners, direction marks,
/// word joiner, byte order mark.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                let check: fn(&str) -> Result<(), TextError> = $check;
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text! {
    /// An id: `[a-z0-9-]{1,64}`.
    Id, |text| {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        ((1..=limits::ID_BYTES).contains(&text.len()) && text.bytes().all(allowed))
            .then_some(())
            .ok_or(TextError::Id)
    }
}
text! {
    /// One line of at most 200 characters.
    Name, |text| check(text, limits::NAME_CHARS, &[])
}
text! {
    /// At most 10,000 characters, line breaks and tabs allowed. Plain text, but for the texts of
    /// post-mortems and a notice's details, which are Markdown.
    Body, |text| check(text, limits::BODY_CHARS, &['\n', '\r', '\t'])
}
text! {
    /// An absolute `http` or `https` URL of at most 2,048 characters.
    Url, |text| {
        check(text, limits::URL_CHARS, &[])?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match host {
            Some(host) if host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
                && !text.contains(|c: char| c.is_whitespace() || "\"<>\\^`{|}".contains(c)) => Ok(()),
            _ => Err(TextError::Url),
        }
    }
}

text! {
    /// An absolute `http`, `https` or `mailto` URL of at most 2,048 characters.
    Link, |text| {
        let mail = text.strip_prefix("mailto:");
        match mail {
            Some(address) if address.len() <= limits::URL_CHARS
                && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
                && address.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) => Ok(()),
            None if Url::try_from(text.to_owned()).is_ok() => Ok(()),
            _ => Err(TextError::Link),
        }
    }
}
/// A language tag (BCP 47, RFC 5646 section 2.1), in the case that section 2.1.1 recommends: `pt-BR`,
/// `zh-Hant`. Its form is checked, not whether it is registered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Language(String);

impl Language {
    /// English: what a page speaks until somebody says otherwise.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Whether it is English, of whatever kind.
    pub fn is_english(&self) -> bool {
        self.0 == "en" || self.0.starts_with("en-")
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Language {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let mut parts = text.split('-');
        let first = parts.next().unwrap_or_default();
        if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(TextError::Language);
        }
        let mut tag = first.to_ascii_lowercase();
        for part in parts {
            if !(1..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(TextError::Language);
            }
            tag.push('-');
            match (part.len(), part.bytes().all(|b| b.is_ascii_alphabetic())) {
                (2, true) => tag.push_str(&part.to_ascii_uppercase()),
                (4, true) => {
                    tag.push_str(&part.get(..1).unwrap_or_default().to_ascii_uppercase());
                    tag.push_str(&part.get(1..).unwrap_or_default().to_ascii_lowercase());
                }
                _ => tag.push_str(&part.to_ascii_lowercase()),
            }
        }
        (tag.len() <= limits::LANGUAGE_BYTES).then_some(Self(tag)).ok_or(TextError::Language)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text! {
    /// A colour: `#` and six hexadecimal digits.
    Color, |text| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(()).ok_or(TextError::Color)
    }
}
text! {
    /// A small picture as a data URL (RFC 2397): SVG, PNG or WebP in base64.
    Logo, |text| {
        let data = ["svg+xml", "png", "webp"]
            .iter()
            .find_map(|kind| text.strip_prefix("data:image/")?.strip_prefix(kind)?.strip_prefix(";base64,"));
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b);
        (text.len() <= limits::LOGO_CHARS && data.is_some_and(|data| !data.is_empty() && data.bytes().all(is_base64)))
            .then_some(())
            .ok_or(TextError::Logo)
    }
}

impl Id {
    /// The id that is made when an update names none: `incident-42` for what version 42 opened.
    pub(crate) fn made(prefix: &str, version: u64) -> Self {
        Self(format!("{prefix}-{version}"))
    }

    /// Whether it looks like one that was made. Nobody may choose such an id, so that a made one is
    /// always new.
    pub(crate) fn is_made(&self, prefix: &str) -> bool {
        let number = self.0.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_limits() {
        assert!(Id::try_from("a-1".to_owned()).is_ok());
        for bad in ["", "A", "a b", "ä", "../x", &"a".repeat(65)] {
            assert_eq!(Id::try_from(bad.to_owned()), Err(TextError::Id), "{bad}");
        }
        assert_eq!(Name::try_from(" \t ".to_owned()), Err(TextError::Blank));
        assert_eq!(Name::try_from("\u{200b}\u{202e}".to_owned()), Err(TextError::Blank));
        assert_eq!(Name::try_from("a\nb".to_owned()), Err(TextError::Control('\n')));
        assert!(Name::try_from("ä".repeat(200)).is_ok());
        assert_eq!(Name::try_from("ä".repeat(201)), Err(TextError::TooLong { limit: 200, got: 201 }));
        assert!(Body::try_from("a\nb".to_owned()).is_ok());
        assert_eq!(Body::try_from("a\u{0}b".to_owned()), Err(TextError::Control('\u{0}')));
        assert!(Url::try_from("https://status.example.com/x?y=1".to_owned()).is_ok());
        assert!(Url::try_from("http://127.0.0.1:8787/demo/".to_owned()).is_ok());
        for bad in ["javascript:alert(1)", "//example.com", "https://", "https:// x", "https://a\"b", "HTTPS"]
        {
            assert_eq!(Url::try_from(bad.to_owned()), Err(TextError::Url), "{bad}");
            assert_eq!(Link::try_from(bad.to_owned()), Err(TextError::Link), "{bad}");
        }
        for good in ["https://example.com/help", "mailto:help@example.com?subject=Status"] {
            assert!(Link::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["mailto:", "mailto:x", "mailto:@x", "mailto:a@b\"><script>", "tel:+1", "data:text/html,x"]
        {
            assert_eq!(Link::try_from(bad.to_owned()), Err(TextError::Link), "{bad}");
        }
        for good in ["en", "pt-BR", "zh-Hant", "de-CH-1996", "gsw"] {
            assert!(Language::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for (written, meant) in [("EN", "en"), ("zh-hANT-tw", "zh-Hant-TW"), ("PT-br", "pt-BR")] {
            assert_eq!(Language::try_from(written.to_owned()).unwrap().as_str(), meant);
        }
        for bad in ["", "e", "english", "en_US", "en-", "-en", "en-verylongsubtag", "d1", "de de"] {
            assert_eq!(Language::try_from(bad.to_owned()), Err(TextError::Language), "{bad}");
        }
        assert!(Color::try_from("#2266dD".to_owned()).is_ok());
        for bad in ["", "#", "red", "#26d", "#2266dg", "#2266dd;}", "2266dd"] {
            assert_eq!(Color::try_from(bad.to_owned()), Err(TextError::Color), "{bad}");
        }
        assert!(Logo::try_from("data:image/png;base64,iVBORw0KGgo=".to_owned()).is_ok());
        for bad in [
            "https://example.com/logo.png",
            "data:image/png;base64,",
            "data:image/png;base64,a\"b",
            "data:text/html;base64,AAAA",
            "data:image/svg+xml,<svg/>",
            &format!("data:image/png;base64,{}", "A".repeat(limits::LOGO_CHARS)),
        ] {
            assert_eq!(Logo::try_from(bad.to_owned()), Err(TextError::Logo), "{bad}");
        }
    }
}
