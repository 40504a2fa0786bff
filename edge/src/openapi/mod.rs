//! `GET /openapi.json`: the description of the API (OpenAPI 3.1). It is made from the types, by the test
//! in `generate`, which fails while the file is not what the types say.

#[cfg(test)]
mod generate;
#[cfg(test)]
mod schemas;

/// The description.
pub const OPENAPI: &str = include_str!("../../openapi.json");
