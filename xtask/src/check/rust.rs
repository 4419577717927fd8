//! A tokenizer for Rust source: it distinguishes names, literals and comments, without a parser.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// The text of a literal without its quotes, of a comment with its slashes, otherwise the source.
    pub(crate) text: &'a str,
    /// The line of its beginning, from 1.
    pub(crate) line: usize,
    /// True in items that are compiled only for tests.
    pub(crate) for_tests: bool,
}

/// The kind of a token. Numbers, characters and lifetimes are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Text,
    Comment,
    Mark,
}

impl Token<'_> {
    /// Returns true for this punctuation mark.
    pub(crate) fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Returns true for this name or keyword.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }
}

/// Splits source into tokens. `::` is one token, every other mark is a single character.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, at: 0, line: 1, found: Vec::new() };
    while lexer.at < source.len() {
        lexer.step();
    }
    mark_tests(&mut lexer.found);
    lexer.found
}

/// Returns the tokens outside of tests.
pub(crate) fn program(source: &str) -> Vec<Token<'_>> {
    let mut found = tokens(source);
    found.retain(|token| !token.for_tests);
    found
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    found: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn step(&mut self) {
        let rest = &self.source[self.at..];
        let first = rest.chars().next().unwrap_or(' ');
        if let Some((quote, hashes)) = text_start(rest) {
            return self.literal(rest, quote, hashes);
        }
        match first {
            '/' if rest.starts_with("//") => {
                self.push(Kind::Comment, rest.lines().next().unwrap_or(rest));
            }
            '/' if rest.starts_with("/*") => self.push(Kind::Comment, block_comment(rest)),
            '\'' => self.skip(character_or_lifetime(rest)),
            '_' | 'a'..='z' | 'A'..='Z' => self.name(rest),
            '0'..='9' => self.skip(word_length(rest)),
            ':' if rest.starts_with("::") => self.push(Kind::Mark, &rest[..2]),
            c if c.is_whitespace() => self.skip(c.len_utf8()),
            c => self.push(Kind::Mark, &rest[..c.len_utf8()]),
        }
    }

    fn name(&mut self, rest: &'a str) {
        if rest.starts_with("r#") {
            self.skip(2);
        }
        let rest = &self.source[self.at..];
        self.push(Kind::Name, &rest[..word_length(rest).max(1)]);
    }

    fn literal(&mut self, rest: &'a str, quote: usize, hashes: usize) {
        let body = &rest[quote + 1..];
        let is_raw = rest[..quote].contains('r');
        let length = if is_raw {
            let end = format!("\"{}", "#".repeat(hashes));
            body.find(&end).unwrap_or(body.len())
        } else {
            escaped_length(body)
        };
        self.skip(quote + 1);
        self.push(Kind::Text, &body[..length]);
        self.skip((1 + hashes).min(self.source.len() - self.at));
    }

    fn push(&mut self, kind: Kind, text: &'a str) {
        self.found.push(Token { kind, text, line: self.line, for_tests: false });
        self.skip(text.len());
    }

    fn skip(&mut self, length: usize) {
        let passed = &self.source[self.at..self.at + length];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.at += length;
    }
}

/// Returns the position of the opening quote in `"`, `b"`, `c"`, `r#"` or `br"`, and the number of hashes before it.
fn text_start(rest: &str) -> Option<(usize, usize)> {
    let quote = rest.find(|c| !matches!(c, 'b' | 'c' | 'r' | '#'))?;
    let (prefix, opens) = rest.split_at(quote);
    let hashes = prefix.bytes().filter(|byte| *byte == b'#').count();
    let mark = &prefix[..prefix.len() - hashes];
    let is_prefix = matches!(mark, "" | "b" | "c" | "r" | "br" | "cr")
        && prefix.ends_with(&"#".repeat(hashes))
        && (hashes == 0 || mark.contains('r'));
    (opens.starts_with('"') && is_prefix).then_some((quote, hashes))
}

fn escaped_length(body: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    body.len()
}

fn block_comment(rest: &str) -> &str {
    let mut depth = 0_usize;
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return &rest[..at];
        }
    }
    rest
}

fn character_or_lifetime(rest: &str) -> usize {
    let mut inner = rest[1..].chars();
    let first = inner.next().unwrap_or(' ');
    if first == '\\' {
        let escape = inner.next().map_or(0, char::len_utf8);
        let from = 2 + escape;
        return rest[from..].find('\'').map_or(rest.len(), |end| from + end + 1);
    }
    if inner.next() == Some('\'') {
        return first.len_utf8() + 2;
    }
    1 + word_length(&rest[1..])
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// Marks every item with `#[cfg(test)]`, up to its `;` or closing brace.
fn mark_tests(found: &mut [Token<'_>]) {
    let mut at = 0;
    while at + 3 < found.len() {
        let opens = found[at].is("#") && found[at + 1].is("[") && found[at + 2].names("cfg");
        if !opens {
            at += 1;
            continue;
        }
        let attribute = at..closing(found, at + 1);
        let tests = found[attribute.clone()].iter().any(|t| t.names("test"))
            && !found[attribute.clone()].iter().any(|t| t.names("not"));
        if tests {
            let end = item_end(found, attribute.end);
            for token in &mut found[at..end] {
                token.for_tests = true;
            }
            at = end;
        } else {
            at = attribute.end;
        }
    }
}

/// Returns the position after the bracket that closes the one at `open`.
fn closing(found: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in found.iter().enumerate().skip(open) {
        if token.kind != Kind::Mark {
            continue;
        }
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    found.len()
}

fn item_end(found: &[Token<'_>], from: usize) -> usize {
    let mut at = from;
    while at < found.len() {
        match found[at].text {
            ";" | "," | "}" if found[at].kind == Kind::Mark => return at + 1,
            "{" if found[at].kind == Kind::Mark => return closing(found, at),
            "(" | "[" if found[at].kind == Kind::Mark => at = closing(found, at),
            _ => at += 1,
        }
    }
    found.len()
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn of(source: &str, kind: Kind) -> Vec<&str> {
        let all = tokens(source).into_iter();
        all.filter(|token| token.kind == kind).map(|token| token.text).collect()
    }

    #[test]
    fn literals_comments_and_names_are_distinguished() {
        let source = r####"
            // a "comment"
            let text = "say \"hi\" // no comment"; /* a /* nested */ one */
            let raw = r#"a "quote""#; let c = '"'; let e = '\''; fn f<'a>(x: &'a str) {}
            br"bytes"; r#type; 'x'; crate::a
        "####;
        assert_eq!(
            of(source, Kind::Text),
            [r#"say \"hi\" // no comment"#, r#"a "quote""#, "bytes"]
        );
        assert_eq!(of(source, Kind::Comment), ["// a \"comment\"", "/* a /* nested */ one */"]);
        assert!(of(source, Kind::Name).ends_with(&["str", "type", "crate", "a"]));
        assert!(of(source, Kind::Mark).contains(&"::"));
    }

    #[test]
    fn lines_are_counted_through_literals() {
        let found = tokens("\"one\ntwo\" here\n// end");
        let lines: Vec<_> = found.iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3]);
    }

    #[test]
    fn items_for_tests_are_marked() {
        let source = "fn a() {} #[cfg(test)] mod tests { fn b() {} } #[cfg(test)] use x; \
                      #[cfg(not(test))] fn c() {} fn d() {}";
        let names: Vec<_> = tokens(source)
            .into_iter()
            .filter(|token| token.kind == Kind::Name && !token.for_tests)
            .map(|token| token.text)
            .collect();
        assert_eq!(names, ["fn", "a", "cfg", "not", "test", "fn", "c", "fn", "d"]);
    }
}
