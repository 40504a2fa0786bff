//! The limits of the domain, in one place. A limit bounds memory, storage and work for the edge. An update that exceeds a
//! limit on input is refused with an error that names the limit.

/// The longest id, in bytes.
pub const ID_BYTES: usize = 64;
/// The longest name, in characters.
pub const NAME_CHARS: usize = 200;
/// The longest body, in characters.
pub const BODY_CHARS: usize = 10_000;
/// The longest URL, in characters.
pub const URL_CHARS: usize = 2_048;
/// The longest language tag, in bytes. RFC 5646, section 4.4.1, asks for room for at least 35.
pub const LANGUAGE_BYTES: usize = 35;
/// The longest logo (a data URL), in characters: 8 KiB. Every page contains it.
pub const LOGO_CHARS: usize = 8 * 1024;
/// The most components on a page, groups included.
pub const COMPONENTS: usize = 200;
/// The most addresses that a visitor's device can try.
pub const CHECKS: usize = 8;
/// The most incidents that may be open at the same time.
pub const OPEN_INCIDENTS: usize = 50;
/// The most maintenances that may be scheduled or active at the same time.
pub const OPEN_MAINTENANCES: usize = 50;
/// The most updates in one request.
pub const UPDATES_PER_REQUEST: usize = 100;
/// The largest request body, in bytes.
pub const REQUEST_BYTES: usize = 64 * 1024;
/// The longest span in an update, such as `next_update_in`: 30 days, in milliseconds.
pub const SPAN_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long before its start `status.json` lists a maintenance: 24 hours, in milliseconds.
pub const STARTING_SOON_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The most languages of one text.
pub const LANGUAGES: usize = 50;
/// How long `status.json` lists an incident as resolved: one hour, in milliseconds.
pub const JUST_RESOLVED_MILLIS: i64 = 60 * 60 * 1000;
/// `status.json` does not list an incident as resolved if it had been over for this long or longer when the page said so, or when the
/// record was corrected: one day, in milliseconds. So history is not announced.
pub const NEWS_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The most resolved incidents in `status.json`.
pub const JUST_RESOLVED: usize = 10;
/// How often an incident may be reopened.
pub const REOPENINGS: usize = 100;
/// The most message templates.
pub const TEMPLATES: usize = 100;
/// The most follow-up tasks that may be open at the same time.
pub const OPEN_FOLLOWUPS: usize = 200;
/// The most responders of an incident.
pub const RESPONDERS: usize = 20;
/// The most entries in a post-mortem's timeline.
pub const TIMELINE: usize = 100;
/// The most entries in a post-mortem's `five_whys`.
pub const WHYS: usize = 7;
/// The most items in each other list of a post-mortem.
pub const POSTMORTEM_LIST: usize = 30;
/// The largest `status.json`, in bytes: every visitor's browser reads all of it at each change. What the clock adds
/// without an update has to fit as well.
pub const STATUS_BYTES: usize = 1_500_000;
/// How far the clocks of a sender and of the edge may differ: 5 minutes, in milliseconds.
pub const CLOCK_SKEW_MILLIS: i64 = 5 * 60 * 1000;

/// How many earlier components with the same id a component remembers by name. The history of even earlier ones shows the oldest name that is kept.
pub const FORMER: usize = 16;
