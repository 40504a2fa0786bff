//! Whether clients can open the addresses of an update.

use super::error::{InputError, invalid};
use super::kinds::Update;
use crate::text::{Link, Url};

/// Refuses an address that no client can open. It is no rule of its type: what was accepted before still loads.
pub(super) fn check_addresses(update: Update, base: &str) -> Result<Update, InputError> {
    let check = |pointer: &str, fault: Option<String>| match fault {
        None => Ok(()),
        Some(fault) => {
            Err(invalid(format!("{base}{pointer}"), format!("The address {fault}. No client can open it.")))
        }
    };
    match &update {
        Update::PageSet(set) => {
            check("/url", set.url.iter().flatten().find_map(Url::fault))?;
            check("/support", set.support.iter().flatten().find_map(Link::fault))?;
            for (index, tried) in set.checks.iter().flatten().flatten().enumerate() {
                check(&format!("/checks/{index}/url"), tried.url.fault())?;
            }
        }
        Update::NoticePost(post) => check("/url", post.url.as_ref().and_then(Url::fault))?,
        _ => {}
    }
    Ok(update)
}
