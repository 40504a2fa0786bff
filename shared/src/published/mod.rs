//! The published documents. Each has a type of its own that is built field by field, so that no internal field is
//! published by accident.

mod build_status;
mod notice;
mod postmortem;
mod status;
pub mod statuspage;

pub use build_status::status_document;
pub use notice::{NoticeDocument, notice_document};
pub use postmortem::{
    FollowupEntry, PostmortemDocument, article_html, postmortem_document, whole_article, whole_article_html,
};
pub use status::{
    ComponentStatus, IncidentStatusEntry, MaintenanceStatusEntry, NoticeEntry, PageEntry, ResolvedEntry,
    StatusDocument, Translation, Translations,
};
