//! Cards: SVG images for READMEs, which load nothing and follow the color scheme of their reader.

pub(super) mod board;
pub(super) mod person;

use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use ui::{
    PageError,
    format::{allowed_in_xml, tame},
    html,
};

/// The policy of the images: they load nothing, and their own styles choose the colors.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/// The width of a name that fits on a card, in Latin characters.
const FITS: usize = 28;

fn image(card: &impl Template) -> Result<Response, PageError> {
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    Ok((headers, html(card)?).into_response())
}

/// Shortens a name that does not fit, and removes characters that an image cannot show.
fn short(name: &str) -> String {
    let name = allowed_in_xml(&tame(name));
    let within = |width: usize| {
        let ends = name.chars().scan(0, |end, c| {
            *end += width_of(c);
            Some(*end)
        });
        let kept = ends.take_while(|end| *end <= width).count();
        name.chars().take(kept).collect::<String>()
    };
    if within(FITS) == name {
        return name;
    }
    within(FITS - 1) + "…"
}

/// Returns the width of a character, in Latin ones: those of East Asia and emoji are twice as wide.
fn width_of(c: char) -> usize {
    if c < '\u{2e80}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_ends_with_an_ellipsis() {
        for (name, shown) in [
            ("wren-oak".to_owned(), "wren-oak".to_owned()),
            ("x".repeat(28), "x".repeat(28)),
            ("x".repeat(29), "x".repeat(27) + "…"),
            ("林".repeat(14), "林".repeat(14)),
            ("林".repeat(15), "林".repeat(13) + "…"),
            ("a\u{202e}b\u{8}\u{ffff}\nc".to_owned(), "abc".to_owned()),
            (String::new(), String::new()),
        ] {
            assert_eq!(short(&name), shown);
        }
    }
}
