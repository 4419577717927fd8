//! Text that a person typed into a form, kept until its response is known: a refusal shows what its page does not.

use std::time::Duration;

use askama::{
    Template,
    filters::{Escaper as _, Html},
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header},
    response::Response,
};
use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use crate::layout;

/// The maximum length of a form, in bytes: that of axum's own extractors.
pub(crate) const LONGEST: usize = 2 << 20;
/// How long the rest of a form may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(9);
/// The maximum number of texts that are shown. The longest form of a page has fewer.
const MOST: usize = 100;
/// The maximum number of lines of a shown field; the rest is scrolled to.
const LINES: usize = 12;
/// The number of bytes from which on a text is on a page only because it was typed.
const LONG: usize = 8;
/// The ends of the names of fields that no page shows again.
const SECRETS: [&str; 5] = ["code", "key", "password", "secret", "token"];
/// Values of boxes and choices, which need no copy.
const CHOICES: [&str; 5] = ["false", "no", "on", "true", "yes"];

/// The body of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed(Bytes);

/// Names of buttons that say what to do with a form, which are no text of a person.
const BUTTONS: [&str; 3] = ["ruling", "step", "then"];

/// A text that was typed into a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypedText {
    /// The name of the field in words, such as "Team note".
    pub(crate) label: String,
    pub(crate) text: String,
    /// The number of lines of its field.
    pub(crate) lines: usize,
}

#[derive(Template)]
#[template(path = "typed.html")]
struct TypedPart<'a> {
    typed: &'a [TypedText],
}

impl Typed {
    /// Reads the body of a form and gives it back to the request. Other bodies, and forms that are too long, stay unread.
    ///
    /// # Errors
    /// When the form does not arrive as a whole (`BAD_FORM`).
    pub(crate) async fn keep(request: Request) -> Result<(Request, Self), Problem> {
        let Some(length) = length(request.headers()) else {
            return Ok((request, Self::default()));
        };
        let (parts, body) = request.into_parts();
        let read = tokio::time::timeout(ARRIVAL, to_bytes(body, length)).await;
        let Ok(Ok(bytes)) = read else {
            return Err(unread("it did not arrive as a whole"));
        };
        Ok((Request::from_parts(parts, Body::from(bytes.clone())), Self(bytes)))
    }

    /// Returns the texts, in the order of the form.
    pub(crate) fn texts(&self) -> Vec<TypedText> {
        texts(&self.0)
    }

    /// Adds to a page that refuses the form the texts that it lacks.
    pub(crate) async fn complete(&self, response: Response) -> Response {
        let is_refusal = response.status().is_client_error() || response.status().is_server_error();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if self.0.is_empty() || !is_refusal || !is_page {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        let Ok(page) = to_bytes(body, usize::MAX).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let page = match std::str::from_utf8(&page) {
            Ok(html) => Body::from(with_lost(html, self.texts())),
            Err(_) => Body::from(page),
        };
        Response::from_parts(parts, page)
    }
}

impl TypedText {
    fn of(name: &str, text: String) -> Self {
        let words: String = name.chars().take(60).map(|c| if c == '_' { ' ' } else { c }).collect();
        let mut characters = words.chars();
        let first = characters.next().map(char::to_uppercase);
        let label = first.into_iter().flatten().chain(characters).collect();
        let lines = text.lines().count().clamp(1, LINES);
        Self { label, text, lines }
    }

    /// Returns whether a page shows the text, which it may have trimmed: in a field, or, if it is too long to be there by
    /// chance, anywhere.
    fn is_in(&self, html: &str) -> bool {
        let is_shown = |text: &str| {
            let mut escaped = String::new();
            Html.write_escaped_str(&mut escaped, text).is_ok()
                && (html.contains(&format!("\"{escaped}\""))
                    || html.contains(&format!("{escaped}</textarea>"))
                    || text.len() >= LONG && html.contains(&escaped))
        };
        is_shown(&self.text) || is_shown(self.text.trim())
    }
}

/// Reads the texts of a form.
pub(crate) fn texts(body: &[u8]) -> Vec<TypedText> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    let typed = fields.into_iter().filter(|(name, value)| is_typed(name, value));
    typed.take(MOST).map(|(name, text)| TypedText::of(&name, text)).collect()
}

/// Renders the part of a page that shows texts to copy; nothing if there is none.
pub(crate) fn part(typed: &[TypedText]) -> String {
    if typed.is_empty() {
        return String::new();
    }
    // Rendering into memory does not fail.
    layout::html(&TypedPart { typed }).unwrap_or_default()
}

/// Adds the texts that a page lacks to the end of its main part.
fn with_lost(html: &str, mut typed: Vec<TypedText>) -> String {
    typed.retain(|text| !text.is_in(html));
    match html.rsplit_once("</main>") {
        Some((main, rest)) => format!("{main}{}</main>{rest}", part(&typed)),
        None => html.to_owned(),
    }
}

/// Returns the problem of a form that could not be read.
pub(crate) fn unread(cause: &str) -> Problem {
    let detail = format!("The form could not be read: {cause}. Go back and submit it again.");
    Problem::new(ProblemKind::Malformed, "BAD_FORM", detail)
}

/// Returns the length of a form that can be kept.
pub(crate) fn length(headers: &HeaderMap) -> Option<usize> {
    let kind = headers.get(header::CONTENT_TYPE)?;
    let is_form = kind.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    (is_form && length <= LONGEST).then_some(length)
}

/// Returns whether a person may have typed a value, rather than chosen it, and may see it again.
fn is_typed(name: &str, value: &str) -> bool {
    let value = value.trim();
    !value.is_empty()
        && !CHOICES.contains(&value)
        && !BUTTONS.contains(&name)
        && !SECRETS.iter().any(|secret| name.ends_with(secret))
        && Uuid::try_parse(value).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<(String, String)> {
        let typed = Typed(Bytes::from(body.to_owned())).texts();
        typed.into_iter().map(|it| (it.label, it.text)).collect()
    }

    #[test]
    fn typed_texts_are_shown_but_neither_choices_nor_secrets() {
        let body = "team_note=Two%0D%0Alines&empty=+&then=publish&listed=yes&api_token=abc&code=123456&trello_key=k&points=40\
            &id=0198a000-0000-7000-8000-000000000000";
        let expected = [("Team note", "Two\r\nlines"), ("Points", "40")];
        assert_eq!(texts(body), expected.map(|(label, text)| (label.to_owned(), text.to_owned())));
        assert_eq!(texts("%"), [], "no name and no value");
        assert_eq!(texts(&"a=b&".repeat(500)).len(), MOST);
    }

    #[test]
    fn a_page_gains_only_the_texts_that_it_lacks() {
        let page = "<main>40<input value=\"41\"><textarea>a &#60;b&#62;</textarea></main><footer></footer>";
        let typed = Typed(Bytes::from_static(b"one=a+%3Cb%3E+&two=lost+%3Ci%3E&three=41&four=40"));
        let html = with_lost(page, typed.texts());
        assert!(html.contains("lost &#60;i&#62;</textarea>"), "{html}");
        assert_eq!(html.matches("a &#60;b&#62;").count(), 1, "{html}");
        assert_eq!([html.matches("41").count(), html.matches("40").count()], [1, 2], "{html}");
        let (_, rest) = html.split_once("</main>").expect("an end");
        assert_eq!(rest, "<footer></footer>");
    }
}
