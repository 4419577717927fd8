use askama::filters::{Escaper as _, Html};
use serde_json::Value;

/// Returns a string of the description; empty when it is missing.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns a string of the description as HTML, with code between its backticks.
pub(super) fn prose(value: &Value) -> String {
    let mut html = String::new();
    for (place, part) in value.as_str().unwrap_or_default().split('`').enumerate() {
        let (begin, end) = if place % 2 == 1 {
            ("<code>", "</code>")
        } else {
            ("", "")
        };
        html.push_str(begin);
        Html.write_escaped_str(&mut html, part)
            .expect("a string takes any text");
        html.push_str(end);
    }
    html
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::prose;

    #[test]
    fn backticks_become_code_and_markup_is_escaped() {
        let html = prose(&json!("Try `<b>` after `Retry-After` & rest."));
        let expected = "Try <code>&#60;b&#62;</code> after <code>Retry-After</code> &#38; rest.";
        assert_eq!(html, expected);
        assert_eq!(prose(&json!(null)), "");
    }
}
