//! The objects of a mirror: what is signed, under the names that `examples/mirror/mirror.sh` gives it, the status page as a page that
//! says how old it is, and the loader with its files.

use std::collections::BTreeSet;

use candor_shared::text::Url;
use candor_shared::time::Time;
use candor_shared::words::offered;

use super::held::{EditionName, static_stretch, stretch};
use crate::assets::PARTS;
use crate::document::{BULLETIN, Components, DISCOVERY, Document, FEEDS, Feed};
use crate::object::failure::Failure;
use crate::object::live::Live;
use crate::render::mirrored;

/// The object that says of which edition the mirror is: it is put first.
pub(super) const FIRST: &str = "signed/status.json";
/// The name of the status page.
const PAGE: &str = "index.html";
/// The folder of the loader's files begins so.
const LOADER_FOLDERS: &str = "candor/";
/// The loader.
const LOADER: &str = "widget.js";
/// The files that only the loader's own folder has.
const MODULE: [&str; 2] = ["widget.js", "widget.wasm"];
/// How long caches may use files whose names never change their content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The same for the loader.
const LOADER_CACHE: &str = "public, max-age=300";

/// An object of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Its name in the bucket, below the prefix.
    pub name: String,
    /// Changes with its content.
    pub tag: String,
    /// Where the content comes from.
    pub source: Source,
}

/// Where the content of an object comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A document of the page, as it is.
    Document(Document),
    /// A document of the page, as a page that a mirror shows.
    Page(Document),
    /// A static file, by its path.
    Static(String),
}

impl File {
    /// The media type.
    pub fn media_type(&self) -> &'static str {
        match &self.source {
            Source::Document(document) | Source::Page(document) => document.media_type(),
            Source::Static(path) => match path.rsplit('.').next() {
                Some("js") => "text/javascript; charset=utf-8",
                Some("css") => "text/css; charset=utf-8",
                Some("wasm") => "application/wasm",
                _ => "application/json",
            },
        }
    }

    /// `Cache-Control`.
    pub fn cache_control(&self) -> &'static str {
        match &self.source {
            Source::Document(document) | Source::Page(document) => document.cache_control(),
            Source::Static(_) if self.name == LOADER => LOADER_CACHE,
            Source::Static(_) => IMMUTABLE,
        }
    }
}

impl Live {
    /// The current edition, and its objects in a mirror, in the order in which they are put: most needed first. `languages`: those that
    /// readers have asked for; the page's own and English are there anyway, because the widget turns to them.
    ///
    /// # Errors
    /// If the storage cannot be read, or a setting is wrong.
    pub(super) fn files(
        &mut self,
        languages: &[&'static str],
        now: Time,
    ) -> Result<(EditionName, Vec<File>), Failure> {
        let own = self.state.page.language();
        let languages: BTreeSet<&'static str> = [offered(own.as_str()), Some("en")]
            .into_iter()
            .flatten()
            .chain(languages.iter().copied())
            .collect();
        let bulletin = || Document::Bulletin(Components::default());
        let mut documents =
            vec![(FIRST.to_owned(), Document::Status), (format!("signed{BULLETIN}"), bulletin())];
        documents.extend(
            languages.into_iter().map(|tag| (format!("signed/{tag}{BULLETIN}"), bulletin().in_language(tag))),
        );
        documents.push((format!("signed{DISCOVERY}"), Document::Discovery));
        documents.extend(
            FEEDS.iter().map(|(path, feed): &(_, Feed)| (format!("signed{path}"), Document::Feed(*feed))),
        );
        let mut files = Vec::new();
        for (name, document) in documents {
            let Some(rendered) = self.document(&document, now)? else { continue };
            files.push(File {
                name,
                tag: format!("{} {}", rendered.etag, stretch(now)),
                source: Source::Document(Document::Signed(Box::new(document))),
            });
        }
        let keys = self.document(&Document::Discovery, now)?;
        files.extend(keys.map(|keys| File {
            name: DISCOVERY.trim_start_matches('/').to_owned(),
            tag: format!("{} {}", keys.etag, static_stretch(now)),
            source: Source::Document(Document::Discovery),
        }));
        // Its bytes change each minute, because it has measures.
        let tag = format!("{} {}", self.version(), stretch(now));
        files.push(File { name: PAGE.to_owned(), tag, source: Source::Page(Document::Home) });
        Ok((self.edition_name(), files))
    }

    /// The name of the current edition.
    pub(super) fn edition_name(&self) -> EditionName {
        EditionName {
            version: self.version(),
            epoch: self.epoch().to_string(),
            published_at: self.published_at(),
        }
    }

    /// The content of a document's object at this moment, and its edition; none if there is no such document.
    ///
    /// # Errors
    /// If the storage cannot be read, or a setting is wrong.
    pub(super) fn content(
        &mut self,
        source: &Source,
        now: Time,
    ) -> Result<Option<(EditionName, String)>, Failure> {
        let (Source::Document(document) | Source::Page(document)) = source else { return Ok(None) };
        let Some(rendered) = self.document(document, now)? else { return Ok(None) };
        let body = match source {
            Source::Page(_) => {
                mirrored(&rendered.body, self.state.page.url.as_ref().map(Url::ascii).as_deref(), now)
            }
            _ => rendered.body,
        };
        Ok(Some((self.edition_name(), body)))
    }
}

/// Whether an object is the loader or one of its files. These are never deleted: pages that run an earlier loader go on asking for its
/// files, and a loader that cannot be read at the moment is not gone.
pub(super) fn is_of_loader(name: &str) -> bool {
    name == LOADER || name.starts_with(LOADER_FOLDERS)
}

/// The loader, which has this ETag, and its files. The loader comes last, because it leads to the others.
pub(super) fn loader_files(loader: &str, etag: &str, now: Time) -> Vec<File> {
    let Some(folder) = folder_of(loader) else { return Vec::new() };
    let file = |name: String, path: String, tag: &str| File {
        name,
        tag: format!("{tag} {}", static_stretch(now)),
        source: Source::Static(path),
    };
    let inside = PARTS.iter().chain(&MODULE).map(|name| {
        let name = format!("{LOADER_FOLDERS}{folder}/{name}");
        file(name.clone(), format!("/{name}"), folder)
    });
    inside.chain([file(LOADER.to_owned(), format!("/{LOADER}"), etag)]).collect()
}

/// The folder that a loader names: `candor/HEX/`.
fn folder_of(loader: &str) -> Option<&str> {
    loader.split(LOADER_FOLDERS).skip(1).find_map(|after| {
        let (folder, _) = after.split_once('/')?;
        (!folder.is_empty() && folder.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_names_its_folder_and_comes_last() {
        let files = loader_files(r#"let a="candor/";new URL("candor/ba35b352/"+e,r)"#, "\"e\"", Time::EPOCH);
        assert_eq!(files.len(), PARTS.len() + 3);
        assert_eq!(files[0].name, "candor/ba35b352/element.js");
        let last = files.last().unwrap();
        assert_eq!(
            (last.name.as_str(), last.tag.as_str(), last.cache_control()),
            ("widget.js", "\"e\" 0", LOADER_CACHE)
        );
        assert!(
            files
                .iter()
                .all(|file| file.media_type() != "application/json" || file.name.ends_with("unknown.json"))
        );
        assert!(files.iter().all(|file| is_of_loader(&file.name)) && !is_of_loader(FIRST));
        assert!(loader_files("no folder", "\"e\"", Time::EPOCH).is_empty());
    }
}
