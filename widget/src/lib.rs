//! Candor's banner: what a visitor sees of a status page, inside the product.
//!
//! What is shown is current, or says since when it is not confirmed. An unreadable answer counts as neither up nor down. The
//! banner never changes the host page and throws nothing into it.
//!
//! A Rust application renders one component, which polls and remembers by itself. "Details" leads to the status page, or opens a panel
//! in the application:
//!
//! ```
//! # #[cfg(feature = "csr")]
//! # mod app {
//! use candor_widget::{StatusBanner, StatusPanel};
//! use yew::prelude::*;
//!
//! #[component]
//! fn App() -> Html {
//!     let url = "https://status.example.com";
//!     let is_open = use_state(|| false);
//!     let show = |open: bool| {
//!         let is_open = is_open.setter();
//!         Callback::from(move |()| is_open.set(open))
//!     };
//!     html! {
//!         <>
//!             <StatusBanner {url} on_details={show(true)} />
//!             if *is_open {
//!                 <StatusPanel {url} on_close={show(false)} />
//!             }
//!         </>
//!     }
//! }
//! # }
//! ```
//!
//! A server renders [`Banner`] from a bulletin that it fetched, with yew's `ssr` and without the feature `csr`. Any other page
//! uses the script tag (`loader/`) or the element (`element/`), which watch by themselves and call [`mount`] once there is
//! something to show.
//!
//! The edge decides what is said, in which language and in which words: `bulletin.json`
//! ([`Bulletin`](candor_shared::bulletin::Bulletin)). This crate paints it.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `schedule` `address` | when to check again, and where (pure) |
//! | `clock` `level` `pieces` | times as their reader writes them, classes, texts |
//! | `banner` `report` | the elements: the first line in a strip, everything; they render anywhere |
//! | `panel` | the panel that "Details" opens: `panel.json` |
//! | `dismissal` `memory` | what a visitor is told, and what their browser remembers for that |
//! | `check` `read` `watch` `stream` `live` `shadow` `style` `try_out` | the browser: one check, its text, one watch per address, what it hears between checks, the banner of a page, shadow roots, style sheets, trying an address |
//! | `status_banner` `mount` | the two ways in |

#[cfg(any(feature = "csr", test))]
mod address;
mod banner;
mod clock;
#[cfg(any(feature = "csr", test))]
mod dismissal;
mod level;
#[cfg(any(feature = "csr", test))]
mod memory;
mod node;
#[cfg(any(feature = "csr", all(test, not(target_arch = "wasm32"))))]
mod panel;
mod pieces;
#[cfg(any(feature = "csr", all(test, not(target_arch = "wasm32"))))]
mod report;
#[cfg(any(feature = "csr", test))]
mod schedule;

#[cfg(feature = "csr")]
mod check;
#[cfg(feature = "csr")]
mod live;
#[cfg(feature = "csr")]
mod mount;
#[cfg(feature = "csr")]
mod read;
#[cfg(feature = "csr")]
mod shadow;
#[cfg(feature = "csr")]
mod status_banner;
#[cfg(feature = "live")]
mod stream;
#[cfg(feature = "csr")]
mod style;
#[cfg(feature = "csr")]
mod try_out;
#[cfg(feature = "csr")]
mod watch;

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "../tests/common/drawn.rs"]
mod drawn;
#[cfg(test)]
#[path = "../tests/common/sample.rs"]
mod sample;
#[cfg(test)]
#[path = "../tests/common/panel.rs"]
mod sample_panel;

pub use banner::Banner;

/// Compiles the code in the guide.
#[cfg(all(doctest, feature = "csr"))]
#[doc = include_str!("../../docs/widget.md")]
struct Guide;

#[cfg(feature = "csr")]
pub use mount::{App, View, mount};
#[cfg(feature = "csr")]
pub use panel::{OpenPanel, Opening, StatusPanel, open};
#[cfg(feature = "csr")]
pub use status_banner::StatusBanner;
#[cfg(feature = "csr")]
pub use watch::{Status, use_status};
