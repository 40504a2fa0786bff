//! Ids, names and bodies, and the macro that defines the checked text types.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space; in an update, nothing but what nobody sees ([`crate::update::parse`]).
    Blank,
    /// More characters than the limit.
    TooLong {
        /// The limit, in characters.
        limit: usize,
        /// The length of the text, in characters.
        got: usize,
    },
    /// A control character.
    Control(char),
    /// Not an id: 1 to 64 characters of `a-z`, `0-9` and `-`.
    Id,
    /// Not an absolute http or https URL.
    Url,
    /// Not an absolute http, https or mailto URL.
    Link,
    /// Not a language tag (BCP 47).
    Language,
    /// Not a colour of the form `#rrggbb`.
    Color,
    /// Not a small image as a data URL, or a longer one than the limit.
    Logo,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("is blank; write a text that is not only white space"),
            Self::TooLong { limit, got } => {
                write!(f, "has {got} characters; the limit is {limit}")
            }
            Self::Control(char) => {
                write!(f, "contains the control character U+{:04X}; remove it", u32::from(*char))
            }
            Self::Id => {
                f.write_str("is not an id; use 1 to 64 characters of a-z, 0-9 and '-', such as check-ins")
            }
            Self::Url => {
                f.write_str("is not an absolute http or https URL such as https://status.example.com")
            }
            Self::Link => {
                f.write_str("is not an absolute http, https or mailto URL such as mailto:help@example.com")
            }
            Self::Language => f.write_str("is not a language tag such as en, pt-BR or zh-Hant"),
            Self::Color => f.write_str("is not a colour such as #2266dd"),
            Self::Logo => write!(
                f,
                "is not an SVG, PNG or WebP image as a data URL (data:image/svg+xml;base64,…) of at most {} characters",
                limits::LOGO_CHARS
            ),
        }
    }
}

impl std::error::Error for TextError {}

/// Whether no text has this character, however it is written: a control character other than a line end and a tab, or one of the two
/// that are none (Unicode, section 23.7). XML 1.0 (section 2.2) cannot hold them, not even escaped.
pub fn is_foreign(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

pub(super) fn check(text: &str, limit: usize, allowed: &[char]) -> Result<(), TextError> {
    if text.trim().is_empty() {
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

/// Whether there are characters in a text, not all of them white space, and nobody sees any of them.
pub fn shows_nothing(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(is_invisible)
}

/// Whether nobody sees the character: white space, whatever a program may leave out where it has no picture of it (Unicode's property
/// `Default_Ignorable_Code_Point`, DerivedCoreProperties-17.0.0.txt: fillers, joiners, marks of direction, tags), noncharacters, and
/// the empty pattern of Braille.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The text with each line end (`\r\n`, `\r` or `\n`) as `\n`.
fn with_plain_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        text! { $(#[$doc])* $name, $check, std::convert::identity }
    };
    ($(#[$doc:meta])* $name:ident, $check:expr, $normalise:expr) => {
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
                let normalise: fn(String) -> String = $normalise;
                let text = normalise(text);
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
    /// An id of 1 to 64 bytes: `[a-z0-9-]{1,64}`.
    Id, |text| {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        ((1..=limits::ID_BYTES).contains(&text.len()) && text.bytes().all(allowed))
            .then_some(())
            .ok_or(TextError::Id)
    }
}

text! {
    /// One line of 1 to 200 characters, without spaces around it and with one space between words.
    Name, |text| check(text, limits::NAME_CHARS, &[]), with_single_spaces
}

text! {
    /// A text of 1 to 10,000 characters; line breaks and tabs are allowed. Each line end is one character, `\n`. The texts of
    /// incidents, maintenance, notices and post-mortems are Markdown ([`super::markdown`]); all others are plain text.
    Body, |text| check(text, limits::BODY_CHARS, &['\n', '\t']), with_plain_line_ends
}

/// A text without spaces around it, and with one in the place of several. Browsers show no others.
fn with_single_spaces(text: String) -> String {
    let words = text.trim().split(' ').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

impl Id {
    /// The generated id of an entity whose update names none: `incident-42` for the incident that version 42 opened.
    pub(crate) fn generated(prefix: &str, version: u64) -> Self {
        Self(format!("{prefix}-{version}"))
    }

    /// Whether it looks like a generated id. Operators may not choose such an id, so that a generated one is always
    /// new.
    pub(crate) fn is_generated(&self, prefix: &str) -> bool {
        let number = self.0.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// Texts that show nothing, for tests.
#[cfg(test)]
pub(crate) const UNSEEN: [&str; 18] = [
    "\u{200B}",
    "\u{3164}",
    "\u{2066}\u{2069}",
    "\u{61C}",
    "\u{115F}",
    "\u{34F}",
    "\u{FE0F}",
    "\u{2800}",
    "\u{180E}",
    "\u{2061}",
    "\u{FFA0}",
    "\u{E0041}",
    "\u{FFFE}",
    "\u{1FFFF}",
    "\u{10FFFF}",
    "\u{FDD0}",
    " \u{FEFF} ",
    "\u{200B} \u{FFF0}",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_over_the_limit_or_with_control_characters_are_refused() {
        assert!(Id::try_from("a-1".to_owned()).is_ok());
        for bad in ["", "A", "a b", "ä", "../x", &"a".repeat(65)] {
            assert_eq!(Id::try_from(bad.to_owned()), Err(TextError::Id), "{bad}");
        }
        assert_eq!(Name::try_from(" \t ".to_owned()), Err(TextError::Blank));
        assert_eq!(Name::try_from("a\nb".to_owned()), Err(TextError::Control('\n')));
        assert!(Name::try_from("ä".repeat(200)).is_ok());
        assert_eq!(Name::try_from("ä".repeat(201)), Err(TextError::TooLong { limit: 200, got: 201 }));
        assert!(Body::try_from("a\nb".to_owned()).is_ok());
        assert_eq!(Body::try_from("a\u{0}b".to_owned()), Err(TextError::Control('\u{0}')));
    }

    #[test]
    fn a_text_of_what_nobody_sees_shows_nothing() {
        for text in UNSEEN.iter().chain(&[""]) {
            assert!(text.chars().all(is_invisible), "{text:?}");
        }
        for text in ["\u{301}", "\u{FFFD}", "\u{FFFC}", "\u{E000}", "\u{1F600}\u{FE0F}", "\u{3163}", "ﾠa"] {
            assert!(!text.chars().all(is_invisible), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_unicode_lets_be_ignored_is_invisible(c in "\\p{Default_Ignorable_Code_Point}") {
            proptest::prop_assert!(c.chars().all(is_invisible), "{:?}", c);
        }

        #[test]
        fn what_unicode_has_a_picture_of_is_not(c in "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}--\\p{Default_Ignorable_Code_Point}--\u{2800}]") {
            proptest::prop_assert!(!c.chars().all(is_invisible), "{:?}", c);
        }
    }

    #[test]
    fn each_line_end_means_the_same() {
        for sent in ["a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\nb\n\nc", "a\r\nb\n\rc", "a\rb\n\r\nc"] {
            assert_eq!(Body::try_from(sent.to_owned()).unwrap().as_str(), "a\nb\n\nc", "{sent:?}");
        }
        let stored: Body = serde_json::from_str(r#""a\r\nb""#).unwrap();
        assert_eq!(stored.as_str(), "a\nb");
        // The limit counts a line end once.
        assert!(Body::try_from("ä\r\n".repeat(5_000)).is_ok());
        assert!(Body::try_from("ä\r\n".repeat(5_001)).is_err());
        assert_eq!(Body::try_from("\r\n\r".to_owned()), Err(TextError::Blank));
    }
}
