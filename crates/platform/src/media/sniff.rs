//! The format of a file, by its content alone.

use image::ImageFormat;
use kernel::{Problem, ProblemKind};

/// How to get a picture that is accepted.
const SAVE_AS: &str =
    "Open it on your device, choose “Save as” or “Export”, take JPEG, and upload that file.";

/// A function that recognizes a format by the beginning of a file.
type IsFormat = fn(&[u8]) -> bool;

/// Formats that are refused by name: what they are called, and how their files begin.
const REFUSED: [(&str, IsFormat); 7] = [
    ("HEIC", is_heic),
    ("AVIF", |file| brand(file).is_some_and(|brand| brand.starts_with(b"avi"))),
    ("SVG", is_svg),
    ("PDF", |file| file.starts_with(b"%PDF")),
    ("TIFF", |file| file.starts_with(b"II*\0") || file.starts_with(b"MM\0*")),
    ("BMP", |file| file.starts_with(b"BM")),
    ("video", |file| brand(file).is_some()),
];

/// Recognizes a file as one of the formats that are read.
///
/// # Errors
/// When it is another one. The sentence says how to save it as JPEG.
pub(super) fn format(file: &[u8]) -> Result<ImageFormat, Problem> {
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(ImageFormat::Png);
    }
    if file.starts_with(b"\xff\xd8\xff") {
        return Ok(ImageFormat::Jpeg);
    }
    if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
        return Ok(ImageFormat::WebP);
    }
    if file.starts_with(b"GIF87a") || file.starts_with(b"GIF89a") {
        return Ok(ImageFormat::Gif);
    }
    let named = REFUSED.iter().find(|(_, is_it)| is_it(file));
    Err(refused(named.map(|(name, _)| *name)))
}

fn refused(name: Option<&str>) -> Problem {
    let detail = match name {
        Some(name) => {
            format!("This is a {name} file. Only PNG, JPEG, WebP and GIF are accepted. {SAVE_AS}")
        }
        None => format!(
            "This file is no picture of a known format. Choose a PNG, JPEG, WebP or GIF. {SAVE_AS}"
        ),
    };
    Problem::new(ProblemKind::Invalid, "PICTURE_FORMAT", detail).at("picture")
}

/// Returns the brand of a file in the format of MP4, which pictures of phones share.
fn brand(file: &[u8]) -> Option<&[u8]> {
    (file.get(4..8)? == b"ftyp").then(|| file.get(8..12))?
}

fn is_heic(file: &[u8]) -> bool {
    let brands: [&[u8]; 6] = [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"];
    brand(file).is_some_and(|brand| brands.contains(&brand))
}

fn is_svg(file: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&file[..file.len().min(1024)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<svg") || (start.starts_with('<') && start.contains("<svg"))
}
