//! The forms of a sentence in which authors admit a failure of their own.
//!
//! There are few, and each is narrow: a sentence in one of them admits a failure, and any other sentence is not judged. English has more
//! ways to deny, to suppose and to quote than a rule can know, so that a sentence with any word of that kind is in no form.

use crate::review::own::before_colon;
use crate::review::words::{has, plain_words};

/// Words that deny, doubt, suppose or play, and those of acts on purpose: a sentence with one of them is in no form.
const DOUBTS: &str = "not no never nothing none nobody neither nor without any anything anybody anyone deny denies denied denying \
false falsely untrue if unless whether would could might may can almost nearly should shall hardly barely scarcely ought perhaps \
maybe possibly probably apparently allegedly supposedly seemingly seem seems seemed appear appears appeared avoid avoided avoiding \
prevent prevented preventing imagine suppose pretend pretended hypothetical hypothetically drill exercise simulation simulated rehearsal \
game joke fewer less planned scheduled maintenance purpose deliberately intentionally attacker attackers attack attacks \
competitor competitors storm storms herd stampede instead myth announced precaution precautions zero 0 staging";
/// Words of what somebody says, thinks or hears.
const SPEECH: &str = "say says said saying tell tells telling told write writes writing wrote written claim claims claimed claiming report \
reports reported reporting reportedly according think thinks thinking thought believe believes believed believing feel feels felt \
allege alleges alleged accuse accuses accused accusing assert asserts asserted argue argues argued suspect suspects suspected assume \
assumes assumed assuming suggest suggests suggested complain complains complained insist insists insisted rumour rumours rumor rumors \
hear hears heard guess wonder wondered ask asks asked question doubt doubts doubted dispute disputes disputed view opinion headline \
headlines press quote quotes quoted words statement statements";
/// What stands between "we" and the verb.
const ADVERBS: &str = "have had has also just then accidentally badly simply again even both all each wrongly mistakenly inadvertently \
unintentionally completely entirely briefly partly repeatedly clearly really once twice ourselves myself";
/// Words after which a clause begins.
const OPENERS: &str = "and but because since so when then after";
const OUT: &str = "down offline unavailable unreachable";
/// Verbs that are failures by themselves. Others have an object that makes them one.
const FAILS: &str = "failed crashed forgot overlooked neglected underestimated misjudged misread mishandled misconfigured \
mistyped botched bungled corrupted leaked";
/// What those failed to do who had it to do. "We failed to find a fault" admits none, and "we failed to reach the vendor" is about somebody else.
const DUTIES: &str = "test check notice monitor deliver keep serve process renew replace update back protect warn inform catch limit \
load save store send apply roll rotate validate verify configure handle provide maintain patch restart delete remove clean review \
document finish complete communicate announce respond";
/// What follows "failed" where it is no act on something, as in "we failed one of two disks".
const AFTER_FAILED: &str = "to you our at with in for because and when on";
/// What is broken, failed or crashed without being a failure, as in "we broke even", "we broke it down", "we failed over".
const UNBROKEN: &str = "down up into apart even ground off away through free out news silence record records ice deadlock story mould \
mold tie streak sweat camp bread cover party glass over back fast safe safely open closed gracefully";
/// What is broken where people are harmed. Anything else may be broken in order to end an outage: a loop, a deadlock, a storm of retries.
const BROKEN: &str = "it this that everything things site sites website app apps application service services api apis platform \
production database databases server servers cluster clusters network routing dns checkout checkouts check-in check-ins cart shop \
store order orders payment payments billing invoices login logins sign-in signup signups account accounts search searches index indexes \
page pages dashboard dashboards report reports message messages notification notifications mail mails email emails e-mail e-mails \
upload uploads download downloads photo photos file files map maps call calls sync export exports import imports backup backups \
delivery deliveries data configuration";
/// What nobody outside sees.
const UNSEEN: &str = "test tests testing sandbox demo lab";
/// What those lose who fail, unlike "patience" or "sight".
const LOSSES: &str = "data order orders message messages email emails e-mail e-mails mail mails file files upload uploads record records \
payment payments index indexes invoice invoices booking bookings photo photos post posts backup backups write writes event \
events request requests transaction transactions account accounts document documents check-in check-ins comment comments row rows";
/// What is interrupted or disrupted where somebody is harmed.
const SERVED: &str = "service services you customers users payments checkout checkouts orders login logins search searches traffic \
deliveries access";
const CAUSED: &str =
    "outage outages failure failures downtime disruption disruptions interruption interruptions this";
const PREPOSITIONS: &str =
    "of in at for to by from on with within under over behind between through against about as than";
/// Whom we let down.
const PEOPLE: &str = "you them everyone everybody people all both of many our the my customers users clients shops sellers members \
readers teams some";
/// Our own things, which fail as we do.
const OWN: &str = "change changes deploy deploys deployment deployments release releases migration migrations script scripts code \
configuration config system systems database databases service services site website server servers network networks cluster \
clusters update updates upgrade upgrades certificate certificates balancer balancers api apis app apps platform platforms cache \
caches queue queues scheduler backup backups storage disk disks firewall router routers index deploy checkout login search \
payments";
/// Whose things are not ours although "our" stands before them.
const OTHERS: &str = "provider providers vendor vendors supplier suppliers partner partners host hosts hosting cloud upstream \
third-party third party external contractor contractors agency company carrier registrar isp telco bank client clients customer \
customers user users competitor rival neighbour neighbours friend friends parent former test tests staging";
/// What people are down or offline for.
const TIMES: &str =
    "second seconds minute minutes hour hours day days week weeks morning afternoon evening night";
/// What may follow "down", so that it is no place, number or illness.
const AFTER_OUT: &str = "between since because until again twice and but when while during worldwide globally completely entirely after \
yesterday today overnight";
const MONTHS: &str = "january february march april may june july august september october november december";
const DAYS: &str = "monday tuesday wednesday thursday friday saturday sunday";
/// What may follow "it was our fault", so that it is no "fault tolerance".
const AFTER_FAULT: &str = "and but because alone entirely too completely that";

/// A word of a sentence.
struct Token {
    word: String,
    /// Whether it begins with a capital letter.
    is_upper: bool,
    /// Whether it ends with "'s" or "s'".
    is_possessive: bool,
    /// Whether a mark stands before it at which a clause may begin.
    is_after_mark: bool,
}

/// Whether an English sentence is in one of the forms of an admission.
pub(super) fn admits(sentence: &str) -> bool {
    let tokens = tokens(sentence);
    let is_doubted = tokens.iter().enumerate().any(|(at, token)| {
        // The month is none.
        let is_month = token.word == "may" && token.is_upper && at > 0;
        !is_month && (has(DOUBTS, &token.word) || has(SPEECH, &token.word))
    });
    let is_question = sentence.trim_end().ends_with('?');
    !is_question
        && !is_doubted
        && (0..said_count(sentence, &tokens)).filter(|at| starts(&tokens, *at)).any(|at| {
            let clause = Clause { tokens: tokens.get(at..).unwrap_or_default() };
            clause.we_fail() || clause.is_our_fault() || clause.our_thing_fails()
        })
}

/// How many words stand before a colon: what follows may be somebody else's words, and no clause begins there.
fn said_count(sentence: &str, all: &[Token]) -> usize {
    match before_colon(sentence) {
        before if before.len() < sentence.len() => tokens(before).len(),
        _ => all.len(),
    }
}

fn tokens(sentence: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_after_mark = false;
    for chunk in sentence.split_whitespace().flat_map(|chunk| chunk.split_inclusive(['—', '–', ';', '(']))
    {
        let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '–' | '—');
        let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let (before, after) = match chunk.find(core) {
            _ if core.is_empty() => (chunk, ""),
            Some(at) => (
                chunk.get(..at).unwrap_or_default(),
                chunk.get(at.saturating_add(core.len())..).unwrap_or_default(),
            ),
            None => ("", ""),
        };
        is_after_mark |= before.contains(is_mark) || (core.is_empty() && chunk == "-");
        if core.is_empty() {
            continue;
        }
        let ends_possessive = core.ends_with("'s") || core.ends_with("’s") || after.starts_with(['\'', '’']);
        for word in plain_words(core) {
            let is_possessive = ends_possessive && word != "is";
            let is_upper = core.starts_with(char::is_uppercase);
            tokens.push(Token { word, is_upper, is_possessive, is_after_mark });
            is_after_mark = false;
        }
        is_after_mark = after.contains(is_mark);
    }
    tokens
}

/// Whether a clause may begin at a word.
fn starts(tokens: &[Token], at: usize) -> bool {
    let before = |count: usize| {
        at.checked_sub(count).and_then(|at| tokens.get(at)).map_or("", |token| token.word.as_str())
    };
    at == 0
        || tokens.get(at).is_some_and(|token| token.is_after_mark)
        || has(OPENERS, before(1))
        || (before(1) == "that" && before(2) == "sorry")
        || is_date(tokens.get(..at).unwrap_or_default())
}

/// Whether the words before a clause only say when, as in "On 7 October".
fn is_date(before: &[Token]) -> bool {
    let is_time = |token: &Token| {
        let is_name = token.is_upper && (has(MONTHS, &token.word) || has(DAYS, &token.word));
        is_name
            || token.word.starts_with(|c: char| c.is_ascii_digit())
            || has("the of utc morning afternoon evening night", &token.word)
    };
    // A year alone may be another one than that of the incident.
    let is_year = |token: &Token| token.word.len() == 4 && token.word.chars().all(|c| c.is_ascii_digit());
    before.split_first().is_some_and(|(first, rest)| {
        has("on in at", &first.word)
            && (1..6).contains(&rest.len())
            && rest.iter().all(is_time)
            && !rest.iter().all(is_year)
    })
}

/// A sentence from the beginning of a clause on.
struct Clause<'a> {
    tokens: &'a [Token],
}

impl Clause<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.word.as_str())
    }

    /// Whether a clause ends before a word.
    fn ends(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.is_after_mark)
    }

    /// The words from `from` on in the same clause, `count` at most.
    fn following(&self, from: usize, count: usize) -> impl Iterator<Item = &str> {
        let rest = (from..from.saturating_add(count)).take_while(move |at| !self.ends(*at));
        rest.map(|at| self.word(at)).take_while(|word| !has("and but because", word))
    }

    fn any(&self, from: usize, count: usize, list: &str) -> bool {
        self.following(from, count).any(|word| has(list, word))
    }

    /// Where the words of a list end that stand from `at` on.
    fn skip(&self, at: usize, list: &str) -> usize {
        (at..self.tokens.len())
            .find(|at| self.ends(*at) || !has(list, self.word(*at)))
            .unwrap_or(self.tokens.len())
    }

    /// "We broke checkout": a verb that is a failure by itself.
    fn we_fail(&self) -> bool {
        if !has("we i", self.word(0)) {
            return false;
        }
        let at = self.skip(1, ADVERBS);
        let next = at.saturating_add(1);
        let has_aux = (1..at).any(|at| has("have had", self.word(at)));
        match self.word(at) {
            _ if self.ends(at) => false,
            verb @ ("broken" | "forgotten") => has_aux && self.breaks(verb, next),
            "lost" => self.loses(next),
            "interrupted" | "disrupted" => self.any(next, 3, SERVED),
            "messed" | "screwed" => self.word(next) == "up",
            "caused" => self
                .following(next, 4)
                .take_while(|word| !has(PREPOSITIONS, word))
                .any(|word| has(CAUSED, word)),
            "were" | "went" if self.word(0) == "we" => {
                let out = self.skip(next, ADVERBS);
                self.is_out(out)
            }
            "let" => {
                let down = self.skip(next, PEOPLE);
                down > next && self.word(down) == "down" && self.is_out(down)
            }
            "took" => {
                let taken = self.following(next, 5).position(|word| word == "down");
                let own = format!("{OWN} everything you everybody everyone ourselves customers users");
                taken.is_some_and(|count| {
                    self.any(next, count, &own)
                        && !self.any(next, count, PREPOSITIONS)
                        // With a purpose it was no accident.
                        && !self.any(next.saturating_add(count), 12, "to")
                        && self.is_out(next.saturating_add(count))
                })
            }
            verb => self.breaks(verb, next),
        }
    }

    /// Whether what is lost is a loss of those who were to keep it.
    fn loses(&self, next: usize) -> bool {
        let object = self.following(next, 6).take_while(|word| *word == "of" || !has(PREPOSITIONS, word));
        let lost = object.collect::<Vec<_>>();
        lost.iter().take(5).any(|word| has(LOSSES, word))
            && !lost.iter().any(|word| has("sight track centre center", word))
    }

    /// Whether a verb of breaking or failing, with what follows, is a failure and no idiom.
    fn breaks(&self, verb: &str, next: usize) -> bool {
        let is_idiom = self.any(next, 8, UNBROKEN) && !self.lasts_over(next);
        let act = self.word(next.saturating_add(1));
        let is_search = verb == "failed" && self.word(next) == "to" && !has(DUTIES, act);
        let is_act = verb == "failed" && !self.ends(next) && !has(AFTER_FAILED, self.word(next));
        // "We broke for lunch" broke nothing, and what is broken to protect somebody is broken on purpose.
        let is_broken = has("broke broken", verb);
        let is_pause = is_broken && self.word(next) == "for";
        let words: Vec<&str> = self.following(next, 20).collect();
        let has_purpose = is_broken
            && words
                .windows(2)
                .any(|pair| matches!(pair, ["to", aim] if !aim.starts_with(|c: char| c.is_ascii_digit())));
        let object = || words.iter().take(5).take_while(|word| !has(PREPOSITIONS, word));
        // A name in code is left out of the words.
        let is_harm = words.is_empty() || object().any(|word| has(BROKEN, word));
        !is_act
            && !is_pause
            && !has_purpose
            && (!is_broken || is_harm)
            && !self.any(next, 10, UNSEEN)
            && (has(FAILS, verb) || has("broke broken forgotten", verb))
            && !is_idiom
            && !is_search
    }

    /// "For over an hour" is no "over" of "failed over".
    fn lasts_over(&self, from: usize) -> bool {
        let is_time = |at: usize| self.word(at) == "for" && self.word(at.saturating_add(1)) == "over";
        self.following(from, 8).filter(|word| has(UNBROKEN, word)).all(|word| word == "over")
            && (from..from.saturating_add(8)).any(is_time)
    }

    /// Whether a word says that something did not work, and what follows makes no place, number or plan of it.
    fn is_out(&self, at: usize) -> bool {
        let next = at.saturating_add(1);
        let following = self.word(next);
        let figure = |at: usize| self.word(at).starts_with(|c: char| c.is_ascii_digit());
        let second = next.saturating_add(1);
        has(OUT, self.word(at))
            && (self.ends(next)
                || has(AFTER_OUT, following)
                || (following == "for" && self.any(second, 5, TIMES))
                || (following == "from" && self.word(second).contains(':'))
                || (following == "on"
                    && (figure(second) || self.tokens.get(second).is_some_and(|token| token.is_upper))))
    }

    /// "It was our fault", "the mistake was mine".
    fn is_our_fault(&self) -> bool {
        let end = |at: usize| self.ends(at) || has(AFTER_FAULT, self.word(at));
        let of = |at: usize| self.skip(at, "all entirely only also purely simply solely");
        if has("it this that", self.word(0)) && has("was is", self.word(1)) {
            let our = of(2);
            let thing = self.skip(our.saturating_add(1), "own");
            return has("our my", self.word(our))
                && has("fault mistake error doing", self.word(thing))
                && !self.ends(thing)
                && end(thing.saturating_add(1));
        }
        let ours = of(3);
        self.word(0) == "the"
            && has("fault mistake error", self.word(1))
            && has("was is", self.word(2))
            && has("ours mine", self.word(ours))
            && end(ours.saturating_add(1))
    }

    /// "Our deploy broke login": a thing of our own fails.
    fn our_thing_fails(&self) -> bool {
        if !has("our my", self.word(0)) {
            return false;
        }
        let is_plain = |at: usize| {
            self.tokens.get(at).is_some_and(|token| {
                !token.is_upper
                    && !token.is_possessive
                    && !has(OTHERS, &token.word)
                    && !has(PREPOSITIONS, &token.word)
            })
        };
        (1..5).take_while(|at| is_plain(*at) && !self.ends(*at)).filter(|at| has(OWN, self.word(*at))).any(
            |noun| {
                let verb = self.skip(noun.saturating_add(1), "has had have");
                let next = verb.saturating_add(1);
                match self.word(verb) {
                    _ if self.ends(verb) => false,
                    "was" | "were" | "went" => self.is_out(self.skip(next, ADVERBS)),
                    "stopped" => self.word(next) == "working",
                    "ran" => self.word(next) == "out" && self.word(next.saturating_add(1)) == "of",
                    verb => has("broke broken failed crashed corrupted", verb) && self.breaks(verb, next),
                }
            },
        )
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
