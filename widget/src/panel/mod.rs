//! The panel: everything that a visitor may want to know, inside the product.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `contents` `story` `uptime` | the elements; they render anywhere |
//! | `trial` | "is it just me?": what the outcome says (pure), and trying it in a browser |
//! | `live` `status_panel` | the browser: a dialog that follows what changes, for Rust applications and for JavaScript |

pub(crate) mod contents;
mod story;
mod trial;
mod uptime;

#[cfg(feature = "csr")]
pub(crate) mod live;
#[cfg(feature = "csr")]
pub(crate) mod status_panel;
