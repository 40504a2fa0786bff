//! Everything that a visitor may want to know, for a panel that opens inside a product.

mod build;
mod check;
mod document;
mod link;
mod over;
mod story;
mod unconfirmed;
mod uptime;

pub use build::{Material, panel};
pub use document::{
    CheckedAddress, DeviceCheck, Group, Imperfect, LanguageChoice, ListedComponent, Panel, PanelLink,
    Section, Story, StoryUpdate, Uptimes,
};
pub use over::{MAX_OVER, Over};
pub use uptime::UptimeWords;
