//! The envelope of a body: the fields needed to accept it.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The fields read from a body before it is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `action`, if it is a string.
    pub action: Option<String>,
    /// `repository.id`, if it is an integer.
    pub repository_id: Option<i64>,
    /// `installation.id`, if it is an integer.
    pub installation_id: Option<i64>,
}

/// The error when a body is not a delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADelivery {
    /// Not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Nested deeper than the parsers allow.
    #[error("the body is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// JSON, but not an object.
    #[error("the body is JSON but not an object")]
    NotAnObject,
}

/// The maximum nesting depth of a body.
pub const MAX_DEPTH: usize = 100;

/// Reads the envelope of a body, and checks that the whole body is well-formed.
///
/// # Errors
/// When it is not a JSON object or nested too deeply.
pub fn inspect(body: &[u8]) -> Result<Envelope, NotADelivery> {
    let text = std::str::from_utf8(body).map_err(|_| NotADelivery::NotUtf8)?;
    if is_too_deep(body) {
        return Err(NotADelivery::TooDeep);
    }
    match serde_json::from_str::<Root>(text) {
        Ok(Root(Some(envelope))) => Ok(envelope),
        Ok(Root(None)) => Err(NotADelivery::NotAnObject),
        Err(error) => Err(NotADelivery::NotJson(error.to_string())),
    }
}

/// The size of the largest body with a wrong signature that is read for the log, in bytes. Few deliveries are larger.
const LARGEST_UNSIGNED: usize = 64 << 10;

/// Returns the repository that a body with a wrong signature names, for the log. A large one is not read, so that no
/// sender can make the server parse it.
#[must_use]
pub fn claimed_repository(body: &[u8]) -> Option<i64> {
    if body.len() > LARGEST_UNSIGNED {
        return None;
    }
    inspect(body).ok()?.repository_id
}

/// Returns whether a body is nested too deeply. A structural opening bracket follows `:`, `,`, another
/// bracket, white space or nothing. Counting those is fast, and few of them cannot nest too deeply; only
/// other bodies are scanned byte by byte.
fn is_too_deep(body: &[u8]) -> bool {
    let may_be_structure = |at: &usize| {
        at.checked_sub(1).is_none_or(|before| {
            matches!(body[before], b':' | b',' | b'{' | b'[' | b' ' | b'\t' | b'\r' | b'\n')
        })
    };
    let openings = memchr::memchr2_iter(b'{', b'[', body).filter(may_be_structure);
    openings.take(MAX_DEPTH + 1).count() > MAX_DEPTH && depth(body) > MAX_DEPTH
}

fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in body {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Generates visitor methods that skip unwanted types.
macro_rules! skip {
    ($($shape:ident)+) => { $(skip!(@$shape);)+ };
    (@scalars) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@integers) => {
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@text) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (@array) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (@object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

/// The whole body; `None` if it is not an object.
struct Root(Option<Envelope>);

struct RootVisitor;

impl<'de> Visitor<'de> for RootVisitor {
    type Value = Option<Envelope>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::Action => envelope.action = map.next_value::<Text>()?.0,
                Key::Repository => envelope.repository_id = map.next_value::<WithId>()?.0,
                Key::Installation => envelope.installation_id = map.next_value::<WithId>()?.0,
                Key::Id | Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Some(envelope))
    }

    skip!(scalars integers text array);
}

/// The relevant keys, distinguished without allocating.
enum Key {
    Action,
    Repository,
    Installation,
    Id,
    Other,
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "action" => Key::Action,
            "repository" => Key::Repository,
            "installation" => Key::Installation,
            "id" => Key::Id,
            _ => Key::Other,
        })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

/// A string; `None` for any other type.
struct Text(Option<String>);

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    skip!(scalars integers array object);
}

/// An integer; `None` for any other type.
struct Number(Option<i64>);

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).ok())
    }

    skip!(scalars text array object);
}

/// The `id` of an object; `None` for any other type.
struct WithId(Option<i64>);

struct WithIdVisitor;

impl<'de> Visitor<'de> for WithIdVisitor {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut id = None;
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::Id => id = map.next_value::<Number>()?.0,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(id)
    }

    skip!(scalars integers text array);
}

macro_rules! by_visitor {
    ($($type:ident $visitor:ident),+) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($visitor).map(Self)
            }
        }
    )+};
}

by_visitor!(Root RootVisitor, Text TextVisitor, Number NumberVisitor, WithId WithIdVisitor);

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(
        action: Option<&str>,
        repository_id: Option<i64>,
    ) -> Result<Envelope, NotADelivery> {
        Ok(Envelope { action: action.map(str::to_owned), repository_id, installation_id: None })
    }

    #[test]
    fn an_app_names_its_installation() {
        let body = r#"{"installation":{"node_id":"x","id":9},"repository":{"id":7}}"#;
        let read = inspect(body.as_bytes()).expect("a delivery");
        assert_eq!((read.installation_id, read.repository_id), (Some(9), Some(7)));
        let body = r#"{"installation":[{"id":9}]}"#;
        let read = inspect(body.as_bytes()).expect("a delivery");
        assert_eq!(read.installation_id, None);
    }

    #[test]
    fn only_a_small_unsigned_body_is_read() {
        let body = |size: usize| {
            let padding = "x".repeat(size);
            format!(r#"{{"repository":{{"id":7}},"padding":"{padding}"}}"#)
        };
        assert_eq!(claimed_repository(body(9).as_bytes()), Some(7));
        assert_eq!(claimed_repository(body(64 << 10).as_bytes()), None);
        assert_eq!(claimed_repository(b"no JSON"), None);
    }

    #[test]
    fn an_object_has_an_action_and_a_repository() {
        for (body, action, repository) in [
            (r#"{"action":"opened","repository":{"id":7,"name":"x"}}"#, Some("opened"), Some(7)),
            (r#"{"zen":"ok"}"#, None, None),
            (r#"{"action":5,"repository":[1,{"id":2}]}"#, None, None),
            (r#"{"action":null,"repository":{"id":"7"}}"#, None, None),
            (r#"{"repository":{"id":18446744073709551615}}"#, None, None),
            (r#"{"repository":{"owner":{"id":1},"id":2}} "#, None, Some(2)),
        ] {
            assert_eq!(inspect(body.as_bytes()), envelope(action, repository), "{body}");
        }
    }

    #[test]
    fn a_body_that_is_not_an_object_is_rejected() {
        assert_eq!(inspect(b"\xff{}"), Err(NotADelivery::NotUtf8));
        assert_eq!(inspect(b"{\"a\":\"\xff\"}"), Err(NotADelivery::NotUtf8));
        for body in ["", "{", "{}{}", "{\"a\":}", "nonsense", "{\"a\":1,}"] {
            assert!(matches!(inspect(body.as_bytes()), Err(NotADelivery::NotJson(_))), "{body}");
        }
        for body in ["[]", "1", "null", "\"text\"", "true", "1.5"] {
            assert_eq!(inspect(body.as_bytes()), Err(NotADelivery::NotAnObject), "{body}");
        }
    }

    #[test]
    fn brackets_in_strings_do_not_count_as_depth() {
        let nested =
            |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(inspect(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(inspect(nested(MAX_DEPTH + 1).as_bytes()), Err(NotADelivery::TooDeep));
        assert_eq!(inspect(nested(1_000_000).as_bytes()), Err(NotADelivery::TooDeep));
        let text = format!("{{\"a\":\"{}\"}}", "[ {".repeat(1_000));
        assert!(inspect(text.as_bytes()).is_ok());
        let wide = format!("{{\"a\":[{}1]}}", "[],".repeat(1_000));
        assert!(inspect(wide.as_bytes()).is_ok());
    }
}
