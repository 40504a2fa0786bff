//! The words by which the rules tell who failed. Each list is its words with spaces between; patterns are those of
//! [`crate::review::words::matched`].

/// Those who speak. `us` and `me` count where they are not an object: see the rule.
pub(super) const FIRST_PERSON: &str =
    "we i our my ours mine us me ourselves myself we'd we'll we're we've i'd i'll i'm i've";

/// What somebody does who fails. Without a subject of its own it belongs to that of the clause before.
pub(super) const ACTS: &str = "broke failed crashed lost missed forgot overlooked neglected underestimated misjudged \
misread mishandled misconfigured mistyped botched bungled deleted erased wiped overwrote corrupted leaked overloaded \
overwhelmed interrupted disrupted caused stopped wrong wrongly mistakenly accidentally incorrectly";

/// How it is then.
pub(super) const STATES: &str = "break breaks breaking broken fail fails failing crash crashing lose losing \
unavailable unreachable inaccessible offline unable degraded unusable useless slow slower expire expired";

/// What there is then.
pub(super) const THINGS: &str = "outage outages failure failures error errors mistake mistakes fault faults downtime \
interruption interruptions disruption disruptions degradation blunder";

/// More of what somebody does who fails.
pub(super) const DEEDS: [&str; 3] =
    ["ran|run out of", "mess|messed|screw|screwed up", "rejected|refused every|all"];

/// Words of failing that say nothing of it.
pub(super) const IDIOMS: [&str; 16] = [
    "error|failure|outage rate|budget|handling|message|page|log|code|tracking|mode|injection|test|drill|plan",
    "fail|failed|failing|fails over|safe",
    "error free",
    "fault tolerant|tolerance",
    "planned|scheduled|announced downtime|outage|interruption",
    "broke|break|breaking|broken down the|these|those|our|by|into",
    "broke|break|breaking even|ground|new|record",
    "broke|break the news|record|silence",
    "went|go|going down the|a",
    "came|come|comes down to",
    "stopped the|a|an|it|them|this|that",
    "lost in|sight|touch|interest",
    "wrong to say|claim|think|believe|assume|suggest",
    "wrongly accused|blamed",
    "no mistake about",
    "make no mistake",
];

/// What is denied is no failure, but this is one. What may follow is in [`ABLE`].
pub(super) const INABILITIES: [&str; 6] = [
    "could not",
    "could no longer",
    "not work|working|available|reachable|respond|responding|answer|answering|load|loading|restore|start|run|ring",
    "nothing|none worked",
    "nobody could",
    "no one could",
];
/// What people could not do although nothing failed.
pub(super) const ABLE: &str = "have be agree care find confirm see reproduce verify ask help wait imagine";

/// What somebody says who sees a failure of their own in what was not done.
pub(super) const REGRETS: [&str; 3] = ["should have", "should not|never have", "ought to have"];
/// What follows them where they are a wish.
pub(super) const WISHES: &str = "no a an the more any fewer less";

/// With one of these in the same clause, `down` and `offline` are what somebody did.
pub(super) const MOVES: &str = "take takes taking took taken bring bringing brought knock knocked shut pull pulled \
put kept keep left leave let turned sent";
/// With one of these before it, `down` is how it was.
pub(super) const BEING: &str =
    "is are am was were be been being go goes going went gone stayed remained fell";
/// What may be down without anybody's harm.
pub(super) const MEASURES: &str = "rate rates latency cost costs price prices load errors count";

/// Words that deny what follows them.
pub(super) const NEGATIONS: &str = "no not never nothing none nobody neither nor without zero hardly barely scarcely \
rarely seldom anything anybody anyone deny denied denies refute reject dispute false untrue";
/// Words that deny what they follow at once.
pub(super) const NAUGHT: &str = "no nothing none nobody zero anything anybody anyone";
/// With one of these, a denial is of what the next clause says.
pub(super) const BELIEFS: &str = "believe think thinks thought feels accept agree admit say said feel consider claim evidence true case \
sign indication mean means suggest deny denied denies refute reject dispute false untrue";
/// With one of these, and unless they are ours, the next clause is hearsay.
pub(super) const RUMOURS: &str = "feel feels believes thinks report reports claim claims claimed say says rumour rumours rumor rumors allegation \
allegations alleged accusation accusations";
/// Words that deny wherever they stand.
pub(super) const ABSENCES: &str = "zero elsewhere";
/// Not a denial.
pub(super) const NO_DENIALS: [&str; 4] =
    ["not only|just|merely", "no doubt|excuse", "never again", "no sooner"];

/// What makes a possibility of what follows it.
pub(super) const POSSIBILITIES: &str =
    "would might could can will shall almost nearly avoid avoiding prevent preventing against";
/// What makes one of a whole clause that begins with it.
pub(super) const CONDITIONS: &str = "if unless whether lest";

/// Who looks on in a clause: what follows is said of something else.
pub(super) const OBSERVING: &str = "see saw seen notice noticed observe observed detect detected learned heard found \
discover discovered know knew understand understood believe think thought suspect suspected investigate investigated \
investigating show showed shows report reported survived weathered avoided averted prevented told informed \
thank thanks accused victim victims";
/// Who repairs: the failure may be anybody's.
pub(super) const REPAIRING: &str = "fix fixed resolve resolved mitigate mitigated restore restored handle handled \
respond responded recover recovered manage managed work worked working overcame ended";

/// Others on whom the blame is put.
pub(super) const SUPPLIERS: &str = "provider providers vendor vendors supplier suppliers partner partners host \
contractor contractors subcontractor subcontractors carrier upstream registrar competitor competitors hoster hosting bank isp";
/// The same by name. A name may stand before what is ours: "our AWS account".
pub(super) const NAMES: &str = "aws amazon azure microsoft google gcp cloudflare fastly akamai github stripe paypal \
twilio heroku s3";
/// Others who bear it, or who are said to.
pub(super) const PEOPLE: &str =
    "customers users clients visitors people members subscribers tenants others they you";
/// What is ours and does nothing.
pub(super) const ASIDES: &str = "view opinion knowledge thoughts hearts apologies best";

/// Words that begin a clause.
pub(super) const OPENERS: &str = "that which who whose where when while because since as before after until during \
despite throughout amid if unless whether although though but and so than what how why";
/// Subjects that begin a clause where they stand.
pub(super) const NOMINATIVES: &str = "we i they he she";
/// Words of a clause that refer to the end of the one before.
pub(super) const REFERRING: &str = "that which who whose it they";
/// A noun after one of these is not the subject.
pub(super) const PREPOSITIONS: &str =
    "of to in at by with from for on into onto between through via behind under";
/// After these a failure is of those who are named next.
pub(super) const ORIGINS: &str = "by at of in with within";
/// Where a noun with its adjectives ends.
pub(super) const ENDS: &str = "the a an this these those is are was were be been has have had do did does can could may \
might will would should not never of to in at by with from for on into onto between through via that which who";
/// What may stand between a subject and its verb.
pub(super) const LIGHT: &str = "is are am was were be been being has have had do did does it this also then simply just \
completely entirely totally badly briefly again even still both all so really only quickly suddenly already";
/// Forms that make a predicate.
pub(super) const FINITE: &str = "is are am was were has have had do did does went go goes fell stayed remained became \
could got gets kept made saw";
