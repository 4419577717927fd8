use kernel::Timestamp;
use serde_json::value::RawValue;

/// A JSON object that is written field by field.
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes);
        text.push('{');
        Self(text)
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(key);
        self.0.push_str("\":");
    }

    /// Adds a field whose value is already JSON.
    pub(crate) fn raw(mut self, key: &str, json: &str) -> Self {
        self.key(key);
        self.0.push_str(json);
        self
    }

    /// Adds a field whose value is an object.
    pub(crate) fn object(self, key: &str, object: Object) -> Self {
        self.raw(key, &object.done())
    }

    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        push_text(&mut self.0, value);
        self
    }

    pub(crate) fn text_or_null(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self.raw(key, "null"),
        }
    }

    pub(crate) fn number(self, key: &str, value: i64) -> Self {
        self.raw(key, &value.to_string())
    }

    pub(crate) fn flag(self, key: &str, value: bool) -> Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    pub(crate) fn at(self, key: &str, at: Timestamp) -> Self {
        self.text(key, &instant(at))
    }

    pub(crate) fn at_or_null(self, key: &str, at: Option<Timestamp>) -> Self {
        match at {
            Some(at) => self.at(key, at),
            None => self.raw(key, "null"),
        }
    }

    /// Adds fields with URLs below `base`.
    pub(crate) fn urls(mut self, base: &str, tails: &[(&str, &str)]) -> Self {
        for (key, tail) in tails {
            self.key(key);
            self.0.push('"');
            self.0.push_str(base);
            self.0.push_str(tail);
            self.0.push('"');
        }
        self
    }

    pub(crate) fn done(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// Returns the finished object as the body of a delivery.
    pub(crate) fn body(self) -> Box<RawValue> {
        // Fails only when this writer has a bug, and the tests parse every kind of body.
        RawValue::from_string(self.done()).expect("the writer closes what it opens")
    }
}

/// Renders a JSON array.
pub(crate) fn list<T>(entries: &[T], render: impl Fn(&T) -> String) -> String {
    let rendered: Vec<String> = entries.iter().map(render).collect();
    format!("[{}]", rendered.join(","))
}

/// Formats a time as GitHub does, in whole seconds.
pub(crate) fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn push_text(out: &mut String, value: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if value.bytes().all(plain) {
        out.push('"');
        out.push_str(value);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(value).to_string());
    }
}
