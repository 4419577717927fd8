use askama::filters::{Escaper as _, Html};
use serde_json::Value;

/// Returns a string of the description; empty when it is missing.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns a fragment as a sentence, with a capital letter and a period.
pub(super) fn sentence(fragment: &str) -> String {
    format!("{}.", kernel::capitalized(fragment))
}

/// Returns a string of the description as HTML, with code between its backticks.
pub(super) fn prose(value: &Value) -> String {
    prose_of(value.as_str().unwrap_or_default())
}

/// Returns text as HTML, with code between its backticks.
pub(super) fn prose_of(text: &str) -> String {
    let mut html = String::new();
    for (place, part) in text.split('`').enumerate() {
        let (begin, end) = if place % 2 == 1 { ("<code>", "</code>") } else { ("", "") };
        html.push_str(begin);
        Html.write_escaped_str(&mut html, part).expect("a string takes any text");
        html.push_str(end);
    }
    html
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{prose, sentence};

    #[test]
    fn backticks_become_code_and_markup_is_escaped() {
        let html = prose(&json!("Try `<b>` after `Retry-After` & rest."));
        let expected = "Try <code>&#60;b&#62;</code> after <code>Retry-After</code> &#38; rest.";
        assert_eq!(html, expected);
        assert_eq!(prose(&json!(null)), "");
    }

    #[test]
    fn fragments_become_sentences() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence("`detail` says why"), "`detail` says why.");
    }
}
