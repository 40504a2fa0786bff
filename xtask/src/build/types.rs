//! The TypeScript types of the bulletin, the panel and `status.json`, made from `edge/openapi.json`.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use xtask::paths;

/// The documents whose types are made, with everything that they refer to.
const DOCUMENTS: [&str; 3] = ["Bulletin", "Panel", "StatusDocument"];
const PREFIX: &str = "#/components/schemas/";

/// The declarations.
pub(super) fn types() -> Result<String> {
    let file = paths::root().join("edge/openapi.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let api: Value = serde_json::from_str(&text).context("edge/openapi.json is not JSON")?;
    let schemas = api.pointer("/components/schemas").context("edge/openapi.json has no schemas")?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = DOCUMENTS.map(str::to_owned).to_vec();
    while let Some(name) = open.pop() {
        if names.insert(name.clone()) {
            refers_to(schemas.get(&name).with_context(|| format!("there is no schema {name}"))?, &mut open);
        }
    }
    let mut out = String::new();
    for name in &names {
        let schema = schemas.get(name).unwrap_or(&Value::Null);
        out.push_str(&comment(schema, ""));
        match schema.get("properties") {
            Some(_) => out.push_str(&format!("export interface {name} {}\n\n", object(schema, ""))),
            None => out.push_str(&format!("export type {name} = {}\n\n", type_of(schema, ""))),
        }
    }
    Ok(out)
}

/// Adds the names that a schema refers to.
fn refers_to(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().and_then(|text| text.strip_prefix(PREFIX)) {
                    Some(name) if key == "$ref" => names.push(name.to_owned()),
                    _ => refers_to(value, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| refers_to(item, names)),
        _ => {}
    }
}

fn comment(schema: &Value, indent: &str) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
    if text.is_empty() { String::new() } else { format!("{indent}/** {text} */\n") }
}

fn object(schema: &Value, indent: &str) -> String {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let inner = format!("{indent}  ");
    let mut out = "{\n".to_owned();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        out.push_str(&comment(property, &inner));
        out.push_str(&format!("{inner}{name}{mark}: {}\n", type_of(property, &inner)));
    }
    out + indent + "}"
}

fn type_of(schema: &Value, indent: &str) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(PREFIX))
    {
        return name.to_owned();
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    if let Some(values) = list("enum") {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    if let Some(all) = list("anyOf").or_else(|| list("oneOf")) {
        // An optional field is absent, not null.
        let all = all.iter().filter(|one| one.get("type").and_then(Value::as_str) != Some("null"));
        return all.map(|one| type_of(one, indent)).collect::<Vec<_>>().join(" | ");
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect()
        }
        _ => vec![],
    };
    match kinds.as_slice() {
        ["string"] => "string".to_owned(),
        ["integer" | "number"] => "number".to_owned(),
        ["boolean"] => "boolean".to_owned(),
        ["array"] => match type_of(schema.get("items").unwrap_or(&Value::Null), indent) {
            item if item.contains(' ') => format!("({item})[]"),
            item => format!("{item}[]"),
        },
        ["object"] if schema.get("properties").is_some() => object(schema, indent),
        ["object"] => {
            let values = schema.get("additionalProperties").filter(|values| values.is_object());
            let values = values.or_else(|| schema.get("patternProperties")?.as_object()?.values().next());
            format!("Record<string, {}>", type_of(values.unwrap_or(&Value::Null), indent))
        }
        _ => "unknown".to_owned(),
    }
}
