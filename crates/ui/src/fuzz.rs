//! Forms, notices and paths by any client never cause a panic, and lead to no other site.

use axum::{
    extract::{FromRequest as _, Request},
    http::{HeaderMap, HeaderValue, Uri, header},
};
use futures_util::FutureExt as _;
use serde::Deserialize;
use testkit::growth::{linear, linear_in};

use crate::{
    Filled, csv, elsewhere::without_slash, error::search_words, form, format, markdown, notice,
    typed,
};

#[derive(Deserialize)]
struct Fields {
    name: String,
    #[serde(default)]
    number: i64,
}

#[test]
fn forms() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let form =
            Request::post("/x").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = form.body(bytes.to_vec().into()).expect("a request");
        let filled = Filled::<Fields>::from_request(form, &()).now_or_never();
        if let Ok(Filled(fields, form)) = filled.expect("nothing to wait for") {
            assert_eq!(form.value("name"), fields.name);
            let _ = fields.number;
        }
        for it in typed::texts(bytes) {
            assert!(!it.text.trim().is_empty() && it.lines > 0);
        }
        // A page that contains what people wrote is searched for the names of its fields.
        let marked = form::marker("a");
        let page = format!("<a href=\"#a\">{marked}</a>{}", String::from_utf8_lossy(bytes));
        assert!(!form::named(page, &[("a", String::new())]).starts_with(&marked));
        if let Ok(length) = HeaderValue::from_bytes(bytes) {
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_LENGTH, length)];
            let length = typed::length(&HeaderMap::from_iter(headers));
            assert!(length.is_none_or(|length| length <= typed::LONGEST));
        }
    }));
}

#[test]
fn notices_and_paths() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&[b"guildhall-notice=", bytes].concat()) {
            headers.insert(header::COOKIE, value);
        }
        if let Some(message) = notice::read(&headers) {
            assert!(!message.is_empty() && !message.contains(char::is_control));
        }
        assert_eq!(notice::read_undo(&headers), None, "not signed");
        if let Some(words) = search_words(&String::from_utf8_lossy(bytes)) {
            assert!(!words.is_empty() && !words.contains(char::is_control), "{words}");
        }
        if let Ok(uri) = Uri::try_from(bytes)
            && let Some(to) = without_slash(&uri)
        {
            assert!(to.starts_with('/') && !to.starts_with("//"), "{to}");
        }
    }));
}

/// Text by others is shown on pages and in files for spreadsheets.
#[test]
fn shown_text() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        assert!(!format::tame(&text).contains(char::is_control));
        assert!(format::segment(&text).is_ascii());
        let _ = format::with_real_minus(&text);
        let _ = format::initials(&text);
        let _ = format::tint(&text);
        let line = csv::line(&[text.into()]);
        assert!(!line.starts_with(['=', '+', '-', '@']), "a spreadsheet's formula");
    }));
}

/// Marks that nest, or whose end the parser must look for.
const MARKS: [&str; 14] = [
    ">", "> - ", "- ", "1. ", "- a\n\n", "> a\n\n", "[a](", "![", "`a``", "|a\n|-\n", "_a_ ",
    "<b ", "&a", "*a _b* ",
];

/// Text that people typed as Markdown adds no element that runs or loads something.
#[test]
fn typed_markdown() {
    bolero::check!().for_each(linear_in(
        &MARKS,
        linear(|bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let html =
                markdown::rendered(&text).to_lowercase() + &markdown::text(&text).to_lowercase();
            for element in ["<script", "<iframe", "<style", "<form", "<svg"] {
                assert!(!html.contains(element), "{text:?}: {html}");
            }
            for image in html.split("<img").skip(1) {
                assert!(image.starts_with(" src=\"/pictures/"), "{text:?}: {html}");
            }
            assert!(!html.contains("href=\"javascript:"), "{text:?}: {html}");
        }),
    ));
}
