use serde_json::Value;

/// Returns a text of the description; empty where it has none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
