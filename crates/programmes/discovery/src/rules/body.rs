//! Reads the parts of a description: prose, headings, code, steps, checkboxes, and references to files.

use super::phrases::bounded;

/// The parts of a description, as far as rules count them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The text outside of code, comments, quotations, headings, URLs and the sentences of templates.
    pub prose: String,
    /// The headings in lower case, at most 32.
    pub headings: Vec<String>,
    /// The number of code blocks.
    pub code_blocks: usize,
    /// The number of checkboxes that are not checked.
    pub open_boxes: usize,
    /// The number of checkboxes that are checked.
    pub checked_boxes: usize,
    /// The number of items of numbered lists.
    pub steps: usize,
    pub links: usize,
    pub images: usize,
    /// The number of references to files, and to lines of files.
    pub files: usize,
}

/// Beginnings of lines that templates contain, in lower case without marks.
const TEMPLATE_LINES: [&str; 14] = [
    "a clear and concise description",
    "steps to reproduce the behavior",
    "go to '...'",
    "click on '...",
    "scroll down to '...",
    "see error",
    "no response",
    "_no response_",
    "if applicable, add screenshots",
    "add any other context",
    "is your feature request related to a problem",
    "describe the solution you'd like",
    "describe alternatives you've considered",
    "i have searched the existing issues",
];

/// Endings of names of files.
const ENDINGS: [&str; 48] = [
    "rs", "go", "py", "js", "ts", "tsx", "jsx", "mjs", "vue", "svelte", "java", "kt", "swift", "c",
    "h", "cc", "cpp", "hpp", "cs", "rb", "php", "ex", "exs", "erl", "hs", "ml", "scala", "clj",
    "zig", "lua", "dart", "sh", "ps1", "sql", "html", "css", "scss", "md", "rst", "txt", "toml",
    "yaml", "yml", "json", "xml", "lock", "gradle", "ipynb",
];

impl Body {
    /// Reads the first 16,384 characters of a description.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut body = Self::default();
        let mut fence: Option<&str> = None;
        let mut is_comment = false;
        for line in bounded(text).lines() {
            let trimmed = line.trim();
            let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
            match (fence, mark) {
                (Some(open), Some(mark)) if open == mark => fence = None,
                (Some(_), _) => {}
                (None, Some(mark)) if !is_comment => {
                    body.code_blocks += 1;
                    fence = Some(mark);
                }
                (None, _) => {
                    let visible = without_comments(line, &mut is_comment);
                    body.line(&visible);
                }
            }
        }
        body
    }

    fn line(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('>') {
            return;
        }
        if let Some(heading) = heading(line) {
            if self.headings.len() < 32 {
                self.headings.push(heading.to_lowercase());
            }
            return;
        }
        let item = line.trim_start_matches(['-', '*', '+']).trim_start();
        let unnumbered = numbered(item);
        self.steps += usize::from(unnumbered.is_some());
        let item = unnumbered.unwrap_or(item);
        let said = if let Some(rest) = item.strip_prefix("[ ]") {
            self.open_boxes += 1;
            rest
        } else if let Some(rest) = item.strip_prefix("[x]").or_else(|| item.strip_prefix("[X]")) {
            self.checked_boxes += 1;
            rest
        } else {
            item
        };
        self.references(said);
        let lower = said.trim().trim_start_matches('*').to_lowercase();
        if !TEMPLATE_LINES.iter().any(|start| lower.starts_with(start)) {
            push_without_links(said, &mut self.prose);
            self.prose.push('\n');
        }
    }

    fn references(&mut self, line: &str) {
        self.links += line.matches("://").count();
        self.images += line.matches("![").count() + line.matches("<img").count();
        let files = line.split(|c: char| {
            c.is_whitespace()
                || matches!(c, '(' | ')' | '`' | ',' | '"' | '\'' | '[' | ']' | '<' | '>')
        });
        self.files += files.filter(|word| is_file(word)).count();
    }
}

/// Adds a line without its URLs.
fn push_without_links(line: &str, prose: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let scheme = rest[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        prose.push_str(scheme);
        let after = &rest[at..];
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | ']'))
            .unwrap_or(after.len());
        rest = &after[end..];
    }
    prose.push_str(rest);
}

/// Returns the text of a heading: a line that begins with `#`, or is bold as a whole.
fn heading(line: &str) -> Option<&str> {
    let plain = line.trim_start_matches('#');
    let level = line.len() - plain.len();
    if (1..=6).contains(&level) && (plain.is_empty() || plain.starts_with(' ')) {
        return Some(plain.trim());
    }
    let bold = line.strip_prefix("**")?.trim_end_matches(':').strip_suffix("**")?;
    (!bold.contains("**")).then(|| bold.trim().trim_end_matches(':'))
}

/// Returns the text of an item of a numbered list.
fn numbered(item: &str) -> Option<&str> {
    let rest = item.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_number = (1..=3).contains(&(item.len() - rest.len()));
    let rest = rest.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '))?;
    has_number.then(|| rest.trim_start())
}

/// Returns a line without HTML comments, which may continue on the next lines.
fn without_comments(line: &str, is_comment: &mut bool) -> String {
    let mut visible = String::new();
    let mut rest = line;
    loop {
        let mark = if *is_comment { "-->" } else { "<!--" };
        let Some(at) = rest.find(mark) else { break };
        if !*is_comment {
            visible.push_str(&rest[..at]);
        }
        rest = &rest[at + mark.len()..];
        *is_comment = !*is_comment;
    }
    if !*is_comment {
        visible.push_str(rest);
    }
    visible
}

/// Returns whether a word names a file: `src/parser.rs`, `README.md:12`, or a link to a line of a file.
fn is_file(word: &str) -> bool {
    if word.contains("://") {
        return word.contains("/blob/");
    }
    let word = word.trim_end_matches(['.', ';', '!', '?']);
    let place = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-'));
    let name = if place.is_empty() { word } else { place };
    let Some(dot) = name.rfind('.') else {
        return false;
    };
    dot > 0 && ENDINGS.contains(&&name[dot + 1..])
}

/// Returns how much a text says: its characters of words, where those of scripts without spaces count three times.
#[must_use]
pub fn weight(text: &str) -> usize {
    let of = |c: char| match c {
        _ if !c.is_alphanumeric() => 0,
        '\u{e00}'..='\u{e7f}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' => 3,
        _ => 1,
    };
    text.chars().map(of).sum()
}

/// Returns a text without what it quotes: inline code, and two or more words between quotation marks on one line.
#[must_use]
pub fn unquoted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let mut rest = line;
        while let Some((at, close)) = opening(rest) {
            let width = rest[at..].chars().next().map_or(1, char::len_utf8);
            let after = &rest[at + width..];
            let Some(end) = after.find(close) else { break };
            kept.push_str(&rest[..at]);
            if close != '`' && !after[..end].trim().contains(' ') {
                kept.push_str(&after[..end]);
            }
            kept.push(' ');
            rest = &after[end + close.len_utf8()..];
        }
        kept.push_str(rest);
        kept.push('\n');
    }
    kept
}

/// Returns the place of the first mark that opens a quotation, and the mark that closes it.
fn opening(text: &str) -> Option<(usize, char)> {
    let close = |c: char| match c {
        '"' => Some('"'),
        '`' => Some('`'),
        '“' => Some('”'),
        '«' => Some('»'),
        _ => None,
    };
    text.char_indices().find_map(|(at, c)| close(c).map(|close| (at, close)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_description_are_found() {
        let body = Body::read(
            "<!-- a\ncomment --> Shown.\n### Steps to reproduce\n1. Open src/main.rs:12\n2) Wait\n**Expected behavior:**\n- [ ] one\n* [x] two\n\
             > quoted\n```rust\n# code\n```\n![shot](https://x.example/a.png) see https://x.example/blob/main/a#L3\n_No response_\n",
        );
        assert_eq!(body.headings, ["steps to reproduce", "expected behavior"]);
        assert_eq!(
            (body.steps, body.open_boxes, body.checked_boxes, body.code_blocks),
            (2, 1, 1, 1)
        );
        assert_eq!((body.links, body.images, body.files), (2, 1, 2));
        assert!(
            body.prose.starts_with(" Shown.") || body.prose.starts_with("Shown."),
            "{:?}",
            body.prose
        );
        assert!(
            !body.prose.contains("quoted")
                && !body.prose.contains("code")
                && !body.prose.contains("response")
        );
    }

    #[test]
    fn a_template_that_was_not_filled_in_says_nothing() {
        let body = Body::read(
            "**Describe the bug**\nA clear and concise description of what the bug is.\n\n### Steps\n\n_No response_\n",
        );
        assert_eq!(weight(&body.prose), 0);
    }

    #[test]
    fn files_are_known_by_their_endings() {
        for (word, expected) in [
            ("src/parser.rs", true),
            ("README.md:12-14", true),
            ("main.c.", true),
            ("e.g.", false),
            (".rs", false),
            ("12.5", false),
            ("12", false),
            ("https://x.example/a.js", false),
            ("ä.py", true),
        ] {
            assert_eq!(is_file(word), expected, "{word}");
        }
    }

    #[test]
    fn quotations_are_removed() {
        assert_eq!(
            unquoted("The filter lets \"buy it now\" pass").trim(),
            "The filter lets   pass"
        );
        assert_eq!(unquoted("a “win it” b `click here` c").trim(), "a   b   c");
        assert_eq!(unquoted("the \"name\" is 3\" wide").trim(), "the name  is 3\" wide");
    }
}
