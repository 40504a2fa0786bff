//! The panel: everything that a visitor may want to know, inside the product.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `contents` `story` `uptime` | the elements; they render anywhere |
//! | `trial` | "is it just me?": what the outcome says (pure), and trying it in a browser |
//! | `read` `live` `status_panel` | the browser: a dialog that follows what changes, for Rust applications and for JavaScript |

mod contents;
mod story;
mod trial;
mod uptime;

#[cfg(feature = "csr")]
mod live;
#[cfg(feature = "csr")]
mod read;
#[cfg(feature = "csr")]
mod status_panel;

pub(crate) use trial::Outcome;

#[cfg(feature = "csr")]
pub use status_panel::{OpenPanel, Opening, StatusPanel, open};
