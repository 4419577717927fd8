//! Kinds of things that a search finds, each in its own module.

use axum::http::Extensions;
use futures_util::future::BoxFuture;

use crate::{Context, flags::Flag, folded::FoldedText, web::WebError};

/// A kind of things with pages of their own that everyone may see.
#[derive(Clone, Copy, Debug)]
pub struct SearchKind {
    /// The name in addresses and in the API, such as `projects`.
    pub code: &'static str,
    /// The name in lists, such as "Projects".
    pub label: &'static str,
    /// Orders the kinds; lower comes first.
    pub order: u8,
    /// The flag that hides the kind unless it is on for everyone.
    pub flag: Option<&'static Flag>,
    pub find: FindFn,
}

/// A function that finds things of a kind, best first.
pub type FindFn =
    for<'a> fn(&'a Context, &'a SearchRequest) -> BoxFuture<'a, Result<Vec<Hit>, WebError>>;

/// A search for things of a kind.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The text as typed, at least two characters.
    pub text: String,
    /// The maximum number of hits.
    pub limit: i64,
    /// The extensions of the request, for what modules keep in the process.
    pub extensions: Extensions,
}

impl SearchRequest {
    /// Returns the text in the form in which names are compared.
    #[must_use]
    pub fn folded(&self) -> FoldedText {
        FoldedText::of(&self.text)
    }

    /// Returns the maximum number of hits for a list.
    #[must_use]
    pub fn most(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(0)
    }
}

/// A thing that a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    /// The path of its page.
    pub address: String,
    /// A line about it; may be empty.
    pub line: String,
    /// The kind and the name of the picture that is drawn for it, such as `person` and `wren-oak`.
    pub picture: Option<(&'static str, String)>,
    /// The path of its own picture, which is shown instead of the drawn one.
    pub stored: Option<String>,
    /// True if the text is not part of its name, which is only similar.
    pub is_similar: bool,
}

impl Hit {
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        address: impl Into<String>,
        line: impl Into<String>,
    ) -> Self {
        Self { title: title.into(), address: address.into(), line: line.into(), ..Self::default() }
    }

    /// Adds the path of its own picture, if it has one.
    #[must_use]
    pub fn pictured(self, stored: Option<String>) -> Self {
        Self { stored, ..self }
    }

    /// Adds the picture that is drawn for a thing of a kind.
    #[must_use]
    pub fn drawn(self, kind: &'static str, slug: impl Into<String>) -> Self {
        Self { picture: Some((kind, slug.into())), ..self }
    }
}
