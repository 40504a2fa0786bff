//! The kinds of updates: one table, from which the enum, the names and the parser are generated.

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
        /// One update. [`super::parse`] parses updates from bytes, [`crate::rules::apply`] applies them.
        ///
        /// Kinds that visitors see the effect of have `at`: when it happened, if earlier than now. A time that is later by more
        /// than clocks may differ ([`crate::limits::CLOCK_SKEW_MILLIS`]) is refused. The log keeps both times.
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

            /// When it happened, if the update has an `at`.
            pub fn at(&self) -> Option<Time> {
                match self { $(Self::$variant(fields) => fields.at(),)+ }
            }

            /// When it happened: at its `at`, or now. A sender's clock may be ahead, so no time counts as later than now.
            pub fn when(&self, now: Time) -> Time {
                self.at().map_or(now, |at| at.min(now))
            }

            /// The entities that the rules need, closed ones included. Before the caller calls
            /// [`crate::rules::apply`], it loads those that the archive has into the state. `version` is the version
            /// that the update would make.
            pub fn needs(&self, version: u64) -> Vec<EntityRef> {
                match self { $(Self::$variant(fields) => fields.needs(version),)+ }
            }

            /// The JSON Schema of the fields of each kind, by its `type`.
            #[cfg(feature = "schema")]
            pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
                vec![$(($name, <$fields as schemars::JsonSchema>::json_schema(generator)),)+]
            }

            /// Parses the fields of the kind `name`; `None` if there is no such kind.
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
