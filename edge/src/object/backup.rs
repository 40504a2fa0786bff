//! What operators read and restore as a whole: the audit log, the export, the restore.

use candor_shared::rules::Role;
use candor_shared::text::{Id, Url};
use candor_shared::time::Time;
use serde_json::{Value, json};

use super::failure::Failure;
use super::live::Live;
use super::log_page::Wanted;
use super::parts::PartOf;
use crate::http::Problem;
use crate::render::{Claims, sign_text};
use crate::settings::{EditionKey, Settings};
use crate::storage::{Confirmed, Cursor, ExportPart, FORMAT, Manifest, Progress, end_of_export};

/// A day, in milliseconds.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// What the signature of an export names, as that of a document names the document.
const EXPORT_PATH: &str = "/v1/export";

impl Live {
    /// A page of the audit log, as JSON.
    ///
    /// # Errors
    /// If a restore is under way, or the storage cannot be read.
    pub fn log(&self, wanted: Wanted) -> Result<String, Failure> {
        self.refuse_while_restoring()?;
        let lines = self.ledger.log(wanted.before, wanted.limit)?;
        Ok(serde_json::to_string(&wanted.page(lines, self.ledger.trimmed()?))?)
    }

    /// Refuses whatever needs the page while a restore is under way.
    pub(super) fn refuse_while_restoring(&self) -> Result<(), Problem> {
        if !self.is_restoring {
            return Ok(());
        }
        Err(Problem::conflict(
            "A restore is under way, and until its end there is no page. Finish it, or abort it: send {\"abort\":{}} to /v1/restore.",
        ))
    }

    /// A part of the export, of about so many bytes: the first, the first of what has changed since a version, or the one at a
    /// cursor.
    ///
    /// # Errors
    /// If this is a standby that follows, if nothing was published, if the cursor is none that this page made, or if the storage cannot be read.
    pub fn export(&self, from: PartOf<'_>, bytes: usize, now: Time) -> Result<ExportPart, Failure> {
        self.refuse_while_restoring()?;
        self.refuse_for_another()?;
        let newest = self.version();
        if newest == 0 {
            return Err(
                Problem::not_found("Nothing has been published yet, so there is nothing to export.").into()
            );
        }
        let no_part = || {
            Problem::not_found(
                "No part of an export begins here. Request what the header Link of the part before names.",
            )
        };
        let keys: Vec<&EditionKey> =
            self.settings.editions.iter().flat_map(|editions| editions.valid(now)).collect();
        let read = |text| -> Result<Cursor, Failure> {
            let cursor = Cursor::read(text, newest).ok_or_else(no_part)?;
            if *cursor.epoch == *self.epoch() {
                if self.ledger.trimmed()?.is_some_and(|log| log.from > cursor.needs_log_from()) {
                    return Err(Problem::conflict(
                        "Lines of the log that are needed here were deleted, because a confirmed export has them. Begin a new export; a standby begins anew with {\"type\":\"page.follow\",\"version\":N}, where N is its newest version.",
                    )
                    .into());
                }
                return Ok(cursor);
            }
            Err(Problem::conflict(
                "The page's storage is not the one from which this export began. Begin a new export.",
            )
            .into())
        };
        let (cursor, manifest) = match from {
            PartOf::Whole => {
                let manifest = self.manifest(None, now)?;
                (Cursor::first(self.epoch().to_string(), manifest.before_log()), Some(manifest))
            }
            PartOf::Changes(text) => {
                let cursor = read(text)?;
                let since = cursor.begins_after().ok_or_else(|| {
                    Problem::not_found(
                        "No changes begin here. Request what GET /v1/standby of the standby names.",
                    )
                })?;
                (cursor, Some(self.manifest(Some(since), now)?))
            }
            PartOf::Rest(text) => {
                let cursor = read(text)?;
                let is_ours = |text: &str, seal: &str| keys.iter().any(|key| key.has_signed(text, seal));
                if !keys.is_empty() && !cursor.is_sealed(is_ours) {
                    return Err(no_part().into());
                }
                (cursor, None)
            }
        };
        let (page, epoch) = (self.state.page.url.as_ref().map(Url::ascii), self.epoch());
        let claims = Claims {
            cty: "json",
            page: page.as_deref(),
            path: EXPORT_PATH,
            version: newest,
            epoch: &epoch,
            published_at: self.published_at(),
            signed_at: now,
        };
        let sign = |end: &str| keys.first().map(|key| sign_text(end, key, &claims)).transpose();
        let mut part = self.ledger.export(cursor, manifest, bytes, newest, &sign, now)?;
        if let (Some(next), Some(key)) = (&mut part.next, keys.first()) {
            next.seal(|text| key.sign(text));
        }
        Ok(part)
    }

    fn manifest(&self, since: Option<u64>, now: Time) -> Result<Manifest, Failure> {
        let page_id = Id::try_from(self.page_id.to_string());
        Ok(Manifest {
            format: FORMAT,
            product: concat!("candor ", env!("CARGO_PKG_VERSION")).to_owned(),
            exported_at: now,
            epoch: self.epoch().to_string(),
            page_id: page_id.map_err(|_| Problem::unavailable("The page's name is no id."))?,
            since,
            version: self.version(),
            log: if since.is_none() { self.ledger.trimmed()? } else { None },
            settings: settings(&self.settings),
        })
    }

    /// Notes that an export is stored safely: the one that ended with this line.
    ///
    /// # Errors
    /// If the line is none, if the page remembers no export that ended so, or if the storage fails.
    pub fn confirm(&self, line: &[u8], now: Time) -> Result<Confirmed, Failure> {
        self.refuse_while_restoring()?;
        let (version, sha256) = end_of_export(line).ok_or_else(|| {
            Problem::invalid_export("The body must be the last line of an export: {\"end\":{…}}.")
        })?;
        let confirmed = self.ledger.confirm_export(version, &sha256, now)?;
        Ok(confirmed.ok_or_else(|| {
            Problem::not_found("No export of this page that it remembers ends with this line. Confirm an export right after you have read it: the page remembers the last 16.")
        })?)
    }

    /// Deletes old lines of the log that a confirmed export has, as far as the setting `CANDOR_LOG_DAYS` permits it; a batch at most.
    /// Returns whether there may be more.
    ///
    /// # Errors
    /// If the storage fails. Then nothing is deleted.
    pub fn trim(&self, now: Time) -> Result<bool, Failure> {
        let Ok(Some(days)) = self.settings.log_days else { return Ok(false) };
        if self.is_following() {
            return Ok(false);
        }
        let until = now.as_millis().saturating_sub(i64::from(days).saturating_mul(DAY_MILLIS));
        Ok(self.ledger.trim(Time::from_millis(until).unwrap_or(Time::EPOCH), self.kept_from())?)
    }

    /// The version from which on the log is kept in any case: the newest one. Of a promoted standby, all that it has accepted is kept, because it
    /// is merged from there; unless it is to follow no page any more, which its settings say.
    fn kept_from(&self) -> u64 {
        let promoted = self.standby.as_ref().and_then(|standby| standby.promoted.as_ref());
        match promoted.filter(|_| self.settings.follows != Ok(None)) {
            Some(promoted) => self.version().min(promoted.version.saturating_add(1)),
            None => self.version(),
        }
    }

    /// Restores a part of an export, which begins `from` bytes after its beginning.
    ///
    /// # Errors
    /// If the part is wrong, or the storage fails. Then nothing changed.
    pub fn restore(&mut self, from: u64, part: &[u8], now: Time) -> Result<Progress, Failure> {
        let newest = self.version();
        let progress = if self.is_following() {
            let progress = self.ledger.follow(from, part, newest, now)??;
            if progress.version == newest {
                // What was rendered is still right.
                self.standby = self.ledger.standby()?;
                return Ok(progress);
            }
            progress
        } else {
            self.ledger.restore(from, part, newest, self.follows().is_some(), now)??
        };
        self.reload()?;
        Ok(progress)
    }
}

/// The settings, for the people who set up another deployment. Of keys, the ids and roles: no secret, and no public key.
fn settings(settings: &Settings) -> Value {
    let keys = settings.keys.as_deref().unwrap_or_default().iter().map(|key| match &key.role {
        Role::Operator => json!({ "id": key.id, "role": "operator" }),
        Role::Monitor(components) => json!({ "id": key.id, "role": "monitor", "components": components }),
    });
    json!({
        "keys": keys.collect::<Value>(),
        "writes_per_minute": settings.writes_per_minute.as_ref().ok(),
        "frame_ancestors": settings.frame_ancestors.as_ref().ok(),
        "hub": settings.hub.as_ref().ok().and_then(Option::as_ref).map(|hub| hub.as_str()),
    })
}
