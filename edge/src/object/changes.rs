//! Questions that wait for the page to change: each isolate with open streams has one here (`read/events.rs`), so that it hears of a
//! change at once and otherwise costs a request every few seconds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// The path of the question.
pub const CHANGES: &str = "/changes";
/// How long a question waits: 7 seconds, in milliseconds. Less than the shortest pause between two polls of a page, because each answer
/// takes the place of one.
pub const HOLD_MILLIS: i64 = 7_000;
/// The most questions that wait at a time. Each holds memory of the object, of which it has 128 MB; what is above it is answered at once.
pub const MAX_WAITING: usize = 1_000;

/// A version with its epoch in one word, without which it says nothing.
pub fn version_id(epoch: &str, version: u64) -> String {
    format!("{epoch}-{version}")
}

/// Who waits, and for what.
#[derive(Default)]
pub(super) struct Changes {
    newest: RefCell<String>,
    wakers: RefCell<BTreeMap<u64, Waker>>,
    next: Cell<u64>,
}

impl Changes {
    /// Notes the page's version, and wakes those who wait if it is another one.
    pub fn note(&self, id: String) {
        if self.newest.replace(id.clone()) == id {
            return;
        }
        for waker in self.wakers.borrow().values() {
            waker.wake_by_ref();
        }
    }

    /// Whether nobody else may wait.
    pub fn is_full(&self) -> bool {
        self.wakers.borrow().len() >= MAX_WAITING
    }

    /// Ends when the noted version is another one than this.
    pub async fn other_than(&self, known: &str) {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        let place = Place(self, id);
        poll_fn(|context| {
            if *self.newest.borrow() != known {
                return Poll::Ready(());
            }
            self.wakers.borrow_mut().insert(id, context.waker().clone());
            Poll::Pending
        })
        .await;
        drop(place);
    }
}

/// The place of one who waits, until the value is dropped.
struct Place<'a>(&'a Changes, u64);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.wakers.borrow_mut().remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use futures_util::task::noop_waker_ref;

    use super::*;

    #[test]
    fn who_waits_is_woken_by_another_version_and_then_forgotten() {
        let changes = Changes::default();
        changes.note(version_id("a", 1));
        let context = &mut Context::from_waker(noop_waker_ref());
        {
            let mut waits = pin!(changes.other_than("a-1"));
            assert!(waits.as_mut().poll(context).is_pending());
            assert!(pin!(changes.other_than("a-0")).poll(context).is_ready(), "it is another one already");
            changes.note(version_id("a", 1));
            assert!(waits.as_mut().poll(context).is_pending());
            changes.note(version_id("b", 1));
            assert!(waits.as_mut().poll(context).is_ready());
            let mut gives_up = Box::pin(changes.other_than("b-1"));
            assert!(gives_up.as_mut().poll(context).is_pending());
        }
        assert!(changes.wakers.borrow().is_empty());
    }

    #[test]
    fn not_everybody_can_wait() {
        let changes = Changes::default();
        changes.note(version_id("a", 1));
        let context = &mut Context::from_waker(noop_waker_ref());
        let mut all: Vec<_> = (0..MAX_WAITING).map(|_| Box::pin(changes.other_than("a-1"))).collect();
        assert!(!changes.is_full());
        assert!(all.iter_mut().all(|one| one.as_mut().poll(context).is_pending()));
        assert!(changes.is_full());
        all.pop();
        assert!(!changes.is_full());
    }
}
