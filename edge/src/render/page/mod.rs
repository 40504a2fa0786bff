//! The pages: rendered by yew, complete without JavaScript, with no request to anybody else.
//!
//! yew escapes whatever an operator wrote, in texts and in attributes; only the Markdown of post-mortems comes as HTML,
//! from `candor_shared::text::markdown`. A link's address is checked when it comes in.

mod embed;
mod entry;
mod frame;
mod history;
mod home;
mod incident;
mod maintenance;
mod part;
mod postmortem;
mod refusal;
mod written;

pub use embed::embed;
pub use frame::unconfirmed;
pub use history::history;
pub use home::{home, nothing_yet};
pub use incident::incident;
pub use maintenance::maintenance;
pub use refusal::refusal;
