//! Every limit, in one place. A limit is a promise to the operator (it is in the error text) and a
//! bound on memory, storage and work for the edge.

/// Bytes in an id.
pub const ID_BYTES: usize = 64;
/// Characters in a name.
pub const NAME_CHARS: usize = 200;
/// Characters in a body.
pub const BODY_CHARS: usize = 10_000;
/// Characters in a URL.
pub const URL_CHARS: usize = 2_048;
/// Bytes in a language tag.
pub const LANGUAGE_BYTES: usize = 35;
/// Characters in a logo, which stands in every page: 8 KiB.
pub const LOGO_CHARS: usize = 8 * 1024;
/// Components on a page, groups included.
pub const COMPONENTS: usize = 200;
/// Incidents open at the same time.
pub const OPEN_INCIDENTS: usize = 50;
/// Maintenances that are not completed.
pub const OPEN_MAINTENANCES: usize = 50;
/// Updates in one request.
pub const UPDATES_PER_REQUEST: usize = 100;
/// Bytes in the body of one request.
pub const REQUEST_BYTES: usize = 64 * 1024;
/// The longest span of time in an update (a promise, for example): 30 days, in milliseconds.
pub const SPAN_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long before its start a maintenance is in `status.json`: 24 hours, in milliseconds.
pub const STARTING_SOON_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Languages that one text is said in.
pub const LANGUAGES: usize = 50;
/// How long visitors are told that an incident is over: an hour, in milliseconds.
pub const JUST_RESOLVED_MILLIS: i64 = 60 * 60 * 1000;
/// What was over longer ago than this when it was said is no news: a day, in milliseconds.
pub const NEWS_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Incidents that visitors are told are over.
pub const JUST_RESOLVED: usize = 10;
/// Message templates.
pub const TEMPLATES: usize = 100;
/// Open follow-up tasks.
pub const OPEN_FOLLOWUPS: usize = 200;
/// Responders of an incident.
pub const RESPONDERS: usize = 20;
/// Lines in a post-mortem's timeline.
pub const TIMELINE: usize = 100;
/// Whys in a post-mortem.
pub const WHYS: usize = 7;
/// Items in each other list of a post-mortem.
pub const POSTMORTEM_LIST: usize = 30;
/// Bytes that everything told at the same time may come to, as JSON and at the most: what a visitor's
/// browser reads at each change. Whatever the clock publishes by itself has to fit as well.
pub const STATUS_BYTES: usize = 1_500_000;
