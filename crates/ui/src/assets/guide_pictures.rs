//! The pictures of guides, which `cargo xtask pictures` takes.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{FOREVER, address};

/// The names of the files in `docs/guides/images`, with their contents.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/guide_pictures.rs"));

static PICTURES: LazyLock<Vec<GuidePicture>> =
    LazyLock::new(|| FILES.iter().map(GuidePicture::of).collect());

#[derive(Debug)]
pub(crate) struct GuidePicture {
    /// The name of its file.
    pub(crate) name: &'static str,
    pub(crate) address: String,
    /// Its width and height in pixels.
    pub(crate) size: (u32, u32),
    content: &'static [u8],
}

impl GuidePicture {
    /// Returns all pictures.
    pub(crate) fn all() -> &'static [Self] {
        &PICTURES
    }

    fn of(&(name, content): &(&'static str, &'static [u8])) -> Self {
        let title = name.strip_suffix(".png").unwrap_or(name);
        Self {
            name,
            address: address(&format!("guide-{title}"), "png", content),
            size: (number_at(content, 16), number_at(content, 20)),
            content,
        }
    }

    /// Returns the response with the picture at a path.
    pub(super) fn response(path: &str) -> Option<Response> {
        let picture = PICTURES.iter().find(|picture| picture.address == path)?;
        let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, FOREVER)];
        Some((headers, picture.content).into_response())
    }
}

/// Returns the number of four bytes in the header of a PNG file.
fn number_at(png: &[u8], place: usize) -> u32 {
    let bytes = png.get(place..place + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    bytes.map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_sizes_and_addresses_of_their_own() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\x4c\0\0\x02\xa8\x08\x02";
        let picture = GuidePicture::of(&("new-season.png", png.as_slice()));
        assert_eq!(picture.size, (1100, 680));
        assert!(picture.address.starts_with("/assets/guide-new-season-"), "{picture:?}");
        for picture in GuidePicture::all() {
            assert!(picture.size.0 > 0 && picture.size.1 > 0, "{} is no PNG", picture.name);
            assert!(GuidePicture::response(&picture.address).is_some(), "{}", picture.name);
        }
        assert!(GuidePicture::response("/assets/guide-missing-0.png").is_none());
    }
}
