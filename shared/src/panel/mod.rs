//! Everything that a visitor may want to know, for a panel that opens inside a product.

mod document;

pub use document::{
    CheckedAddress, DeviceCheck, Group, Imperfect, LanguageChoice, ListedComponent, Panel, PanelLink,
    Section, Story, StoryUpdate, Uptimes,
};
