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

/// Returns code as HTML that marks its strings: names, which a colon follows, and others.
pub(super) fn colored(code: &str) -> String {
    let (mut html, mut rest) = (String::new(), code);
    let escape = |html: &mut String, text: &str| {
        Html.write_escaped_str(html, text).expect("a string takes any text");
    };
    while let Some(start) = rest.find(['"', '\'', '`']) {
        let (before, string) = rest.split_at(start);
        let (string, after) = string.split_at(string_length(string));
        escape(&mut html, before);
        let class = if after.starts_with(':') { "tk-k" } else { "tk-s" };
        html.push_str(&format!("<span class=\"{class}\">"));
        escape(&mut html, string);
        html.push_str("</span>");
        rest = after;
    }
    escape(&mut html, rest);
    html
}

/// Returns the length of the string that begins code with its quotes, in bytes.
fn string_length(code: &str) -> usize {
    let (mut symbols, mut is_escaped) = (code.char_indices(), false);
    let quote = symbols.next().map(|(_, symbol)| symbol);
    for (at, symbol) in symbols {
        if is_escaped {
            is_escaped = false;
        } else if Some(symbol) == quote {
            return at + symbol.len_utf8();
        } else {
            is_escaped = symbol == '\\';
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{colored, prose, sentence};

    #[test]
    fn backticks_become_code_and_markup_is_escaped() {
        let html = prose(&json!("Try `<b>` after `Retry-After` & rest."));
        let expected = "Try <code>&#60;b&#62;</code> after <code>Retry-After</code> &#38; rest.";
        assert_eq!(html, expected);
        assert_eq!(prose(&json!(null)), "");
    }

    #[test]
    fn strings_of_code_are_marked_and_escaped() {
        for (code, html) in [
            ("[1, true]", "[1, true]"),
            ("{\"a\": 1}", "{<span class=\"tk-k\">&#34;a&#34;</span>: 1}"),
            ("-H 'a<b'", "-H <span class=\"tk-s\">&#39;a&#60;b&#39;</span>"),
            (r#"["\"é", 1]"#, r#"[<span class="tk-s">&#34;\&#34;é&#34;</span>, 1]"#),
            ("`open", "<span class=\"tk-s\">`open</span>"),
        ] {
            assert_eq!(colored(code), html, "{code}");
        }
    }

    #[test]
    fn fragments_become_sentences() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence("`detail` says why"), "`detail` says why.");
    }
}
