//! `postmortem.publish`.

use serde_json::Value;

use super::error::{InputError, invalid};
use super::kind::{Kind, Read, typed};
use crate::limits;
use crate::state::{EntityKind, EntityRef, PostmortemText};
use crate::text::Id;
use crate::time::Time;

/// Publishes the post-mortem of a resolved incident; replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostmortemPublish {
    /// The id of the incident.
    pub incident: Id,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
    /// The text, field by field; on the wire these fields are siblings of `incident`.
    pub text: PostmortemText,
}

impl Kind for Box<PostmortemPublish> {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, _: u64) -> Vec<EntityRef> {
        vec![
            EntityRef::incident(self.incident.clone()),
            EntityRef { kind: EntityKind::Postmortem, id: self.incident.clone() },
        ]
    }
}

/// On the wire the fields of the text are siblings of `incident` and `at`. `serde(flatten)` would lose
/// `deny_unknown_fields` and the path of errors.
impl Read for Box<PostmortemPublish> {
    fn read(mut fields: Value, base: &str) -> Result<Self, InputError> {
        let mut take = |field: &str| fields.as_object_mut().and_then(|object| object.remove(field));
        let (incident, at) = (take("incident"), take("at"));
        let Some(incident) = incident else { return Err(invalid(base, "missing field `incident`")) };
        let text: PostmortemText = typed(fields, base)?;
        check_lists(&text, base)?;
        Ok(Box::new(PostmortemPublish {
            incident: typed(incident, &format!("{base}/incident"))?,
            at: at.map(|at| typed(at, &format!("{base}/at"))).transpose()?,
            text,
        }))
    }
}

fn check_lists(text: &PostmortemText, base: &str) -> Result<(), InputError> {
    let list = limits::POSTMORTEM_LIST;
    let lists = [
        ("timeline", limits::TIMELINE, text.timeline.len()),
        ("five_whys", limits::WHYS, text.five_whys.len()),
        ("causes", list, text.causes.len()),
        ("technologies", list, text.technologies.len()),
        ("lessons/technical", list, text.lessons.technical.len()),
        ("lessons/process", list, text.lessons.process.len()),
    ];
    match lists.into_iter().find(|(_, limit, got)| got > limit) {
        None => Ok(()),
        Some((field, limit, got)) => {
            Err(invalid(format!("{base}/{field}"), format!("has {got} items; the limit is {limit}")))
        }
    }
}
