use serde_json::Value;

/// Returns a text of the description; empty where it has none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns a text of the description as HTML, with code between its backticks.
pub(super) fn prose(value: &Value) -> String {
    let parts = value.as_str().unwrap_or_default().split('`').enumerate();
    let html = |(place, text): (usize, &str)| match (place % 2 == 1, escaped(text)) {
        (true, code) => format!("<code>{code}</code>"),
        (false, words) => words,
    };
    parts.map(html).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::prose;

    #[test]
    fn backticks_become_code_and_markup_is_escaped() {
        let html = prose(&json!("Try `<b>` after `Retry-After` & rest."));
        let expected = "Try <code>&lt;b&gt;</code> after <code>Retry-After</code> &amp; rest.";
        assert_eq!(html, expected);
        assert_eq!(prose(&json!(null)), "");
    }
}
