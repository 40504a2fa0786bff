//! The words of one language. `build.rs` makes the tables and the names of the words.

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// What is known of one language.
struct Language {
    tag: &'static str,
    name: &'static str,
    is_right_to_left: bool,
    /// For each whole number below 200, the first letter of its plural category; `x` for `other`.
    plural: &'static str,
    decimal: &'static str,
    percent: &'static str,
    day: &'static str,
    months_short: &'static str,
    month: &'static str,
    months: &'static str,
    /// A date with a time of day, the pattern of the latter, and what stands between the names of a list.
    moment: &'static str,
    clock: &'static str,
    list: &'static str,
    /// The text of each [`Word`], and then of each [`Count`] in the six categories; one in each line.
    lines: &'static str,
}

impl Language {
    fn direction(&self) -> &'static str {
        if self.is_right_to_left { "rtl" } else { "ltr" }
    }
}

/// The letters of the plural categories in `Language::plural`, in the order of the lines of a count.
const CATEGORIES: &[u8; 6] = b"zotfmx";

/// The words of one language.
#[derive(Clone)]
pub struct Words {
    language: &'static Language,
    lines: Vec<&'static str>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.tag()).finish()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}

impl Words {
    /// The words of a language by its tag, such as `pt` or `zh-Hant`; none if it is not there.
    pub fn of(tag: &str) -> Option<Self> {
        LANGUAGES.iter().find(|language| language.tag == tag).map(|language| Self::in_language(language))
    }

    fn in_language(language: &'static Language) -> Self {
        Self { language, lines: language.lines.lines().collect() }
    }

    /// The tags and the names of all languages, each name in its own language.
    pub fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
        LANGUAGES.iter().map(|language| (language.tag, language.name))
    }

    /// The tag of the language (BCP 47), such as `de`.
    pub fn tag(&self) -> &'static str {
        self.language.tag
    }

    /// `ltr` or `rtl`: the value of the attribute `dir`.
    pub fn direction(&self) -> &'static str {
        self.language.direction()
    }

    /// The direction of the language with this tag; `ltr` if it is not there.
    pub fn direction_of(tag: &str) -> &'static str {
        LANGUAGES.iter().find(|language| language.tag == tag).map_or("ltr", |language| language.direction())
    }

    /// A text.
    pub fn get(&self, word: Word) -> &'static str {
        self.lines.get(word as usize).copied().unwrap_or_default()
    }

    /// A text that says how many there are: its form for this number, with the number in its place.
    pub fn count(&self, what: Count, number: usize) -> String {
        let below = if number < 200 {
            number
        } else {
            number.checked_rem(100).unwrap_or_default().saturating_add(100)
        };
        let letter = self.language.plural.as_bytes().get(below).unwrap_or(&b'x');
        let form = |letter: u8| {
            let category = CATEGORIES.iter().position(|known| *known == letter).unwrap_or_default();
            let line = (what as usize).saturating_mul(CATEGORIES.len()).saturating_add(category);
            self.lines.get(Word::ALL.len().saturating_add(line)).copied().filter(|text| !text.is_empty())
        };
        let text = form(*letter).or_else(|| form(b'x')).unwrap_or_default();
        text.replace("{count}", &number.to_string())
    }

    /// The forms of a text that says how many there are, each with its plural category (CLDR), such as `one`.
    pub fn forms(&self, what: Count) -> impl Iterator<Item = (&'static str, &'static str)> {
        const NAMES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
        let first = Word::ALL.len().saturating_add((what as usize).saturating_mul(NAMES.len()));
        let lines = self.lines.iter().skip(first);
        NAMES.into_iter().zip(lines.copied()).filter(|(_, text)| !text.is_empty())
    }

    pub(super) fn decimal(&self) -> &'static str {
        self.language.decimal
    }

    pub(super) fn percent_pattern(&self) -> &'static str {
        self.language.percent
    }

    pub(super) fn day_pattern(&self) -> (&'static str, &'static str) {
        (self.language.day, self.language.months_short)
    }

    /// The patterns of a date with a time of day, and of the latter.
    pub(super) fn moment_patterns(&self) -> (&'static str, &'static str) {
        (self.language.moment, self.language.clock)
    }

    pub(super) fn list_separator(&self) -> &'static str {
        self.language.list
    }

    pub(super) fn month_pattern(&self) -> (&'static str, &'static str) {
        (self.language.month, self.language.months)
    }
}

impl Default for Words {
    /// English.
    fn default() -> Self {
        Self::in_language(&EN)
    }
}
