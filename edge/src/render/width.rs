//! How wide a text is in the badge's font. A renderer on a server has no fonts, so it has a table.

use super::clusters::clusters;
use super::glyphs::{self, entry};
use super::scripts::Script;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The size of the font, in pixels.
const FONT_SIZE: usize = 11;
/// A letter of a script that is in no table, in hundredths of an em.
const LETTER: u8 = 62;
/// A Chinese, Japanese or Korean character, in hundredths of an em.
const FULL: u8 = 100;
/// An emoji, in hundredths of an em.
const EMOJI: u8 = 125;
/// A letter of the Arabic script that is in no table, in hundredths of an em.
const ARABIC_LETTER: u8 = 45;

/// An Armenian letter, in hundredths of an em.
const ARMENIAN_LETTER: u8 = 68;

/// An arrow, a circled digit, a mathematical or another symbol, in hundredths of an em: DejaVu Sans has 77 to 90 for most.
const SYMBOL: u8 = 80;

// The advance widths of DejaVu Sans in hundredths of an em. Those of Verdana differ by a few per cent.

/// From space to `~`.
const ASCII: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63,
    61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97,
    63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
/// Latin-1 and Latin Extended-A, from U+00A0.
const LATIN: [u8; 224] = [
    32, 40, 64, 64, 64, 64, 34, 50, 50, 100, 47, 61, 84, 36, 100, 50, 50, 84, 40, 40, 50, 64, 64, 32, 50, 40,
    47, 61, 97, 97, 97, 53, 68, 68, 68, 68, 68, 68, 97, 70, 63, 63, 63, 63, 29, 29, 29, 29, 77, 75, 79, 79,
    79, 79, 79, 84, 79, 73, 73, 73, 73, 61, 60, 63, 61, 61, 61, 61, 61, 61, 98, 55, 62, 62, 62, 62, 28, 28,
    28, 28, 61, 63, 61, 61, 61, 61, 61, 84, 61, 63, 63, 63, 63, 59, 63, 59, 68, 61, 68, 61, 68, 61, 70, 55,
    70, 55, 70, 55, 70, 55, 77, 63, 77, 63, 63, 62, 63, 62, 63, 62, 63, 62, 63, 62, 77, 63, 77, 63, 77, 63,
    77, 63, 75, 63, 92, 69, 29, 28, 29, 28, 29, 28, 29, 28, 29, 28, 59, 56, 29, 28, 66, 58, 58, 56, 28, 56,
    28, 56, 38, 56, 34, 56, 28, 75, 63, 75, 63, 75, 63, 81, 75, 63, 79, 61, 79, 61, 79, 61, 107, 102, 69, 41,
    69, 41, 69, 41, 63, 52, 63, 52, 63, 52, 63, 52, 61, 39, 61, 39, 61, 39, 73, 63, 73, 63, 73, 63, 73, 63,
    73, 63, 73, 63, 99, 82, 61, 59, 61, 69, 52, 69, 52, 69, 52, 35,
];
/// Greek, from U+0386.
const GREEK: [u8; 73] = [
    69, 32, 75, 87, 41, 62, 81, 62, 82, 83, 34, 68, 69, 56, 68, 63, 69, 75, 79, 29, 66, 68, 86, 75, 63, 79,
    75, 60, 62, 63, 61, 61, 79, 69, 79, 76, 29, 61, 66, 54, 63, 34, 58, 66, 64, 59, 61, 54, 54, 63, 61, 34,
    59, 59, 64, 56, 56, 61, 60, 63, 59, 63, 60, 58, 66, 58, 66, 84, 34, 58, 61, 58, 84,
];
/// Cyrillic, from U+0400.
const CYRILLIC: [u8; 96] = [
    63, 63, 79, 61, 70, 63, 29, 29, 29, 109, 104, 79, 71, 75, 61, 75, 68, 69, 69, 61, 78, 63, 108, 64, 75,
    75, 71, 75, 86, 75, 79, 75, 60, 70, 61, 61, 86, 69, 78, 69, 107, 109, 83, 88, 69, 70, 108, 69, 61, 62,
    59, 53, 69, 62, 90, 53, 65, 65, 60, 64, 75, 65, 61, 65, 63, 55, 58, 59, 85, 59, 68, 59, 92, 94, 71, 79,
    59, 55, 84, 60, 62, 62, 62, 53, 55, 52, 28, 28, 28, 90, 90, 65, 60, 65, 59, 65,
];
/// Hebrew, from U+05D0.
const HEBREW: [u8; 27] = [
    67, 58, 41, 55, 65, 27, 35, 65, 65, 22, 54, 53, 57, 66, 68, 27, 40, 65, 63, 64, 62, 54, 59, 71, 56, 71,
    66,
];
/// Arabic letters at the end of a word, from U+0621.
const ARABIC: [u8; 42] = [
    47, 28, 28, 48, 28, 78, 28, 94, 52, 94, 94, 65, 65, 65, 45, 45, 48, 48, 122, 122, 121, 121, 92, 92, 60,
    60, 62, 62, 62, 62, 62, 29, 104, 78, 82, 73, 62, 73, 52, 48, 78, 78,
];
/// Arabic letters that are joined to the next one, from U+0621; 0 for those that join none.
const ARABIC_JOINED: [u8; 42] = [
    0, 0, 0, 0, 0, 28, 0, 28, 0, 28, 28, 62, 62, 62, 0, 0, 0, 0, 84, 84, 85, 85, 80, 80, 60, 52, 0, 0, 0, 0,
    0, 0, 48, 48, 48, 30, 54, 28, 53, 0, 0, 28,
];
/// Devanagari, from U+0900, in Noto Sans; 0 for what stands above or below a letter.
const DEVANAGARI: [u8; 128] = [
    0, 0, 0, 20, 76, 76, 102, 49, 49, 55, 78, 85, 70, 55, 55, 55, 55, 102, 102, 102, 102, 77, 82, 56, 59, 64,
    63, 70, 74, 76, 74, 50, 58, 53, 56, 72, 57, 64, 53, 61, 55, 55, 57, 77, 57, 70, 60, 58, 41, 41, 68, 76,
    76, 56, 68, 58, 68, 53, 0, 26, 0, 47, 26, 26, 26, 0, 0, 0, 0, 0, 0, 0, 0, 26, 26, 26, 26, 0, 27, 26, 91,
    0, 0, 0, 0, 0, 0, 0, 77, 82, 56, 74, 53, 56, 77, 58, 85, 70, 0, 0, 38, 60, 52, 52, 52, 52, 52, 52, 52,
    52, 52, 52, 43, 32, 76, 76, 102, 102, 76, 76, 55, 74, 58, 56, 74, 47, 54, 57,
];
/// Thai, from U+0E01, in Noto Sans; 0 for what stands above or below a letter.
const THAI: [u8; 91] = [
    60, 55, 55, 61, 62, 60, 54, 53, 60, 55, 56, 91, 91, 60, 60, 55, 63, 90, 91, 62, 64, 60, 61, 54, 61, 60,
    60, 65, 65, 69, 68, 60, 61, 59, 49, 60, 57, 60, 49, 63, 64, 57, 59, 67, 57, 56, 52, 34, 0, 41, 41, 0, 0,
    0, 0, 0, 0, 0, 60, 60, 60, 60, 64, 29, 57, 31, 29, 30, 41, 59, 0, 0, 0, 0, 0, 0, 0, 0, 59, 57, 54, 61,
    56, 54, 54, 52, 72, 56, 50, 77, 87,
];

/// The spaces of typographers, from U+2000.
const SPACES: [u8; 11] = [50, 100, 50, 100, 33, 25, 17, 64, 32, 20, 10];

/// The width in pixels; at least 1.
pub(super) fn width(text: &str) -> usize {
    let mut hundredths = 0_usize;
    for cluster in &clusters(text) {
        hundredths = hundredths.saturating_add(cluster_width(cluster));
    }
    // An Arabic letter is narrower where it is joined to the next one.
    let letters: Vec<char> = text.chars().filter(|c| c.width() != Some(0)).collect();
    for (letter, next) in letters.iter().zip(letters.iter().skip(1)) {
        let joined = entry(&ARABIC_JOINED, 0x621, *letter).filter(|joined| *joined > 0);
        if let (Some(joined), true) = (joined, ('\u{620}'..='\u{6ff}').contains(next)) {
            let alone = entry(&ARABIC, 0x621, *letter).unwrap_or(joined);
            hundredths = hundredths.saturating_sub(usize::from(alone.saturating_sub(joined)));
        }
    }
    hundredths = hundredths.saturating_sub(joined_in_devanagari(text)).saturating_sub(joined(text));
    hundredths.saturating_mul(FONT_SIZE).div_ceil(100).max(1)
}

/// How much narrower consonants are than their letters because a virama joins them, in hundredths of an em: the first one loses its
/// stem, the two are one sign, or one stands above or below the other. Measured in Noto Sans.
fn joined_in_devanagari(text: &str) -> usize {
    let consonants = '\u{915}'..='\u{939}';
    let letters: Vec<char> = text.chars().collect();
    let joined = letters.windows(3).map(|letters| match letters {
        [first, '\u{94D}', second] if consonants.contains(first) && consonants.contains(second) => {
            match (first, second) {
                ('र', _) | (_, 'र') => 41,
                ('क', 'ष') => 63,
                ('ज', 'ञ') => 84,
                ('ष' | 'ट'..='ढ', 'ट'..='ढ') => 50,
                ('ङ' | 'ट'..='ढ', _) => 0,
                ('द' | 'श' | 'ह', _) => 52,
                _ => 24,
            }
        }
        _ => 0,
    });
    joined.fold(0, usize::saturating_add)
}

/// The same in the other scripts with consonants that a sign joins.
fn joined(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let saved = letters.windows(3).map(|letters| match letters {
        [before, sign, after] => Script::of(*sign).map_or(0, |script| script.saved(*before, *sign, *after)),
        _ => 0,
    });
    saved.fold(0, usize::saturating_add)
}

/// The text, cut after `most` characters as people count them: never inside an emoji or between a letter and its accent.
pub(super) fn cut(text: &str, most: usize) -> String {
    let clusters = clusters(text);
    match clusters.get(..most) {
        Some(first) if clusters.len() > most => format!("{}…", first.concat()),
        _ => text.to_owned(),
    }
}

/// The width of what people count as one character, in hundredths of an em.
fn cluster_width(cluster: &str) -> usize {
    let first = cluster.chars().next().unwrap_or_default();
    let is_emoji =
        first >= '\u{1F000}' || cluster.contains('\u{FE0F}') || ('\u{2600}'..='\u{27BF}').contains(&first);
    if cluster.width() == 2 && is_emoji && !('\u{20000}'..='\u{3FFFF}').contains(&first) {
        return usize::from(EMOJI);
    }
    cluster.chars().fold(0, |sum, c| sum.saturating_add(usize::from(character_width(c))))
}

/// The width of a character, in hundredths of an em.
fn character_width(c: char) -> u8 {
    if let Some(width) = Script::of(c).and_then(|script| script.width(c)) {
        return width;
    }
    match c.width() {
        None | Some(0) => return 0,
        Some(2) => return FULL,
        Some(_) => {}
    }
    if let Some(width) = glyphs::width(c) {
        return width;
    }
    let table: (&[u8], u32) = match c {
        ..='\u{9f}' => (&ASCII, 0x20),
        ..='\u{17f}' => (&LATIN, 0xa0),
        '\u{386}'..='\u{3ce}' => (&GREEK, 0x386),
        '\u{400}'..='\u{45f}' => (&CYRILLIC, 0x400),
        '\u{5d0}'..='\u{5ea}' => (&HEBREW, 0x5d0),
        '\u{621}'..='\u{64a}' => (&ARABIC, 0x621),
        '\u{600}'..='\u{6ff}' => return ARABIC_LETTER,
        '\u{900}'..='\u{97f}' => (&DEVANAGARI, 0x900),
        '\u{e01}'..='\u{e5b}' => (&THAI, 0xe01),
        '\u{531}'..='\u{587}' => return ARMENIAN_LETTER,
        '\u{2000}'..='\u{200a}' => (&SPACES, 0x2000),
        '\u{202f}' | '\u{205f}' => return 20,
        '\u{2100}'..='\u{214f}' | '\u{2190}'..='\u{24ff}' | '\u{2580}'..='\u{28ff}' => return SYMBOL,
        _ => return LETTER,
    };
    entry(table.0, table.1, c).unwrap_or(LETTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The widths that Chromium measured for these texts with DejaVu Sans at 11 px, and with Noto Sans for the scripts that it lacks; Chinese, Japanese and Korean characters
    /// are as wide as the font is high in every font.
    #[test]
    fn widths_are_right_within_fifteen_per_cent() {
        for (text, real) in MEASURED {
            let got = width(text) as f64;
            assert!((got / real - 1.0).abs() < 0.15, "{text}: {got} instead of {real}");
        }
    }

    const MEASURED: &[(&str, f64)] = &[
        ("status", 33.8),
        ("operational", 62.6),
        ("some systems down", 112.1),
        ("iiii", 12.2),
        ("WWWW", 43.5),
        ("Check-ins", 53.6),
        ("API (v2) – Überblick", 107.3),
        ("Поиск и карты", 84.5),
        ("Αναζήτηση", 61.4),
        ("מפות וחיפוש", 58.4),
        ("خرائط وبحث", 59.2),
        ("تسجيل الدخول", 67.8),
        ("الخدمة متاحة", 59.8),
        ("حالة النظام", 51.8),
        ("Größe “Maß”…", 81.7),
        ("Łódź świeci", 62.8),
        ("نسخه پشتیبان", 63.6),
        ("状态服务", 44.0),
        ("サービス状況", 66.0),
        ("प्रदर्शन में गिरावट", 67.3),
        ("रखरखाव जारी", 57.8),
        ("बड़ी रुकावट", 48.0),
        ("चालू", 17.3),
        ("स्थिति", 23.1),
        ("भुगतान प्रणाली", 60.0),
        ("नमस्ते", 23.2),
        ("अंतर्राष्ट्रीय", 37.7),
        ("विद्यालय", 32.6),
        ("क्षेत्र", 14.0),
        ("डाउनलोड २०२६", 63.4),
        ("ज्ञान", 16.0),
        ("ระบบชำระเงิน", 57.4),
        ("ค้นหาเที่ยวบิน", 59.7),
        ("เข้าสู่ระบบ", 42.3),
        ("น้ำ", 11.2),
        ("กรุงเทพฯ", 41.2),
        ("★★★", 29.6),
        ("→", 9.2),
        ("∞", 9.2),
        ("✓ Maps", 41.7),
        ("API → Web", 57.6),
        ("● Live", 35.6),
        ("தேடல்", 35.8),
        ("உள்நுழைவு", 68.8),
        ("பணம் செலுத்துதல்", 112.6),
        ("ගෙවීම් පද්ධතිය", 82.5),
        ("සෙවීම", 34.3),
        ("තත්ත්වය", 49.1),
        ("പേയ്മെന്റ് സേവനം", 104.3),
        ("തിരയൽ", 46.3),
        ("അറിയിപ്പുകൾ", 76.9),
        ("ચુકવણી સિસ્ટમ", 61.8),
        ("શોધ", 17.0),
        ("સ્થિતિ", 23.8),
        ("చెల్లింపు వ్యవస్థ", 64.7),
        ("శోధన", 24.2),
        ("నిర్వహణ", 39.7),
        ("সার্চ", 15.7),
        ("পেমেন্ট সিস্টেম", 65.2),
        ("বিজ্ঞপ্তি", 31.1),
        ("ការទូទាត់ប្រាក់", 57.3),
        ("ស្វែងរក", 30.5),
        ("សេវាកម្ម", 34.1),
        ("ಪಾವತಿ ವ್ಯವಸ್ಥೆ", 61.5),
        ("ನಿರ್ವಹಣೆ", 41.5),
        ("ಸ್ಥಿತಿ", 15.2),
        ("ການຊຳລະເງິນ", 64.8),
        ("ຄົ້ນຫາ", 29.8),
        ("ເຂົ້າສູ່ລະບົບ", 53.2),
        ("ငွေပေးချေမှု", 56.5),
        ("ရှာဖွေရေး", 44.9),
        ("အကောင့်", 43.1),
        ("ਭੁਗਤਾਨ ਸਿਸਟਮ", 62.6),
        ("ਪ੍ਰਵੇਸ਼", 19.4),
        ("ਖੋਜ", 13.3),
        ("ଦେୟ ବ୍ୟବସ୍ଥା", 57.3),
        ("ସେବା", 23.6),
        ("ବିଜ୍ଞପ୍ତି", 23.8),
        ("①②③", 29.6),
        ("❶❷", 19.7),
        ("a\u{2009}b\u{2009}c", 24.2),
        ("10\u{202f}000 €", 47.7),
        ("x\u{2003}y", 24.0),
        ("⏎", 9.2),
        ("Հայաստան", 67.7),
        ("ծառայություն", 80.0),
        ("ქართული", 51.9),
        ("სერვისი", 42.9),
        ("99‰", 28.8),
        ("½ ⅓ ⅚ ‰ №", 72.2),
        ("⅔", 10.7),
        ("′ ″", 10.1),
        ("ᵃᵇᶜ", 13.1),
        ("⟶", 15.8),
        ("†‡", 11.0),
        ("ẄẀẂ", 32.6),
        ("ǄǇǊ", 35.1),
        ("Ⅷ", 14.5),
        ("ƒ∂", 9.6),
        ("ȘșȚț", 23.7),
        ("℃℉", 22.8),
        ("►▶▸", 22.4),
        ("Tiếng Việt", 55.1),
        ("Ѳѣ", 16.0),
        ("ἀρχή", 27.6),
        ("≤≥", 18.4),
        ("■□", 20.8),
        ("ɐɑ", 13.6),
        ("⟨x⟩", 15.1),
    ];

    #[test]
    fn a_cut_is_between_characters_as_people_count_them() {
        for (text, most, cut_text) in [
            ("abc", 2, "ab…"),
            ("abc", 3, "abc"),
            ("a👨‍👩‍👧b", 2, "a👨‍👩‍👧…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}e\u{301}…"),
            ("🇩🇪🇫🇷🇮🇹", 1, "🇩🇪…"),
            ("👍🏽👍🏽", 1, "👍🏽…"),
            ("नमस्ते", 1, "न…"),
        ] {
            assert_eq!(cut(text, most), cut_text);
        }
        assert_eq!(width("👨‍👩‍👧"), width("👍"));
        assert_eq!(width("e\u{301}"), width("e"));
        assert_eq!(width("\u{301}"), 1);
    }
}
