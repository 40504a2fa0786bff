//! JSON Schema (draft 2020-12) of the types with hand-written serialisation. All other types derive their schema.
//! JSON Schema counts lengths in characters.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::limits;
use crate::state::{PostmortemText, Share};
use crate::text::{Body, Color, Id, Language, Link, Logo, Name, Translated, Url};
use crate::time::{Span, Time, TimeZone};
use crate::update::PostmortemPublish;

/// Text without control characters (Unicode category Cc).
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]+$";
/// Text without control characters except tabs and line breaks.
const LINES: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]+$";

/// The syntax of a language tag. It accepts more than [`Language`] does, which also limits the length.
const LANGUAGE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

macro_rules! schema {
    ($($name:ident: $schema:tt,)+) => {
        $(impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        })+
    };
}

schema! {
    Id: { "type": "string", "pattern": "^[a-z0-9-]{1,64}$", "examples": ["checkins"] },
    Name: {
        "type": "string", "description": "One line.", "minLength": 1, "maxLength": limits::NAME_CHARS,
        "pattern": LINE
    },
    Body: {
        "type": "string", "description": "Text, line breaks allowed.", "minLength": 1,
        "maxLength": limits::BODY_CHARS, "pattern": LINES
    },
    Url: {
        "type": "string", "description": "An absolute http or https URL.", "maxLength": limits::URL_CHARS,
        "pattern": "^https?://[^\\s\"<>\\\\^`{|}]+$", "examples": ["https://status.example.com"]
    },
    Link: {
        "type": "string", "description": "An absolute http, https or mailto URL.",
        "maxLength": limits::URL_CHARS, "pattern": "^(https?://|mailto:)[^\\s\"<>\\\\^`{|}]+$",
        "examples": ["mailto:help@example.com"]
    },
    Language: {
        "type": "string", "description": "A language tag (BCP 47).", "maxLength": limits::LANGUAGE_BYTES,
        "pattern": LANGUAGE, "examples": ["en", "pt-BR"]
    },
    Color: { "type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "examples": ["#2266dd"] },
    Logo: {
        "type": "string", "description": "A small image as a data URL (RFC 2397).",
        "maxLength": limits::LOGO_CHARS,
        "pattern": "^data:image/(svg\\+xml|png|webp);base64,[A-Za-z0-9+/]+={0,2}$"
    },
    Time: {
        "type": "string", "format": "date-time",
        "description": "An instant between 1970 and 9999 (RFC 3339). Input may have any offset; output is in UTC with milliseconds.",
        "examples": ["2010-10-04T15:00:00.000Z"]
    },
    Span: {
        "type": "string", "examples": ["30m", "1h30m", "PT45M"],
        "description": "A length of time of at most 30 days: 30m, 1h30m, 2 hours, or ISO 8601."
    },
    TimeZone: {
        "type": "string", "examples": ["Europe/Berlin", "Etc/UTC"],
        "description": "A time zone of the IANA database (RFC 6557)."
    },
    Share: { "type": "number", "minimum": 0, "maximum": 1, "examples": [0.4] },
}

impl<T: JsonSchema> JsonSchema for Translated<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Translated{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<T>();
        json_schema!({
            "description": "A text in the page's language, or an object of texts by language tag that includes the page's language.",
            "oneOf": [text, {
                "type": "object", "minProperties": 1, "maxProperties": limits::LANGUAGES,
                "patternProperties": { LANGUAGE: text }, "additionalProperties": false,
                "propertyNames": { "maxLength": limits::LANGUAGE_BYTES }
            }],
            "examples": ["We are on it.", { "en": "We are on it.", "de": "Wir sind dran." }]
        })
    }
}

/// On the wire the fields of the text are siblings of `incident` and `at`.
impl JsonSchema for PostmortemPublish {
    fn schema_name() -> Cow<'static, str> {
        "PostmortemPublish".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PostmortemText::json_schema(generator);
        let fields = [
            ("incident", generator.subschema_for::<Id>()),
            ("at", generator.subschema_for::<Option<Time>>()),
        ];
        if let Some(properties) = schema.get_mut("properties").and_then(|value| value.as_object_mut()) {
            properties.extend(fields.map(|(name, field)| (name.to_owned(), field.to_value())));
        }
        if let Some(required) = schema.get_mut("required").and_then(|value| value.as_array_mut()) {
            required.push("incident".into());
        }
        schema
    }
}
