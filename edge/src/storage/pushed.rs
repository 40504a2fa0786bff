//! What is known of the mirrors, and which languages readers have asked for.

use std::collections::BTreeMap;

use candor_shared::time::Time;
use serde::Deserialize;
use worker::Result;

use super::ledger::Ledger;

impl Ledger {
    /// What was stored about each mirror, by its name, and when somebody last asked for which language.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn pushed(&self) -> Result<(BTreeMap<String, String>, BTreeMap<String, Time>)> {
        #[derive(Deserialize)]
        struct Mirror {
            name: String,
            json: String,
        }
        #[derive(Deserialize)]
        struct Language {
            tag: String,
            at: i64,
        }
        let mirrors: Vec<Mirror> = self.rows("SELECT name, json FROM mirror", vec![])?;
        let languages: Vec<Language> = self.rows("SELECT tag, at FROM language", vec![])?;
        let languages = languages.into_iter().filter_map(|row| Some((row.tag, Time::from_millis(row.at)?)));
        Ok((mirrors.into_iter().map(|row| (row.name, row.json)).collect(), languages.collect()))
    }

    /// Stores what is known of a mirror.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn keep_pushed(&self, name: &str, json: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO mirror (name, json) VALUES (?, ?)", vec![name.into(), json.into()])
    }

    /// Stores that somebody asked for a language.
    ///
    /// # Errors
    /// If the storage refuses.
    pub fn keep_language(&self, tag: &str, at: Time) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO language (tag, at) VALUES (?, ?)",
            vec![tag.into(), at.as_millis().into()],
        )
    }
}
