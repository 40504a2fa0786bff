//! Every word that Candor says, in 28 languages: the texts of `locales/`, and how each language counts and writes numbers and
//! dates (CLDR, in `locales/cldr.json`).

mod choose;
mod format;
mod table;

pub use choose::{LANGUAGES_OFFERED, accepted, first_subtags, offered, weight_of};
pub use format::Part;
pub use table::{Count, Word, Words};
