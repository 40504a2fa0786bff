//! Whether a text is in English: the word lists of the rules are, and a rule judges only what it can read.

use super::own::own_words;
use super::words::{blocks, has, lower, sentence_ranges};

/// Words of English that are in none of the languages of [`OTHERS`]: the frequent ones, and those of a text about a failure. No
/// words are among them that other languages have borrowed, such as "down", "error" or "customers".
const STRONG: &str = "the and were that with its our this these those from they them their been which when who what how there \
not because you your could should would did does nobody everybody everyone everything until while before after again every \
each any other another through during between without never nothing always only into where why than then she hours hour \
days people aware cannot couldn took found knew saw went made broke broken failed fails failing lost forgot forgotten wrong \
mistake apologise apologize unavailable slow fixed caused noticed stopped worked restored deleted dropped pushed reached \
tried charged exposed wrote written grew kept told thought moved pulled missed filled learned changed checked turned \
overlooked crashed neglected corrupted leaked messed screwed tested shipped waited began shown seen done \
unforeseen unexpected affected experienced experiencing seeing";

/// Words that are frequent in English and occur in other languages as well: one of them tells nothing.
const COMMON: &str = "we my for of is was at by be";

/// Words that count as English beside others that do, and tell nothing by themselves.
const FILLERS: &str = "a an i it to in on as or so but no if all one two us me had have has are do off down out up more some \
users customers error errors failure outage sorry";

/// From so many words on, an English sentence has one of these.
const LONG_TEXT_WORDS: usize = 12;

/// So many letters of another script are a word of another language.
const FOREIGN_LETTERS: usize = 5;

/// Frequent words of other languages, none of which is an English word: German, French, Spanish, Portuguese, Italian,
/// Dutch, the Scandinavian languages, Polish, Czech, Finnish, Hungarian, Turkish, Indonesian, Romanian. A word with a
/// letter beyond ASCII is one as well.
const OTHERS: &str = "bei zu sind aus je smo nije olid der das und ist wir nicht ein eine mit auf von uns unsere haben wurde \
waren es im le la les des et est nous une dans pour avons notre qui du sur el los las una para por \
nuestro nuestra hemos fue del que os uma com nosso nossa foi em da il lo gli di che abbiamo nostro nostra \
stato het een en niet wij ons onze van zijn werd og det vi ikke och att inte som af nie jest na byl jsme \
ja ei oli nem hogy bir yang kami tidak ini nu este fost de dat maar goed alles vol hat einem einer eines \
weil wenn aber oder auch nach bis zum zur wegen durch mehr keine kein alle unser unserem unserer avait \
avec mais donc ce ces cette sont ont deux heures pendant faute culpa colpa horas durante estuvimos \
ficamos siamo stati tutti estaba porque pero sus minha muito todos wszystkie przez czy dla byly bylo jsou \
jako kde til stoppede kunder ikkje ble blev vores voor naar ook uur onder pas nos";

/// Words within names, such as those of "Ana de la Cruz".
const PARTICLES: &str = "de da do la le el los las del der den dos des di du van von y e und et en zu zur";

/// How many of the words of a text tell of which language.
#[derive(Default)]
struct Count {
    words: usize,
    strong: usize,
    common: usize,
    fillers: usize,
    others: usize,
}

impl Count {
    /// Counts the words of what an author says himself.
    fn of(own: &str) -> Self {
        let mut count = Self::default();
        for sentence in sentences(own) {
            let tokens: Vec<&str> = sentence.split_whitespace().collect();
            for (at, token) in tokens.iter().enumerate() {
                if let Some(word) = telling(token, at == 0)
                    && !is_within_name(&tokens, at)
                {
                    count.add(&word);
                }
            }
        }
        count
    }

    fn add(&mut self, word: &str) {
        // Only English has these contractions.
        let (stem, is_strong) = match word.split_once('\'') {
            Some((stem, "s")) => (stem, false),
            Some((_, end)) if has("t ve re ll m d", end) && !word.starts_with("d'") => (word, true),
            _ => (word, false),
        };
        let more = |count: &mut usize| *count = count.saturating_add(1);
        more(&mut self.words);
        if is_strong || has(STRONG, stem) {
            more(&mut self.strong);
        } else if has(COMMON, stem) {
            more(&mut self.common);
        } else if has(FILLERS, stem) {
            more(&mut self.fillers);
        } else if has(OTHERS, stem) || !word.is_ascii() {
            more(&mut self.others);
        }
    }

    fn is_english(&self) -> bool {
        let known = self.strong.saturating_add(self.common).saturating_add(self.fillers);
        self.strong > 0
            && known.saturating_mul(4) >= self.words
            && self.others.saturating_mul(3) <= self.strong
    }

    fn is_foreign(&self) -> bool {
        let has_none = self.strong == 0 && self.common == 0 && self.words >= LONG_TEXT_WORDS;
        has_none || (self.others > 1 && self.others > self.strong)
    }
}

fn sentences(own: &str) -> impl Iterator<Item = &str> {
    blocks(own).flat_map(move |block| {
        let block = own.get(block).unwrap_or_default();
        sentence_ranges(block)
            .filter_map(move |range| block.get(range))
            .flat_map(|sentence| sentence.split(':'))
    })
}

/// A word that tells of a language, in lower case: no name, no term, no abbreviation.
fn telling(token: &str, is_first: bool) -> Option<String> {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    let is_word = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
    let is_upper = word.starts_with(char::is_uppercase);
    let is_abbreviation = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    // "Über" may be a name; what begins in lower case is none.
    let is_name = is_upper && (!is_first || !word.is_ascii()) && !is_first_person(word);
    (!word.is_empty() && word.chars().all(is_word) && !is_abbreviation && !is_name).then(|| lower(word))
}

fn is_first_person(word: &str) -> bool {
    matches!(word, "I" | "I'm" | "I’m" | "I've" | "I’ve" | "I'd" | "I’d" | "I'll" | "I’ll")
}

/// Whether a word stands in a name of several, such as those of "Ana de la Cruz".
fn is_within_name(tokens: &[&str], at: usize) -> bool {
    let is_particle = |token: &&&str| has(PARTICLES, token);
    let is_name = |token: Option<&&str>| token.is_some_and(|token| token.starts_with(char::is_uppercase));
    tokens.get(at).is_some_and(|token| has(PARTICLES, token))
        && is_name(tokens.iter().take(at).rev().find(|token| !is_particle(token)))
        && is_name(tokens.iter().skip(at).find(|token| !is_particle(token)))
}

/// Whether some texts as a whole are in English. Where no word tells, as in a few words of a language that is not listed
/// here, they are not.
pub(super) fn all_english<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> bool {
    let own = texts.map(own_words).collect::<Vec<_>>().join("\n");
    !is_mostly_foreign(&own) && Count::of(&own).is_english()
}

/// Whether a piece of what an author says himself is certainly in English or certainly not; none where its words do not
/// tell, as in "Sorry!".
pub(super) fn certainly_english(own: &str) -> Option<bool> {
    let count = Count::of(own);
    if foreign_letters(own) >= FOREIGN_LETTERS || count.is_foreign() {
        return Some(false);
    }
    count.is_english().then_some(true)
}

fn foreign_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic() && !is_latin(*c)).count()
}

/// Whether other letters than Latin ones prevail.
fn is_mostly_foreign(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    foreign_letters(text).saturating_mul(2) > letters
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
        for word in STRONG.split(' ') {
            assert!(!has(OTHERS, word) && !has(COMMON, word), "{word}");
        }
    }
}
