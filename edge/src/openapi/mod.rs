//! `GET /openapi.json`: the description of the API (OpenAPI 3.1). The test in `generate` generates it from the types, and
//! fails if the file differs.

#[cfg(test)]
mod generate;
#[cfg(test)]
mod schemas;

/// The description of the API, as JSON.
pub const OPENAPI: &str = include_str!("../../openapi.json");
