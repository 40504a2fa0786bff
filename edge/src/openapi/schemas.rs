//! Collects the JSON schemas of requests and of responses under `components/schemas`.

use candor_shared::update::Update;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schemas of both directions, each under the name of its Rust type. If a type has a different schema in requests than in
/// responses, the name of the one in requests gets the suffix `Sent`.
pub(super) struct Schemas {
    responses: SchemaGenerator,
    updates: SchemaGenerator,
}

impl Schemas {
    pub fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            responses: settings().for_serialize().into_generator(),
            updates: settings().for_deserialize().into_generator(),
        }
    }

    /// The schema of a response body.
    pub fn response<T: JsonSchema>(&mut self) -> Value {
        self.responses.subschema_for::<T>().to_value()
    }

    /// The schema of a request body.
    pub fn request<T: JsonSchema>(&mut self) -> Value {
        self.updates.subschema_for::<T>().to_value()
    }

    /// The schema of each kind of update: the schema of its type, with the field `type` added.
    pub fn update_kinds(&mut self) -> Value {
        let kinds = Update::schemas(&mut self.updates).into_iter().map(|(name, schema)| {
            let mut schema = schema.to_value();
            let object = schema.as_object_mut().unwrap();
            object.insert("title".to_owned(), name.into());
            let properties = object.entry("properties").or_insert_with(|| json!({}));
            properties.as_object_mut().unwrap().insert("type".to_owned(), json!({ "const": name }));
            let required = object.entry("required").or_insert_with(|| json!([]));
            required.as_array_mut().unwrap().insert(0, "type".into());
            schema
        });
        kinds.collect()
    }

    /// All named schemas, and the update schemas with their references renamed.
    pub fn finish(mut self, mut updates: Value) -> (Map<String, Value>, Value) {
        let mut all = self.responses.take_definitions(true);
        // A later version may add fields to a response, so clients must accept unknown ones. In an update the worker refuses
        // unknown fields.
        all.values_mut().for_each(open);
        let mut sent = self.updates.take_definitions(true);
        let differ: Vec<String> = sent
            .iter()
            .filter(|(name, schema)| all.get(*name).is_some_and(|other| other != *schema))
            .map(|(name, _)| name.clone())
            .collect();
        for schema in sent.values_mut().chain([&mut updates]) {
            rename(schema, &differ);
        }
        for (name, schema) in sent {
            let name = if differ.contains(&name) { name + "Sent" } else { name };
            all.insert(name, schema);
        }
        (all, updates)
    }
}

/// Allows unknown fields in a schema and in the schemas inside it.
fn open(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.remove("additionalProperties");
            }
            object.values_mut().for_each(open);
        }
        Value::Array(values) => values.iter_mut().for_each(open),
        _ => {}
    }
}

/// Adds the suffix `Sent` to each reference to one of `names`.
fn rename(schema: &mut Value, names: &[String]) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(target) if key == "$ref" => {
                        if names.iter().any(|name| *target == format!("#/components/schemas/{name}")) {
                            target.push_str("Sent");
                        }
                    }
                    value => rename(value, names),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// Removes the links of Rust's documentation from descriptions: `` [`Type`] `` becomes `` `Type` ``.
pub(super) fn plain(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "description" || key == "title" => {
                        *text = text.replace("[`", "`").replace("`]", "`").replace("crate::", "");
                    }
                    value => plain(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(plain),
        _ => {}
    }
}
