//! The community that runs the server: its name, its description, its mark and its picture.

use std::{fs::File, io::Read as _};

use bytes::Bytes;

/// The most characters of a community's name.
const LONGEST_NAME: usize = 60;
/// The most characters of a community's description.
const LONGEST_DESCRIPTION: usize = 300;
/// The most bytes of a mark.
const LARGEST_MARK: u64 = 64 * 1024;
/// The most pixels of a side of a PNG mark.
const LARGEST_SIDE: u32 = 2_048;
/// The most characters of the slug that a picture is drawn from.
const LONGEST_SLUG: usize = 100;
/// The number of digits of the hash in the path of an uploaded picture.
const HASH_DIGITS: usize = 64;
/// The first bytes of a PNG file, up to its width and height.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityMark {
    pub content_type: &'static str,
    /// The extension of the file name.
    pub extension: &'static str,
    /// The file's content.
    pub content: Bytes,
}

impl CommunityMark {
    /// Reads the SVG or PNG file at a path; `None` if it cannot be read, is too large or is neither.
    pub(super) fn read(path: &str) -> Option<Self> {
        let mut content = Vec::new();
        let file = File::open(path).ok()?;
        file.take(LARGEST_MARK + 1).read_to_end(&mut content).ok()?;
        let is_small = content.len() as u64 <= LARGEST_MARK;
        is_small.then(|| Self::of(content)).flatten()
    }

    /// Recognizes an image by its content, whatever the name of its file.
    pub(super) fn of(content: Vec<u8>) -> Option<Self> {
        let (content_type, extension) = if is_png(&content) {
            ("image/png", "png")
        } else if is_svg(&content) {
            ("image/svg+xml", "svg")
        } else {
            return None;
        };
        Some(Self { content_type, extension, content: content.into() })
    }
}

/// The picture of the community on the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommunityPicture {
    /// The street that is drawn from a slug.
    Drawn(String),
    /// The path of a picture that an admin uploaded.
    Stored(String),
}

impl CommunityPicture {
    /// Parses a slug, or the path of an uploaded picture.
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=LONGEST_SLUG).contains(&text.len()) && text.bytes().all(is_slug) {
            return Some(Self::Drawn(text.to_owned()));
        }
        let file = text.strip_prefix("/pictures/")?;
        let hash = file.strip_suffix(".jpg").or(file.strip_suffix(".png"))?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(is_digit);
        is_hash.then(|| Self::Stored(text.to_owned()))
    }

    /// Returns the text that [`CommunityPicture::read`] parses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Drawn(text) | Self::Stored(text) => text,
        }
    }
}

fn is_png(content: &[u8]) -> bool {
    let Some(rest) = content.strip_prefix(PNG) else {
        return false;
    };
    let side = |from: usize| {
        let bytes = rest.get(from..from + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let fits = |side: Option<u32>| side.is_some_and(|side| (1..=LARGEST_SIDE).contains(&side));
    fits(side(0)) && fits(side(4))
}

/// Accepts a document with the root `svg` that declares no entities and has no script, handler or script URL.
fn is_svg(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else {
        return false;
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lower = text.to_ascii_lowercase();
    let starts = lower.starts_with("<svg") || lower.starts_with("<?xml") && lower.contains("<svg");
    let refused = ["<!doctype", "<!entity", "<script", "<foreignobject", "javascript:"];
    starts
        && lower.trim_end().ends_with("</svg>")
        && !refused.iter().any(|part| lower.contains(part))
        && !has_handler(&lower)
}

/// Returns true if a document in lower case has an attribute such as `onload`.
fn has_handler(lower: &str) -> bool {
    let begins = |before: &str| before.ends_with(|c: char| c.is_whitespace() || "/\"'".contains(c));
    lower.match_indices("on").any(|(at, _)| {
        let rest = lower[at..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        begins(&lower[..at]) && rest.trim_start().starts_with('=')
    })
}

/// Parses a community's name, which is one line.
pub(super) fn name(text: &str) -> Option<String> {
    line(text, LONGEST_NAME).filter(|name| !name.is_empty())
}

/// Parses a community's description, which is one line or empty.
pub(super) fn description(text: &str) -> Option<String> {
    line(text, LONGEST_DESCRIPTION)
}

fn line(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= longest && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [PNG, &width.to_be_bytes(), &height.to_be_bytes(), b"rest"].concat()
    }

    #[test]
    fn marks_are_small_images() {
        let kind = |content: &[u8]| CommunityMark::of(content.to_vec()).map(|mark| mark.extension);
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"></svg>\n";
        assert_eq!(kind(svg), Some("svg"));
        assert_eq!(kind(b"<?xml version=\"1.0\"?>\n<!-- a --><svg></svg>"), Some("svg"));
        assert_eq!(kind(b"<svg><text font=\"a\">on and on</text></svg>"), Some("svg"));
        assert_eq!(kind(&png(64, 64)), Some("png"));
        for wrong in [
            &b""[..],
            b"<svg>",
            b"<html></html>",
            b"<!DOCTYPE svg><svg></svg>",
            b"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"b\">]><svg></svg>",
            b"<svg><SCRIPT>alert(1)</SCRIPT></svg>",
            b"<svg>\xff</svg>",
            b"<svg ONLOAD = \"alert(1)\"></svg>",
            b"<svg><a href=\"JavaScript:alert(1)\"/></svg>",
            b"GIF89a",
            &png(0, 64),
            &png(64, 4_096),
            &png(64, 64)[..20],
        ] {
            assert_eq!(kind(wrong), None, "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn a_large_or_absent_file_is_no_mark() {
        let path = std::env::temp_dir().join(format!("mark-{}.svg", std::process::id()));
        let text = path.to_str().expect("UTF-8");
        let svg = |filling: usize| format!("<svg>{}</svg>", " ".repeat(filling));
        for (filling, is_mark) in [(65_536 - 11, true), (65_536 - 10, false)] {
            std::fs::write(&path, svg(filling)).expect("written");
            assert_eq!(CommunityMark::read(text).is_some(), is_mark, "{filling}");
        }
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(CommunityMark::read(text), None);
    }

    #[test]
    fn a_picture_is_drawn_or_stored() {
        let stored = format!("/pictures/{}.jpg", "0a".repeat(32));
        let read = |text: &str| CommunityPicture::read(text);
        assert_eq!(
            read("fenwick-commons-2"),
            Some(CommunityPicture::Drawn("fenwick-commons-2".to_owned()))
        );
        assert_eq!(read(&stored), Some(CommunityPicture::Stored(stored.clone())));
        assert_eq!(read(&stored).expect("read").as_str(), stored);
        for wrong in [
            "",
            "Fenwick",
            "a/b",
            "/pictures/x.png",
            "/pictures/../x.png",
            "https://a.example/b.png",
            &"a".repeat(101),
            &stored.replace(".jpg", ".svg"),
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(name(" Fenwick Commons ").as_deref(), Some("Fenwick Commons"));
        assert_eq!(description("").as_deref(), Some(""));
        for wrong in ["", "  ", "two\nlines", "\u{1b}[31m", &"x".repeat(61)] {
            assert_eq!(name(wrong), None, "{wrong:?}");
        }
        assert!(description(&"x".repeat(300)).is_some() && description(&"x".repeat(301)).is_none());
    }
}
