//! Drawn pictures over HTTP.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
};
use kernel::Problem;
use platform::web::WebError;

use crate::{
    assets::FOREVER,
    patterns::{self, Shape},
    picture::KINDS,
};

/// The maximum number of characters of a slug.
const LONGEST_SLUG: usize = 100;
/// The maximum number of characters of initials.
const INITIALS: usize = 2;
/// Nothing in a picture that is opened by itself runs or loads.
const POLICY: &str = "default-src 'none'; sandbox";

/// `GET /pictures/drawn/{version}/{kind}/{file}`: the drawing of a thing by its kind and its slug.
pub(crate) async fn picture(
    Path((version, kind, file)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let svg = drawn(&version, &kind, &file).ok_or_else(unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, FOREVER),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((headers, svg).into_response())
}

fn drawn(version: &str, kind: &str, file: &str) -> Option<String> {
    if version != patterns::VERSION.to_string() {
        return None;
    }
    let (_, usual) = KINDS.into_iter().find(|(known, _)| *known == kind)?;
    let name = file.strip_suffix(".svg")?;
    let (slug, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_slug = |slug: &str| {
        (1..=LONGEST_SLUG).contains(&slug.len())
            && slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.[]".contains(&byte))
    };
    if usual == Shape::Person {
        let is_short = (1..=INITIALS).contains(&suffix.chars().count());
        let (slug, initials) = if is_short {
            (slug, suffix.to_owned())
        } else {
            (name, patterns::initials(&name.replace(['-', '_', '.'], " ")))
        };
        return is_slug(slug).then(|| patterns::person(slug, &initials));
    }
    let (slug, shape) = match Shape::named(suffix).filter(|shape| *shape != Shape::Person) {
        Some(shape) => (slug, shape),
        None => (name, usual),
    };
    is_slug(slug).then(|| shape.drawn(kind, slug, ""))
}

fn unknown() -> Problem {
    Problem::not_found("This picture does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_found_by_version_kind_and_slug() {
        let is = |kind, file, svg: String| assert_eq!(drawn("1", kind, file), Some(svg), "{file}");
        is("project", "ropewalk.svg", patterns::field("project", "ropewalk"));
        is("season", "autumn.svg", patterns::arms("season", "autumn"));
        is("season", "autumn.street.svg", patterns::street("season", "autumn"));
        is("person", "ada-brill.svg", patterns::person("ada-brill", "AB"));
        is("person", "ada-brill.Z<.svg", patterns::person("ada-brill", "Z<"));
        is("person", "77.github.svg", patterns::person("77.github", "7G"));
        for (version, kind, file) in [
            ("2", "project", "ropewalk.svg"),
            ("1", "thing", "ropewalk.svg"),
            ("1", "project", "ropewalk"),
            ("1", "project", ".svg"),
            ("1", "project", "a b.svg"),
            ("1", "project", "<x>.svg"),
        ] {
            assert_eq!(drawn(version, kind, file), None, "{version} {kind} {file}");
        }
        assert_eq!(drawn("1", "project", &format!("{}.svg", "a".repeat(101))), None);
    }
}
