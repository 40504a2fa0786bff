//! A deployment that stands by for another one: it shows that one's page as it last was, and takes its place on an order.

use candor_shared::text::Url;
use candor_shared::time::Time;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::live::Live;
use crate::clock::is_recent;
use crate::http::Problem;
use crate::storage::Remember;

/// How old the word of the followed page may be for the page here to be current: 20 seconds, in milliseconds. A standby asks every
/// few seconds.
pub const FOLLOWED_MILLIS: i64 = 20_000;

/// `GET /v1/standby`: where a standby stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StandbyDocument {
    /// The schema: 1.
    pub schema: u32,
    /// The address of the page that it follows (`CANDOR_FOLLOWS`).
    pub follows: Option<Url>,
    /// What it does.
    pub state: StandbyState,
    /// The newest version here.
    pub version: u64,
    /// The epoch: that of the followed page until the standby is promoted, and then one of its own.
    pub epoch: String,
    /// When the followed page last confirmed that this is its page, by its own clock; when this was heard, if that clock is ahead.
    pub confirmed_at: Option<Time>,
    /// When it was promoted.
    pub promoted_at: Option<Time>,
    /// The newest version that it had from the followed page when it was promoted. Later versions are its own.
    pub promoted_version: Option<u64>,
    /// The epoch of the page that it followed until it was promoted: only that page has the versions before. Null before that, and if a program of
    /// an earlier version promoted it.
    pub followed_epoch: Option<String>,
    /// What to request from the followed page next, path and query; null unless it is empty or follows.
    pub next: Option<String>,
}

/// What a standby does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum StandbyState {
    /// It has no page yet.
    Empty,
    /// It is reading its first whole export.
    Restoring,
    /// It shows the page that it follows, and takes no updates.
    Following,
    /// It has taken the place of that page, and takes updates.
    Promoted,
}

/// The body of `POST /v1/standby`: what the standby is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum StandbyOrder {
    /// Take the place of the page that it follows.
    #[serde(rename = "page.promote")]
    Promote {},
    /// Forget the page, and follow again from the beginning.
    #[serde(rename = "page.follow")]
    Follow {
        /// The newest version here: what is newer than what the sender knows is not forgotten.
        version: u64,
    },
}

/// A verified order. The worker sends it to the object as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignedOrder {
    /// Identifies the signed request, so that it is obeyed only once.
    pub signature: String,
    /// When the worker checked the signature. A worker of an earlier deployment does not say so.
    #[serde(default)]
    pub received_at: Option<Time>,
    /// The order.
    pub order: StandbyOrder,
}

/// The order, as it is sent, to forget the page of a deployment that is at this version, and to follow from the beginning.
pub(crate) fn follow_order(version: u64) -> String {
    format!("{{\"type\":\"page.follow\",\"version\":{version}}}")
}

impl StandbyOrder {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// A 400 if it is no order.
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        serde_json::from_slice(body).map_err(|error| {
            Problem::bad_request(format!(
                "The body must be {{\"type\":\"page.promote\"}}, or {{\"type\":\"page.follow\",\"version\":N}} with the newest version of this deployment: {error}."
            ))
        })
    }
}

impl Live {
    /// The page that this deployment follows by its settings.
    pub(super) fn follows(&self) -> Option<&Url> {
        self.settings.follows.as_ref().ok().and_then(Option::as_ref)
    }

    /// Whether this is a standby that shows another deployment's page.
    pub(super) fn is_following(&self) -> bool {
        self.standby.as_ref().is_some_and(|standby| standby.is_following())
    }

    /// The time at which what documents state is true: now, or when the followed page last confirmed it. A confirmation from the
    /// future, of which no clock that is a little ahead is the cause, says nothing: then it is when the version was published.
    pub fn confirmed_at(&self, now: Time) -> Time {
        match self.standby.as_ref().filter(|standby| standby.is_following()) {
            None => now,
            Some(standby) if standby.confirmed_at.millis_since(now) <= FOLLOWED_MILLIS => {
                standby.confirmed_at.min(now)
            }
            Some(_) if self.published_at() <= now => self.published_at(),
            Some(_) => Time::EPOCH,
        }
    }

    /// Refuses to vouch for a page that is not known to be current.
    ///
    /// # Errors
    /// A 503 if the followed page was not heard for too long.
    pub fn refuse_unless_confirmed(&self, now: Time) -> Result<(), Problem> {
        let since = self.confirmed_at(now);
        if is_recent(since, FOLLOWED_MILLIS, now) {
            return Ok(());
        }
        Err(Problem::unavailable(format!("The page that this standby follows was last heard at {since}.")))
    }

    /// Whether this is a standby that has taken the place of the page that it followed.
    fn is_promoted(&self) -> bool {
        self.standby.as_ref().is_some_and(|standby| !standby.is_following())
    }

    /// Refuses updates while another deployment takes them: as long as this one is a standby, or is to be one by its settings, and was
    /// not promoted. What an empty one accepted would keep it from following.
    pub(super) fn refuse_while_following(&self) -> Result<(), Problem> {
        if self.is_promoted() {
            return Ok(());
        }
        let follows = self.settings.follows.as_ref();
        let follows = follows.map_err(|wrong| Problem::unavailable(wrong.detail()))?.as_ref();
        if follows.is_none() && self.standby.is_none() {
            return Ok(());
        }
        let page = follows.map_or("another page", Url::as_str);
        let advice = match &self.standby {
            Some(_) => {
                "If that page is lost, promote this one first: send {\"type\":\"page.promote\"} to /v1/standby, signed like an update."
            }
            None if self.version() == 0 => {
                "Nothing of that page is here yet: let this standby follow, or restore a backup, and promote it then. A deployment that is no standby has no CANDOR_FOLLOWS."
            }
            None => {
                "This deployment has a page of its own: take CANDOR_FOLLOWS out of its settings, or give that page up with page.follow."
            }
        };
        Err(Problem::conflict(format!(
            "This is the standby of {page}, and takes no updates while it follows. Send them there. {advice}"
        )))
    }

    /// Refuses to export the page while this deployment follows another one. Otherwise a standby would confirm its own copy if the page's address
    /// led to it by mistake.
    pub(super) fn refuse_for_another(&self) -> Result<(), Problem> {
        if !self.is_following() {
            return Ok(());
        }
        let page = self.follows().map_or("another page", Url::as_str);
        Err(Problem::conflict(format!(
            "This is the standby of {page}, and gives no export while it follows: only that page can say what it is. If you asked at that address, it leads to its standby. If the page is lost, promote this one first: send {{\"type\":\"page.promote\"}} to /v1/standby."
        )))
    }

    /// Where the standby stands.
    ///
    /// # Errors
    /// A 404 if this is none, or the storage cannot be read.
    pub fn standing(&self) -> Result<StandbyDocument, Failure> {
        let follows = self.follows().cloned();
        self.refuse_unless_standby()?;
        let (epoch, version) = (self.epoch().to_string(), self.version());
        let promoted = self.standby.as_ref().and_then(|standby| standby.promoted.as_ref());
        let (state, next) = match &self.standby {
            None if self.is_restoring => (StandbyState::Restoring, None),
            None if version > 0 => {
                return Err(Problem::conflict(format!(
                    "This deployment has a page of its own, so it follows none. A standby begins empty: {} gives that page up.",
                    follow_order(version)
                ))
                .into());
            }
            None => (StandbyState::Empty, Some("/v1/export".to_owned())),
            Some(_) if promoted.is_some() => (StandbyState::Promoted, None),
            Some(_) => {
                let since = self.ledger.changes_since(&epoch, version)?;
                (StandbyState::Following, Some(format!("/v1/export?since={since}")))
            }
        };
        Ok(StandbyDocument {
            schema: 1,
            follows,
            state,
            version,
            epoch,
            confirmed_at: self.standby.as_ref().map(|standby| standby.confirmed_at),
            promoted_at: promoted.map(|promoted| promoted.at),
            promoted_version: promoted.map(|promoted| promoted.version),
            followed_epoch: promoted.and_then(|promoted| promoted.epoch.clone()),
            next,
        })
    }

    fn refuse_unless_standby(&self) -> Result<(), Problem> {
        if self.follows().is_some() || self.standby.is_some() {
            return Ok(());
        }
        Err(Problem::not_found(
            "This deployment is no standby. Set CANDOR_FOLLOWS to the address of the page that it is to follow.",
        ))
    }

    /// Obeys an order. One that was obeyed before, or whose signature was used, changes nothing.
    ///
    /// # Errors
    /// If it cannot be obeyed, or the storage refuses. Then nothing changed.
    pub fn obey(&mut self, signed: &SignedOrder, now: Time) -> Result<StandbyDocument, Failure> {
        let signature = format!("signature {}", signed.signature);
        self.refuse_unless_standby()?;
        let heard_at = signed.received_at.unwrap_or(now);
        if self.ledger.accepted(&signature, heard_at)?.is_some() {
            return self.standing();
        }
        match signed.order {
            StandbyOrder::Promote {} => {
                let standing = self.standing()?;
                match standing.state {
                    StandbyState::Promoted => return Ok(standing),
                    StandbyState::Following => self.ledger.promote(standing.version, now)?,
                    StandbyState::Empty | StandbyState::Restoring => {
                        return Err(Problem::conflict(
                            "There is no page here yet that could take updates. Let this standby follow first, or restore a backup.",
                        )
                        .into());
                    }
                }
            }
            // Also a page of its own is given up, which a deployment has that was none when it began.
            StandbyOrder::Follow { version } => {
                if self.follows().is_none() {
                    return Err(Problem::conflict(
                        "CANDOR_FOLLOWS names no page, so there is none to follow; nothing was forgotten.",
                    )
                    .into());
                }
                let newest = self.version();
                if version != newest {
                    return Err(Problem::conflict(format!(
                        "The newest version here is {newest}, not {version}; nothing was forgotten. Merge what is newer first, with merge.mjs, as docs/drill.md says."
                    ))
                    .into());
                }
                self.ledger.empty()?;
            }
        }
        let remember =
            Remember { signature, names: Vec::new(), fingerprint: "", version: 0, answer: "", at: heard_at };
        self.ledger.remember(&remember)?;
        self.reload()?;
        self.standing()
    }
}
