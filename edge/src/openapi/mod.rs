//! `GET /openapi.json`: the description of the API, made from the types.

mod description;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod schemas;

pub use description::OPENAPI;
