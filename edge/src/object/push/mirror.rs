//! One mirror: a round of requests to its bucket, which stops at the first failure.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use candor_shared::time::Time;
use worker::Env;

use super::bucket::{Fault, Object, delete, edition_of, put};
use super::files::{FIRST, File, Source, is_of_loader, loader_files};
use super::held::{EditionName, Held, Outcome};
use crate::assets::{LOADER, asset, bytes};
use crate::object::failure::Failure;
use crate::object::live::Live;
use crate::settings::Bucket;
use crate::wait::within;
use crate::{clock, log};

/// How long a round may take: 2 minutes, in milliseconds.
const ROUND_MILLIS: i64 = 2 * 60 * 1000;

/// The page in memory, if it is there.
pub(super) type Slot = Rc<RefCell<Option<Live>>>;

/// A mirror, and what is known of it.
pub(super) struct Mirror {
    pub bucket: Rc<Bucket>,
    pub held: RefCell<Held>,
    /// When the round began that is running, if one is.
    pub running: Cell<Option<Time>>,
}

impl Mirror {
    /// Puts what the mirror does not hold yet, with at most so many requests. Never fails: what went wrong is noted.
    pub async fn round(&self, live: &Slot, env: &Env, languages: &[&'static str], requests: usize) {
        let began = clock::now();
        let slow = || Fault { problem: format!("a round took {} s", ROUND_MILLIS / 1000), is_unknown: true };
        let outcome = within(ROUND_MILLIS, self.put_all(live, env, languages, requests)).await;
        let outcome = outcome.unwrap_or_else(|| Err(slow())).unwrap_or_else(Outcome::Failed);
        if let Outcome::Failed(fault) = &outcome {
            let fields = [("mirror", self.bucket.name.as_str()), ("problem", fault.problem.as_str())];
            log::error("a mirror did not take an edition", &fields);
        }
        self.held.borrow_mut().end(outcome, began, clock::now());
    }

    async fn put_all(
        &self,
        live: &Slot,
        env: &Env,
        languages: &[&'static str],
        requests: usize,
    ) -> Result<Outcome, Fault> {
        let (edition, mut files) = of_page(live, |live| live.files(languages, clock::now()))?;
        if let Some(loader) = asset(LOADER, env).await {
            files.extend(loader_files(&loader.text, &loader.etag, clock::now()));
        }
        // One request asks what is there.
        let mut left = requests.saturating_sub(1);
        let theirs = self.edition_there().await?;
        if let Some(theirs) = theirs.clone().filter(|theirs| theirs.is_after(&edition)) {
            return Ok(Outcome::Behind(theirs));
        }
        self.held.borrow_mut().compare(FIRST, theirs.as_ref());
        for file in &files {
            if self.held.borrow().files.get(&file.name) == Some(&file.tag) {
                continue;
            }
            // The first object is looked at afterwards.
            left = match left.checked_sub(if file.name == FIRST { 2 } else { 1 }) {
                Some(left) => left,
                None => return Ok(Outcome::More),
            };
            let put = self.put_one(file, live, env).await?;
            if file.name == FIRST {
                // A server that answers like one that stores, and stores nothing, is found out by the first object.
                let theirs = self.edition_there().await?;
                if theirs != put {
                    self.held.borrow_mut().files.remove(FIRST);
                    return match theirs.filter(|theirs| theirs.is_after(&edition)) {
                        Some(theirs) => Ok(Outcome::Behind(theirs)),
                        None => Err(own("it answers, but what was put there is not there")),
                    };
                }
                self.held.borrow_mut().first = put;
            }
        }
        let is_gone = |name: &&String| !is_of_loader(name) && files.iter().all(|file| &file.name != *name);
        let gone: Vec<String> = self.held.borrow().files.keys().filter(is_gone).cloned().collect();
        for name in gone {
            left = match left.checked_sub(1) {
                Some(left) => left,
                None => return Ok(Outcome::More),
            };
            delete(&self.bucket, &name, clock::now()).await?;
            self.held.borrow_mut().files.remove(&name);
        }
        Ok(Outcome::Done(edition))
    }

    /// The edition of which the mirror says that it is.
    async fn edition_there(&self) -> Result<Option<EditionName>, Fault> {
        let text = edition_of(&self.bucket, FIRST, clock::now()).await?;
        Ok(text.as_deref().and_then(EditionName::from_text))
    }

    /// Puts an object. Returns the edition of which it is, unless it is a static file.
    async fn put_one(&self, file: &File, live: &Slot, env: &Env) -> Result<Option<EditionName>, Fault> {
        let now = clock::now();
        let (edition, body) = match &file.source {
            Source::Static(path) => {
                let file = bytes(path, env).await;
                (None, file.map_err(|_| own("a file of the widget cannot be read"))?)
            }
            source => match of_page(live, |live| live.content(source, now))? {
                Some((edition, body)) => (Some(edition), body.into_bytes()),
                None => return Err(own("nothing is signed, because all keys have expired")),
            },
        };
        // Until the bucket has answered, nobody knows which content it holds.
        self.held.borrow_mut().files.remove(&file.name);
        let edition_text = edition.as_ref().map(EditionName::to_text);
        let object = Object {
            name: &file.name,
            media_type: file.media_type(),
            cache_control: file.cache_control(),
            edition: edition_text.as_deref(),
            body: &body,
        };
        put(&self.bucket, &object, now).await?;
        self.held.borrow_mut().files.insert(file.name.clone(), file.tag.clone());
        Ok(edition)
    }
}

/// Reads the page in memory, after every change that is due by now. A page that is another deployment's is not put anywhere.
fn of_page<T>(live: &Slot, read: impl FnOnce(&mut Live) -> Result<T, Failure>) -> Result<T, Fault> {
    let mut slot = live.borrow_mut();
    let live = slot.as_mut().ok_or_else(|| own("the page is not in memory"))?;
    if live.is_following() {
        return Err(own("this deployment follows another page"));
    }
    live.keep_up(clock::now()).and_then(|()| read(live)).map_err(|failure| match failure {
        Failure::Refused(problem) => own(&problem.detail),
        Failure::Storage(_) => own("the page's storage cannot be read"),
    })
}

/// A fault of this deployment.
fn own(problem: &str) -> Fault {
    Fault { problem: problem.to_owned(), is_unknown: false }
}
