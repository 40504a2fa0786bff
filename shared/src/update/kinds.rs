//! The kinds of updates: one table, from which the type, its names and its reader come.

use serde_json::Value;

use super::component::{ComponentRemove, ComponentSet};
use super::error::InputError;
use super::followup::FollowupSet;
use super::incident::{IncidentAmend, IncidentOpen, IncidentUpdate};
use super::kind::{Kind, Read};
use super::maintenance::{MaintenanceSchedule, MaintenanceUpdate};
use super::notice::{NoticeClear, NoticePost};
use super::page::PageSet;
use super::postmortem::PostmortemPublish;
use super::template::{TemplateRemove, TemplateSet};
use crate::state::EntityRef;
use crate::time::Time;

macro_rules! kinds {
    ($($name:literal => $variant:ident($fields:ty),)+) => {
        /// One update. [`super::parse`] makes them from bytes, [`crate::rules::apply`] applies them.
        ///
        /// A kind that concerns visitors takes `at`: when it really happened, if that was earlier than now (never
        /// later). The log keeps both times.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Update {
            $(#[doc = concat!("`", $name, "`")] $variant($fields),)+
        }

        impl Update {
            /// The `type` of every kind.
            pub const NAMES: &[&str] = &[$($name,)+];

            /// The `type` on the wire.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            /// When it happened, if the update says so.
            pub fn at(&self) -> Option<Time> {
                match self { $(Self::$variant(fields) => fields.at(),)+ }
            }

            /// The closed entities that the rules need to see. The caller puts those that the archive has into the
            /// state before it calls [`crate::rules::apply`]. `version` is the one that the update would make.
            pub fn needs(&self, version: u64) -> Vec<EntityRef> {
                match self { $(Self::$variant(fields) => fields.needs(version),)+ }
            }

            /// The JSON Schema of the fields of each kind, by its `type`.
            #[cfg(feature = "schema")]
            pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
                vec![$(($name, <$fields as schemars::JsonSchema>::json_schema(generator)),)+]
            }

            /// Reads the fields beside `type`; none if there is no such kind.
            pub(super) fn read(name: &str, fields: Value, base: &str) -> Option<Result<Self, InputError>> {
                match name {
                    $($name => Some(Read::read(fields, base).map(Self::$variant)),)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    "page.set" => PageSet(PageSet),
    "component.set" => ComponentSet(ComponentSet),
    "component.remove" => ComponentRemove(ComponentRemove),
    "incident.open" => IncidentOpen(IncidentOpen),
    "incident.update" => IncidentUpdate(IncidentUpdate),
    "incident.amend" => IncidentAmend(IncidentAmend),
    "maintenance.schedule" => MaintenanceSchedule(MaintenanceSchedule),
    "maintenance.update" => MaintenanceUpdate(MaintenanceUpdate),
    "notice.post" => NoticePost(NoticePost),
    "notice.clear" => NoticeClear(NoticeClear),
    "template.set" => TemplateSet(TemplateSet),
    "template.remove" => TemplateRemove(TemplateRemove),
    "postmortem.publish" => PostmortemPublish(Box<PostmortemPublish>),
    "followup.set" => FollowupSet(FollowupSet),
}
