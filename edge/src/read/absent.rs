//! The documents that do not exist, as far as an isolate knows.

use std::collections::BTreeMap;

use candor_shared::time::Time;

use super::stamp::{CURRENT_MILLIS, is_ahead, is_recent};
use crate::names::Names;

/// How long a document is taken for absent without another question: 1 minute, in milliseconds. A month begins by itself, so a
/// new document may appear without a new version.
const ABSENT_MILLIS: i64 = 60_000;
/// The most single names in memory. Anybody can request any name, so the number must have a limit.
const MAX_ABSENT: usize = 1_024;

/// Whether a document is absent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// It is.
    Certain,
    /// It was, and is still if the version is the same, which must be confirmed.
    Unconfirmed,
    /// Not that this isolate knew.
    Unknown,
}

/// The documents that do not exist in the known version.
pub(super) struct Absent {
    /// Single names, each with the time when the object confirmed that there is no such document.
    names: BTreeMap<String, Time>,
    /// The list of all documents that may exist, and when the object made it.
    list: Option<(Names, Time)>,
}

impl Absent {
    pub const fn new() -> Self {
        Self { names: BTreeMap::new(), list: None }
    }

    /// Forgets everything: there is another version.
    pub fn clear(&mut self) {
        self.names.clear();
        self.list = None;
    }

    /// Forgets what was noted at a time that lies in the future now.
    pub fn doubt(&mut self, now: Time) {
        self.names.retain(|_, at| !is_ahead(*at, now));
        self.list = self.list.take().filter(|(_, at)| !is_ahead(*at, now));
    }

    /// Notes that the object has no document of this name, and its list if it has one.
    pub fn add(&mut self, name: &str, list: Option<Names>, at: Time) {
        self.list = list.map(|list| (list, at)).or(self.list.take());
        if self.list.as_ref().is_some_and(|(list, _)| !list.may_have(name)) {
            return;
        }
        if self.names.len() >= MAX_ABSENT {
            self.names.clear();
        }
        self.names.insert(name.to_owned(), at);
    }

    /// Notes that there is a document of this name.
    pub fn remove(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// Whether a document of this name is absent. `confirmed`: when the object last confirmed the version.
    pub fn look(&self, name: &str, confirmed: Option<Time>, now: Time) -> Absence {
        let listed = self.list.as_ref().filter(|(list, _)| !list.may_have(name)).map(|(_, at)| at);
        let since = [self.names.get(name), listed].into_iter().flatten().max();
        match since.filter(|at| is_recent(**at, ABSENT_MILLIS, now)) {
            None => Absence::Unknown,
            Some(at)
                if is_recent(confirmed.map_or(*at, |confirmed| confirmed.max(*at)), CURRENT_MILLIS, now) =>
            {
                Absence::Certain
            }
            Some(_) => Absence::Unconfirmed,
        }
    }

    /// Whether there is a list that still counts.
    pub fn has_list(&self, now: Time) -> bool {
        self.list.as_ref().is_some_and(|(_, at)| is_recent(*at, ABSENT_MILLIS, now))
    }

    /// How many single names are in memory.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.names.len()
    }
}
