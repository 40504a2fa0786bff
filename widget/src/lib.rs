//! Candor's banner: what a visitor sees of a status page, inside the product.
//!
//! Promises: what is shown is current, or says since when it is not confirmed; an unreadable answer is
//! neither up nor down; the host page is never changed, and nothing is thrown into it.
//!
//! Two ways in. A Rust application uses the component, which is complete in itself:
//!
//! ```
//! use candor_widget::StatusBanner;
//! use yew::prelude::*;
//!
//! #[component]
//! fn App() -> Html {
//!     html! { <StatusBanner url="https://status.example.com/status.json" /> }
//! }
//! ```
//!
//! Any other page uses the script tag (`loader/`) or the element (`element/`), which watch by themselves
//! and call [`mount`] once there is something to show.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `choose` | what to say first (pure) |
//! | `schedule` | when to check again (pure) |
//! | `words` `voice` | every word in English, other languages, how times are said (pure) |
//! | `clock` | times as the visitor writes them |
//! | `banner` `report` | the elements: the worst thing in a strip, everything; they render anywhere |
//! | `check` `read` `watch` `live` `dismissal` `style` | the browser: one check, its text, one watch per address, what was closed, style sheets |
//! | `status_banner` `mount` | the two ways in |

mod banner;
mod choose;
mod clock;
#[cfg(feature = "csr")]
mod report;
#[cfg(any(feature = "csr", test))]
mod schedule;
mod voice;
mod words;

#[cfg(feature = "csr")]
mod check;
#[cfg(feature = "csr")]
mod dismissal;
#[cfg(feature = "csr")]
mod live;
#[cfg(feature = "csr")]
mod mount;
#[cfg(feature = "csr")]
mod read;
#[cfg(feature = "csr")]
mod status_banner;
#[cfg(feature = "csr")]
mod style;
#[cfg(feature = "csr")]
mod watch;

pub use banner::Banner;
pub use choose::{Headline, Languages, headline, headlines};
pub use voice::Voice;
pub use words::Words;

#[cfg(feature = "csr")]
pub use mount::{App, View, mount};
#[cfg(feature = "csr")]
pub use status_banner::StatusBanner;
#[cfg(feature = "csr")]
pub use watch::{Status, use_status};
