//! The HTML pages. yew renders them. They are complete without JavaScript and make no request to another host.
//!
//! yew escapes an operator's text in elements and in attributes. Only Markdown (post-mortems, the details of a notice) is
//! inserted as HTML, which `candor_shared::text::markdown` produces and escapes. URLs are checked when an update is parsed.

mod chosen;
mod embed;
mod entry;
mod frame;
mod history;
mod home;
mod incident;
mod last_days;
mod maintenance;
mod part;
mod postmortem;
mod refusal;
mod written;

pub use chosen::keep_language;
pub use embed::{embed, embed_of_nothing};
pub use frame::{mirrored, unconfirmed};
pub use history::{HISTORY_ENTRIES, history};
pub use home::{home, nothing_yet};
pub use incident::incident;
pub use maintenance::maintenance;
pub use refusal::refusal;
