//! The items, imports and paths of one file.

use std::collections::BTreeSet;

use crate::check::rust::{Kind, Token};

/// The parts of a file that matter for imports.
#[derive(Default)]
pub(in crate::check) struct Contents {
    /// Files that it declares as modules.
    pub(in crate::check) modules: Vec<String>,
    /// Items that it defines itself.
    pub(in crate::check) defined: BTreeSet<String>,
    /// Its `use` declarations, one entry per leaf.
    pub(in crate::check) imports: Vec<Import>,
    /// Paths of two or more segments in its bodies and signatures.
    pub(in crate::check) mentions: Vec<Mention>,
}

/// A leaf of a `use` declaration.
pub(in crate::check) struct Import {
    pub(in crate::check) path: Vec<String>,
    /// The name it binds; `None` for `*`.
    pub(in crate::check) binding: Option<String>,
    pub(in crate::check) is_public: bool,
    pub(in crate::check) line: usize,
}

/// A path outside of a `use` declaration.
pub(in crate::check) struct Mention {
    pub(in crate::check) path: Vec<String>,
    pub(in crate::check) line: usize,
}

/// Reads a file. Items for tests are included only if their tokens are passed.
pub(in crate::check) fn read(tokens: Vec<Token<'_>>) -> Contents {
    let is_code = |token: &Token| matches!(token.kind, Kind::Name | Kind::Mark);
    let mut reader = Reader {
        tokens: tokens.into_iter().filter(is_code).collect(),
        at: 0,
        depth: 0,
        inline: Vec::new(),
        contents: Contents::default(),
    };
    while reader.at < reader.tokens.len() {
        reader.step();
    }
    reader.contents
}

struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    /// The depths of the open inline modules.
    inline: Vec<usize>,
    contents: Contents,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        let token = self.tokens[self.at];
        if token.kind == Kind::Mark {
            return self.mark(token.text);
        }
        match token.text {
            // `use<'a>` is a capture and imports nothing.
            "use" if !self.peek(1).is_some_and(|next| next.is("<")) => self.declaration(),
            "mod" if self.is_outermost() => self.module(),
            _ if self.peek(1).is_some_and(|next| next.is("::")) && !self.continues() => {
                self.mention();
            }
            _ => {
                self.define();
                self.at += 1;
            }
        }
    }

    fn mark(&mut self, mark: &str) {
        match mark {
            "{" | "(" | "[" => self.depth += 1,
            "}" | ")" | "]" => {
                self.depth = self.depth.saturating_sub(1);
                if self.inline.last() == Some(&self.depth) {
                    self.inline.pop();
                }
            }
            _ => {}
        }
        self.at += 1;
    }

    /// Reads `mod name;` and `mod name {`.
    fn module(&mut self) {
        let name = self.peek(1).map_or("", |token| token.text).to_owned();
        if self.peek(2).is_some_and(|token| token.is("{")) {
            self.contents.defined.insert(name);
            self.inline.push(self.depth);
        } else {
            self.contents.modules.push(name);
        }
        self.at += 2;
    }

    /// Reads the name after `fn`, `struct` and similar keywords.
    fn define(&mut self) {
        const KEYWORDS: &[&str] =
            &["fn", "struct", "enum", "union", "trait", "type", "const", "static"];
        let keyword = self.tokens[self.at].text;
        let name = match keyword {
            "macro_rules" => self.peek(2),
            _ if KEYWORDS.contains(&keyword) => self.peek(1),
            _ => None,
        };
        let name = name.filter(|token| {
            // In `const fn`, the name follows `fn`.
            token.kind == Kind::Name && token.text != "fn" && self.is_outermost()
        });
        self.contents.defined.extend(name.map(|token| token.text.to_owned()));
    }

    fn mention(&mut self) {
        let line = self.tokens[self.at].line;
        let mut path = vec![self.tokens[self.at].text.to_owned()];
        self.at += 1;
        while let (Some(separator), Some(next)) = (self.peek(0), self.peek(1)) {
            if !separator.is("::") || next.kind != Kind::Name {
                break;
            }
            path.push(next.text.to_owned());
            self.at += 2;
        }
        let path = self.as_of_file(path);
        self.contents.mentions.push(Mention { path, line });
    }

    fn declaration(&mut self) {
        let is_public = self.at.checked_sub(1).is_some_and(|before| {
            let before = self.tokens[before];
            before.names("pub") || before.is(")")
        });
        self.at += 1;
        self.tree(&[], is_public);
    }

    /// Reads a branch of a `use` tree, up to its `,`, `}` or `;`.
    fn tree(&mut self, prefix: &[String], is_public: bool) {
        let mut path = prefix.to_vec();
        let line = self.peek(0).map_or(0, |token| token.line);
        let mut binding = None;
        while let Some(token) = self.peek(0) {
            match token.text {
                "," | "}" | ";" => break,
                "{" => {
                    self.at += 1;
                    return self.branches(&path, is_public);
                }
                "as" => {
                    binding = self.peek(1).map(|token| token.text.to_owned());
                    self.at += 1;
                }
                "::" => {}
                name => path.push(name.to_owned()),
            }
            self.at += 1;
        }
        self.leaf(path, binding, is_public, line);
    }

    fn branches(&mut self, prefix: &[String], is_public: bool) {
        while let Some(token) = self.peek(0) {
            match token.text {
                "}" | ";" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                _ => self.tree(prefix, is_public),
            }
        }
    }

    fn leaf(&mut self, mut path: Vec<String>, alias: Option<String>, is_public: bool, line: usize) {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let is_glob = path.last().is_some_and(|last| last == "*");
        if is_glob {
            path.pop();
        }
        let binding = alias.or_else(|| path.last().cloned());
        let path = self.as_of_file(path);
        self.contents.imports.push(Import {
            binding: binding.filter(|_| !is_glob),
            path,
            is_public,
            line,
        });
    }

    /// Returns a path relative to the file: paths in inline modules have additional `super` segments.
    fn as_of_file(&self, mut path: Vec<String>) -> Vec<String> {
        for _ in &self.inline {
            if path.first().is_some_and(|first| first == "super") {
                path.remove(0);
                if path.first().is_none_or(|first| first != "super") {
                    path.insert(0, "self".to_owned());
                    break;
                }
            }
        }
        path
    }

    /// Returns true inside a path or a field access: `a::b`, `a.b`.
    fn continues(&self) -> bool {
        self.at
            .checked_sub(1)
            .is_some_and(|before| self.tokens[before].is("::") || self.tokens[before].is("."))
    }

    fn is_outermost(&self) -> bool {
        self.depth == self.inline.len()
    }

    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Contents, read};
    use crate::check::rust::program;

    fn of(source: &str) -> Contents {
        read(program(source))
    }

    #[test]
    fn use_trees_are_split_into_leaves() {
        let contents = of(
            "pub(crate) use crate::a::{self, B as C, d::{E, F}};\nuse super::g::*;\nuse std::fmt;",
        );
        let leaves: Vec<_> = contents
            .imports
            .iter()
            .map(|import| {
                let binding = import.binding.as_deref().unwrap_or("*");
                (import.path.join("::"), binding, import.is_public)
            })
            .collect();
        let expected = [
            ("crate::a", "a", true),
            ("crate::a::B", "C", true),
            ("crate::a::d::E", "E", true),
            ("crate::a::d::F", "F", true),
            ("super::g", "*", false),
            ("std::fmt", "fmt", false),
        ];
        let expected: Vec<_> =
            expected.map(|(path, binding, public)| (path.to_owned(), binding, public)).into();
        assert_eq!(leaves, expected);
        assert_eq!(contents.imports[4].line, 2);
    }

    #[test]
    fn definitions_and_paths_are_found_outside_of_tests() {
        let contents = of(
            "mod child; pub(crate) const fn make() -> crate::model::Id { x.field::<u8>(); other::go() }\n\
             impl S { fn method() {} } mod inline { use super::super::up; fn inner() {} }\n\
             #[cfg(test)] mod tests { use crate::never; }",
        );
        assert_eq!(contents.modules, ["child"]);
        let defined: Vec<_> = contents.defined.iter().map(String::as_str).collect();
        assert_eq!(defined, ["inline", "inner", "make"]);
        let paths: Vec<_> =
            contents.mentions.iter().map(|mention| mention.path.join("::")).collect();
        assert_eq!(paths, ["crate::model::Id", "other::go"]);
        assert_eq!(contents.imports[0].path.join("::"), "super::up");
    }
}
