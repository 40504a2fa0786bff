//! Sentences, numbers, durations and dates in a language.

use super::table::{Word, Words};
use crate::time::{Month, Time};

/// A part of a sentence: text, or the name of the place where something is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(&'static str),
    /// A place, such as `time`.
    Place(&'static str),
}

/// The parts of a text with places in braces.
fn parts(text: &'static str) -> impl Iterator<Item = Part> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((place, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            rest = after;
            return Some(Part::Place(place));
        }
        let (text, after) = rest.split_at_checked(rest.find('{').unwrap_or(rest.len()))?;
        rest = after;
        (!text.is_empty()).then_some(Part::Text(text))
    })
}

/// A text with things put into its places. A place for which there is nothing stays empty.
fn fill(text: &'static str, things: &[(&str, &str)]) -> String {
    let thing = |place| things.iter().find(|(name, _)| *name == place).map_or("", |(_, thing)| *thing);
    parts(text)
        .map(|part| match part {
            Part::Text(text) => text,
            Part::Place(place) => thing(place),
        })
        .collect()
}

impl Words {
    /// The parts of a sentence.
    pub fn parts(&self, word: Word) -> impl Iterator<Item = Part> {
        parts(self.get(word))
    }

    /// A sentence with things put into its places.
    pub fn fill(&self, word: Word, things: &[(&str, &str)]) -> String {
        fill(self.get(word), things)
    }

    /// A label and what it is of, with the colon as this language sets it.
    pub fn labelled(&self, label: &str, value: &str) -> String {
        self.fill(Word::Labelled, &[("label", label), ("value", value)])
    }

    /// Whether a page's name says already that it is about a status: in English, as brands do, or in a word of this language. A
    /// title does not say it twice.
    pub fn says_status(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        // Where letters have two cases, a word is whole: Stanford is not about `stan`. The other scripts here join words.
        let joins = |c: Option<char>| c.is_some_and(char::is_lowercase);
        let has = |word: &str| {
            name.match_indices(word).any(|(at, _)| {
                let (before, rest) = name.split_at_checked(at).unwrap_or_default();
                let after = rest.get(word.len()..).unwrap_or_default();
                !joins(before.chars().next_back()) && !joins(after.chars().next())
            })
        };
        name.contains("status")
            || name.contains(&self.get(Word::PageStatusPage).to_lowercase())
            || self.get(Word::PageStatusWords).split('|').any(has)
    }

    /// A text with a capital at its beginning, for where it stands alone.
    pub fn title(&self, word: Word) -> String {
        let mut characters = self.get(word).chars();
        let first = characters.next();
        match (first, self.tag()) {
            // In Turkish the capital of i has a dot (Unicode, SpecialCasing.txt).
            (Some('i'), "tr") => format!("İ{}", characters.as_str()),
            (first, _) => first.into_iter().flat_map(char::to_uppercase).chain(characters).collect(),
        }
    }

    /// A ratio from 0 to 1 in per cent with two decimals. It is cut, not rounded, so that only 1 becomes 100 %.
    #[expect(clippy::cast_possible_truncation, clippy::float_arithmetic, reason = "from 0 to 1")]
    pub fn percent(&self, ratio: f64) -> String {
        let hundredths = (ratio * 10_000.0) as i64;
        let number = match hundredths {
            10_000 => "100".to_owned(),
            _ => format!("{}{}{:02}", hundredths / 100, self.decimal(), hundredths % 100),
        };
        fill(self.percent_pattern(), &[("number", &number)])
    }

    /// A duration in milliseconds: in minutes below a day, in hours from a day on.
    pub fn duration(&self, millis: i64) -> String {
        let minutes = millis.max(0) / 60_000;
        let (hours, days) = (minutes / 60, minutes / (24 * 60));
        let unit = |word, count: i64| self.fill(word, &[("count", &count.to_string())]);
        let (larger, smaller) = match (days, hours) {
            (0, 0) if minutes == 0 => return self.get(Word::DurationLess).to_owned(),
            (0, 0) => (unit(Word::DurationMinutes, minutes), None),
            (0, _) => (unit(Word::DurationHours, hours), Some((Word::DurationMinutes, minutes % 60))),
            (_, _) => (unit(Word::DurationDays, days), Some((Word::DurationHours, hours % 24))),
        };
        match smaller.filter(|(_, count)| *count > 0) {
            Some((word, count)) => format!("{larger} {}", unit(word, count)),
            None => larger,
        }
    }

    /// A date such as `2026-11-22`: "22 Nov 2026". Anything else stays as it is.
    pub fn day(&self, date: &str) -> String {
        let (pattern, months) = self.day_pattern();
        self.date(date, pattern, months).unwrap_or_else(|| date.to_owned())
    }

    /// A month: "November 2026".
    pub fn month(&self, month: Month) -> String {
        let (pattern, months) = self.month_pattern();
        self.date(&format!("{month}-01"), pattern, months).unwrap_or_else(|| month.to_string())
    }

    fn date(&self, date: &str, pattern: &'static str, months: &'static str) -> Option<String> {
        let mut numbers = date.splitn(3, '-');
        let year = numbers.next()?;
        let month: usize = numbers.next()?.parse().ok()?;
        let day = numbers.next()?.trim_start_matches('0');
        let month = months.lines().nth(month.checked_sub(1)?)?;
        Some(fill(pattern, &[("year", year), ("month", month), ("day", day)]))
    }

    /// An instant in UTC: "4 Oct 2010, 15:00 UTC".
    pub fn moment(&self, time: Time) -> String {
        let (day, clock) = self.day_and_clock(time);
        format!("{} UTC", self.at(&day, &clock))
    }

    /// A span of time in UTC: "4 Oct 2010, 15:00 – 17:00 UTC", with both days if it ends on another one, and as one time if it ends
    /// within the minute.
    pub fn window(&self, from: Time, until: Time) -> String {
        let ((first, from), (last, until)) = (self.day_and_clock(from), self.day_and_clock(until));
        let span = match first == last {
            // Within a minute.
            true if from == until => self.at(&first, &from),
            true => self.at(&first, &format!("{from} – {until}")),
            false => format!("{} – {}", self.at(&first, &from), self.at(&last, &until)),
        };
        format!("{span} UTC")
    }

    /// Names, with between them what stands there in a list of this language.
    pub fn list<T: AsRef<str>>(&self, names: &[T]) -> String {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        names.join(self.list_separator())
    }

    /// Two parts of a sentence, with a comma between them.
    pub fn clauses(&self, first: &str, second: &str) -> String {
        // Chinese has a comma of its own for lists (GB/T 15834).
        let comma = if self.tag().starts_with("zh") { "，" } else { self.list_separator() };
        format!("{first}{comma}{second}")
    }

    fn at(&self, day: &str, clock: &str) -> String {
        fill(self.moment_patterns().0, &[("date", day), ("clock", clock)])
    }

    fn day_and_clock(&self, time: Time) -> (String, String) {
        let text = time.to_string();
        let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
        let mut parts = clock.split(':');
        let (hour, minute) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        (self.day(date), fill(self.moment_patterns().1, &[("hour", hour), ("minute", minute)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Count;

    fn words(tag: &str) -> Words {
        Words::of(tag).unwrap_or_else(|| panic!("{tag}"))
    }

    #[test]
    fn a_name_says_status_once() {
        for (tag, names) in [
            (
                "en",
                &["Status", "Acme Status", "Statuspage", "STATUS", "Status ", "acme-status.example"]
                    as &[_],
            ),
            ("de", &["Status", "Acme Statusseite", "Störungsstatus", "Zustand der Dienste"]),
            ("es", &["Estado de Acme", "Página de estado", "ESTADO"]),
            ("fi", &["Acmen tila", "Tilasivu"]),
            ("tr", &["Acme Durumu", "Durum"]),
            ("ru", &["Состояние Acme", "Статус"]),
            ("ja", &["Acme ステータス", "アクメステータス"]),
            ("zh-Hans", &["艾克美状态", "状态页"]),
            ("hi", &["Acme की स्थिति"]),
            ("ar", &["حالة أكمي"]),
            ("vi", &["Trạng thái Acme"]),
        ] {
            let words = Words::of(tag).unwrap();
            for name in names {
                assert!(words.says_status(name), "{tag}: {name}");
            }
            assert!(!words.says_status("Acme") && !words.says_status("Statistik Stanford"), "{tag}");
        }
        let labelled = ["en", "fr", "zh-Hans"].map(|tag| Words::of(tag).unwrap().labelled("a", "b"));
        assert_eq!(labelled, ["a: b", "a\u{a0}: b", "a：b"]);
        assert!(!Words::of("pl").unwrap().says_status("Stanford"));
        assert!(Words::of("pl").unwrap().says_status("Stan usług"));
        for (tag, _) in Words::languages() {
            let words = Words::of(tag).unwrap();
            let of = words.fill(Word::PageStatusOf, &[("name", "Acme")]);
            assert!(words.says_status(&of), "{of}");
        }
    }

    #[test]
    fn english_numbers_durations_and_dates() {
        let english = Words::default();
        let minutes = |minutes: i64| english.duration(minutes.saturating_mul(60_000));
        assert_eq!(minutes(0), "less than a minute");
        assert_eq!(minutes(26), "26 min");
        assert_eq!(minutes(60), "1 h");
        assert_eq!(minutes(125), "2 h 5 min");
        assert_eq!(minutes(24 * 60), "1 d");
        assert_eq!(minutes(76 * 60 + 59), "3 d 4 h");
        assert_eq!(english.percent(1.0), "100%");
        assert_eq!(english.percent(0.999_99), "99.99%");
        assert_eq!(english.percent(0.5), "50.00%");
        assert_eq!(english.day("2026-11-02"), "2 Nov 2026");
        assert_eq!(english.day("soon"), "soon");
        assert_eq!(english.month("2010-10".parse().unwrap()), "October 2010");
        assert_eq!(english.title(Word::StatusInProgress), "In progress");
        assert_eq!(english.count(Count::Days, 1), "1 day");
        assert_eq!(english.count(Count::Days, 90), "90 days");
    }

    #[test]
    fn each_language_writes_them_in_its_own_way() {
        assert_eq!(words("de").percent(0.9995), "99,95\u{a0}%");
        assert_eq!(words("tr").percent(0.9995), "%99,95");
        assert_eq!(words("de").day("2026-11-02"), "2. Nov. 2026");
        assert_eq!(words("ja").day("2026-11-02"), "2026年11月2日");
        assert_eq!(words("hu").month("2010-10".parse().unwrap()), "2010. október");
        assert_eq!(words("tr").title(Word::StatusInvestigating).chars().next(), Some('İ'));
        let forms = |tag: &str| [1, 2, 5, 22, 111].map(|number| words(tag).count(Count::Days, number));
        assert_eq!(
            forms("pl").map(|form| form.rsplit(' ').next().unwrap().to_owned()),
            ["dzień", "dni", "dni", "dni", "dni"]
        );
        let russian = forms("ru").map(|form| form.rsplit(' ').next().unwrap().to_owned());
        assert_eq!(russian, ["день", "дня", "дней", "дня", "дней"]);
    }

    #[test]
    fn commas_are_those_of_the_language() {
        for (tag, moment, window, list, clauses) in [
            ("en", "4 Oct 2010, 15:00 UTC", "4 Oct 2010, 15:00 – 17:05 UTC", "a, b, c", "a, b"),
            ("ja", "2010年10月4日 15:00 UTC", "2010年10月4日 15:00 – 17:05 UTC", "a、b、c", "a、b"),
            ("ar", "4 أكتوبر 2010، 15:00 UTC", "4 أكتوبر 2010، 15:00 – 17:05 UTC", "a، b، c", "a، b"),
            ("zh-Hans", "2010年10月4日 15:00 UTC", "2010年10月4日 15:00 – 17:05 UTC", "a、b、c", "a，b"),
            ("fi", "4.10.2010 klo 15.00 UTC", "4.10.2010 klo 15.00 – 17.05 UTC", "a, b, c", "a, b"),
            ("vi", "15:00 4 thg 10, 2010 UTC", "15:00 – 17:05 4 thg 10, 2010 UTC", "a, b, c", "a, b"),
        ] {
            let words = words(tag);
            let time = |text: &str| text.parse().unwrap();
            let (from, until) = (time("2010-10-04T15:00:00Z"), time("2010-10-04T17:05:00Z"));
            assert_eq!((words.moment(from).as_str(), words.window(from, until).as_str()), (moment, window));
            assert_eq!(
                (words.list(&["a", "b", "c"]).as_str(), words.clauses("a", "b").as_str()),
                (list, clauses)
            );
        }
        for (tag, _) in Words::languages() {
            let moment = words(tag).moment("2010-10-04T15:07:00Z".parse().unwrap());
            assert!(moment.contains("15") && moment.contains("07") && moment.contains("2010"), "{moment}");
            assert!(
                !moment.contains(['{', '}']) && !words(tag).list_separator().trim().is_empty(),
                "{moment}"
            );
        }
    }

    #[test]
    fn a_window_names_a_day_once() {
        let english = Words::default();
        for (from, to, words) in [
            ("2010-10-04T15:00:00Z", "2010-10-04T17:00:00Z", "4 Oct 2010, 15:00 – 17:00 UTC"),
            ("2010-10-04T22:00:00Z", "2010-10-05T01:00:00Z", "4 Oct 2010, 22:00 – 5 Oct 2010, 01:00 UTC"),
            ("2010-10-04T15:00:00Z", "2011-10-04T15:00:00Z", "4 Oct 2010, 15:00 – 4 Oct 2011, 15:00 UTC"),
            ("2010-10-04T00:00:00Z", "2010-10-04T23:59:00Z", "4 Oct 2010, 00:00 – 23:59 UTC"),
            ("2010-10-04T10:00:00Z", "2010-10-04T10:00:30Z", "4 Oct 2010, 10:00 UTC"),
            ("2010-10-04T10:00:00Z", "2010-10-04T10:00:00Z", "4 Oct 2010, 10:00 UTC"),
            ("2010-10-04T10:00:59Z", "2010-10-04T10:01:00Z", "4 Oct 2010, 10:00 – 10:01 UTC"),
            ("2010-10-04T10:00:00Z", "2010-10-05T10:00:30Z", "4 Oct 2010, 10:00 – 5 Oct 2010, 10:00 UTC"),
        ] {
            assert_eq!(english.window(from.parse().unwrap(), to.parse().unwrap()), words);
        }
    }

    #[test]
    fn a_sentence_has_its_places_anywhere() {
        let all = |text| parts(text).collect::<Vec<_>>();
        assert_eq!(all("{from} bis {to}"), [Part::Place("from"), Part::Text(" bis "), Part::Place("to")]);
        assert_eq!(
            all("seit {time} offen"),
            [Part::Text("seit "), Part::Place("time"), Part::Text(" offen")]
        );
        assert_eq!(all("plain"), [Part::Text("plain")]);
        assert_eq!(all(""), []);
        assert_eq!(all("a { b"), [Part::Text("a ")], "an open brace ends the text");
    }

    /// Every language has the places of English in every text, and a form for every number.
    #[test]
    fn every_language_has_every_place_and_every_form() {
        let places = |words: &Words, word: Word| {
            let mut all: Vec<_> = words
                .parts(word)
                .filter_map(|part| match part {
                    Part::Place(place) => Some(place),
                    Part::Text(_) => None,
                })
                .collect();
            all.sort_unstable();
            all
        };
        let english = Words::default();
        for (tag, _) in Words::languages() {
            let words = words(tag);
            for word in Word::ALL {
                assert_eq!(places(&words, *word), places(&english, *word), "{tag}: {word:?}");
                assert!(!words.get(*word).trim().is_empty(), "{tag}: {word:?}");
            }
            for count in Count::ALL {
                for number in [0, 1, 2, 3, 5, 11, 21, 100, 101, 111, 1_000_000] {
                    let text = words.count(*count, number);
                    assert!(!text.is_empty() && !text.contains('{'), "{tag}: {count:?} {number}: {text}");
                }
            }
        }
    }
}
