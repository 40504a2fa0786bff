//! What a ladder hears of the page's versions: from the object, from writes and from copies, whatever the document.

use std::rc::Rc;

use candor_shared::time::Time;

use super::known::{Known, is_possible};
use super::ladder::Ladder;
use super::stamp::{Copied, Stamp};

impl<C: Copied> Ladder<C> {
    /// Notes what a write has made: no older version is current from now on.
    pub fn wrote(&mut self, stamp: &Stamp) {
        self.hear(stamp.confirmed_at);
        let is_newer = |known: &Known| known.epoch == stamp.epoch && known.version > stamp.version;
        if !self.page.known.as_ref().is_some_and(is_newer) {
            self.accept(stamp, self.turn);
            self.page.wrote(stamp);
        }
    }

    /// The turn, for [`Self::vouched`].
    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// Hands over what the object says of its newest version, in answer to a question that began in that turn.
    pub fn vouched(&mut self, stamp: &Stamp, turn: u64) {
        self.learn(stamp, turn);
    }

    /// What the object last confirmed.
    pub fn newest(&mut self, now: Time) -> Option<Stamp> {
        self.hear(now);
        self.page.known.as_ref().map(Known::stamp)
    }

    /// The same; or what a current copy of this document says, which another isolate has fetched since.
    pub fn newest_of(&mut self, name: &str, now: Time) -> Option<Stamp> {
        let known = self.newest(now);
        let held =
            self.held(name, now).map(|(copy, confirmed_at)| Stamp { confirmed_at, ..copy.stamp().clone() });
        let age = |stamp: &Stamp| (stamp.version, stamp.confirmed_at);
        known.into_iter().chain(held).max_by_key(age)
    }

    /// Notes the version of a copy that the object did not hand over, if it can be true.
    pub(super) fn sees(&mut self, stamp: &Stamp, now: Time) {
        let turn = self.turn.saturating_add(1);
        if self.page.is_plausible(stamp, now) && self.page.sees(stamp, turn) {
            self.turn = turn;
        }
    }

    /// Accepts what the object says about the newest version, or returns false if it said so before this isolate learned of
    /// what it knows now.
    pub(super) fn learn(&mut self, stamp: &Stamp, turn: u64) -> bool {
        let is_accepted = self.accept(stamp, turn);
        if is_accepted {
            self.page.hears(turn);
        }
        is_accepted
    }

    fn accept(&mut self, stamp: &Stamp, turn: u64) -> bool {
        let Stamp { epoch, version, confirmed_at } = stamp;
        let (is_change, is_back) = match &self.page.known {
            None => (true, false),
            Some(known) if known.epoch != *epoch => (true, true),
            Some(known) => (known.version != *version, known.version > *version),
        };
        if is_back && self.page.known.as_ref().is_some_and(|known| turn < known.learned) {
            return false;
        }
        if is_change {
            self.turn = self.turn.saturating_add(1);
            self.absent.clear();
        }
        if is_back || self.page.known.is_none() {
            // The storage is another one or was restored, or the object speaks for the first time: what cannot be so is
            // dropped.
            for place in self.places.values_mut() {
                place.retain(|copy| is_possible(stamp, is_back, copy));
            }
        }
        let same = self.page.known.as_ref().filter(|_| !is_change);
        let (learned, since) = same.map_or((self.turn, *confirmed_at), |known| (known.learned, known.since));
        let (epoch, version, at) = (Rc::clone(epoch), *version, *confirmed_at);
        self.page.known = Some(Known { epoch, version, at, learned, since });
        true
    }
}
