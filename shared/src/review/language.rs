//! Whether a text is in English: the word lists of the rules are, and a rule judges only what it can read.

use super::phrases::{BLAMING, EVASIVE, find};
use super::words::words;

/// Words of English that no other language in this file uses: the frequent ones, and those of a text about a failure.
const ENGLISH: [&str; 60] = [
    "the",
    "and",
    "were",
    "that",
    "with",
    "it",
    "its",
    "our",
    "this",
    "these",
    "those",
    "from",
    "they",
    "been",
    "which",
    "when",
    "who",
    "what",
    "how",
    "there",
    "not",
    "have",
    "because",
    "had",
    "are",
    "you",
    "your",
    "could",
    "should",
    "would",
    "did",
    "does",
    "nobody",
    "everything",
    "until",
    "while",
    "before",
    "after",
    "again",
    "off",
    "us",
    "failed",
    "fails",
    "failing",
    "failure",
    "broke",
    "broken",
    "down",
    "wrong",
    "outage",
    "mistake",
    "apologise",
    "apologize",
    "unavailable",
    "lost",
    "slow",
    "fixed",
    "users",
    "customers",
    "caused",
];

/// Words that are frequent in English and occur in other languages as well: one of them tells nothing.
const COMMON: [&str; 9] = ["we", "my", "for", "of", "is", "was", "at", "by", "be"];
/// From so many words on, one word of another language tells of a sentence without an English one.
const SENTENCE_WORDS: usize = 4;
/// From so many words on, a part of an English text has one of these.
const LONG_TEXT_WORDS: usize = 12;

/// Frequent words of other languages, none of which is an English word: German, French, Spanish, Portuguese, Italian,
/// Dutch, the Scandinavian languages, Polish, Czech, Finnish, Hungarian, Turkish, Indonesian, Romanian.
const OTHERS: [&str; 133] = [
    "bei", "zu", "den", "sind", "aus", "je", "smo", "nije", "olid", "không", "của", "và", "der", "das",
    "und", "ist", "wir", "nicht", "ein", "eine", "mit", "für", "auf", "von", "uns", "unsere", "haben",
    "wurde", "waren", "es", "im", "le", "la", "les", "des", "et", "est", "nous", "pas", "une", "dans",
    "pour", "avons", "notre", "nos", "été", "qui", "du", "sur", "el", "los", "las", "y", "una", "con",
    "para", "por", "nuestro", "nuestra", "hemos", "fue", "del", "que", "o", "os", "uma", "não", "com", "nós",
    "nosso", "nossa", "foi", "em", "da", "il", "lo", "gli", "di", "che", "non", "abbiamo", "nostro",
    "nostra", "stato", "het", "een", "en", "niet", "wij", "ons", "onze", "van", "zijn", "werd", "og", "det",
    "vi", "ikke", "vår", "och", "att", "inte", "som", "på", "af", "nie", "się", "jest", "na", "że", "byl",
    "jsme", "není", "že", "ja", "ei", "oli", "että", "és", "nem", "egy", "hogy", "ve", "bir", "için", "yang",
    "kami", "tidak", "ini", "și", "nu", "este", "fost",
];

/// Whether a text reads as English: it has words of English, and not more of another language. Where no word tells, as in a few words of a
/// language that is not listed here, no rule may judge.
pub(super) fn all_english<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> bool {
    if is_in_another_script(texts.clone()) {
        return false;
    }
    let count =
        |list: &[&str]| texts.clone().flat_map(words).filter(|word| list.contains(&word.as_str())).count();
    let phrases: usize = texts.clone().map(english_phrases).sum();
    let (english, others) = (count(&ENGLISH).saturating_add(phrases), count(&OTHERS));
    others <= english && (english > 0 || count(&COMMON) > 1)
}

/// Whether a piece of a text is certainly in English or certainly not; none where its words do not tell, as in "Sorry!".
pub(super) fn certainly_english(text: &str) -> Option<bool> {
    if is_in_another_script(std::iter::once(text)) {
        return Some(false);
    }
    let count = |list: &[&str]| words(text).filter(|word| list.contains(&word.as_str())).count();
    let english = count(&ENGLISH).saturating_add(english_phrases(text));
    let (others, common) = (count(&OTHERS), count(&COMMON));
    if english > others || (others == 0 && common > 1) {
        return Some(true);
    }
    // A name or a term may have one word of another language, and a text of some length has one of its own.
    let length = words(text).count();
    let is_foreign = others.saturating_sub(english) > 1
        || (english == 0
            && common == 0
            && (length >= LONG_TEXT_WORDS || (others > 0 && length >= SENTENCE_WORDS)));
    is_foreign.then_some(false)
}

/// How many phrases a text has that the rules know.
fn english_phrases(text: &str) -> usize {
    [&EVASIVE[..], &BLAMING].into_iter().map(|list| find(text, list).len()).sum()
}

/// Whether other letters than Latin ones prevail.
fn is_in_another_script<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> bool {
    let letters = || texts.clone().flat_map(str::chars).filter(|c| c.is_alphabetic());
    let foreign = letters().filter(|c| !is_latin(*c)).count();
    foreign.saturating_mul(2) > letters().count()
}

/// Whether one text reads as English.
pub fn is_english(text: &str) -> bool {
    all_english(std::iter::once(text))
}

/// Letters of the Latin script: Basic Latin to Latin Extended-B, and Latin Extended Additional.
fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(text: &str) -> bool {
        is_english(text)
    }

    #[test]
    fn english_is_recognised_however_short() {
        for text in [
            "We broke check-ins.",
            "Search failed.",
            "Search is slow.",
            "Some users saw errors.",
            "A shard grew, and moving data off it broke it.",
            "Everything was down for eleven hours; no one could sign in.",
            "Café Müller lost its orders on the El Niño cluster, and we are sorry.",
        ] {
            assert!(english(text), "{text}");
        }
    }

    #[test]
    fn other_languages_are_not_taken_for_english() {
        for text in [
            "Zahlungen fielen aus. Fehler bei Umstellung.",
            "Rompimos pagos durante cuarenta minutos.",
            "Fallamos. Pagos caídos.",
            "Betalingen lagen eruit. Schuld: wijzelf.",
            "Storing was opgelost.",
            "Pannes réparées.",
            "Sistem çöktü.",
            "Chúng tôi đã làm hỏng thanh toán hôm nay.",
            "Plaćanja su pala jer smo pokvarili bazu podataka.",
            "Wir haben die Zahlungen kaputt gemacht, und es war unsere Schuld.",
            "Nous avons cassé les paiements, et c'est notre faute.",
            "Hemos roto los pagos y es culpa nuestra.",
            "Nós quebramos os pagamentos e a culpa é nossa. Não foi azar.",
            "Wij hebben de betalingen kapotgemaakt en het is onze schuld.",
            "Zepsuliśmy płatności i to jest nasza wina. Nie było to szczęście.",
            "決済を壊してしまいました。私たちの責任です。",
            "Мы сломали платежи. Это наша вина.",
            "لقد عطلنا المدفوعات وهذا خطؤنا.",
            "결제가 중단되었습니다. 저희 잘못입니다.",
        ] {
            assert!(!english(text), "{text}");
        }
    }

    #[test]
    fn a_piece_is_english_or_not_or_does_not_tell() {
        for (text, certain) in [
            ("We broke payments.", Some(true)),
            ("The El Niño cluster and its disks were full.", Some(true)),
            ("Sorry!", None),
            ("Two disks died within one minute.", None),
            ("Alle 20 000 Kunden.", None),
            ("Was war los?", None),
            ("Eine Migration hat Tabellen gesperrt.", Some(false)),
            ("Wir haben die Zahlungen kaputt gemacht.", Some(false)),
            (
                "Maksut eivät toimineet tunteihin koska levy täyttyi yöllä kenenkään huomaamatta mitään aamuun asti.",
                Some(false),
            ),
            ("決済を壊してしまいました。", Some(false)),
        ] {
            assert_eq!(certainly_english(text), certain, "{text}");
        }
    }

    #[test]
    fn no_word_is_in_both_lists() {
        for word in ENGLISH {
            assert!(!OTHERS.contains(&word), "{word}");
        }
    }
}
