//! From a file to what is stored: a pure function of bytes.

use image::{DynamicImage, imageops::FilterType};
use kernel::{Problem, ProblemKind};
use sha2::{Digest as _, Sha256};

use super::{
    Crop, PictureUse, color,
    decode::{self, Header},
    encode,
};

/// The maximum number of bytes of an uploaded file.
pub const LARGEST_FILE: usize = 8 << 20;

/// A picture as it is stored.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The hash of the content, in hexadecimal digits.
    pub hash: String,
    /// The extension of its address: `jpg` or `png`.
    pub extension: &'static str,
    pub content: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Checks the size and the header of a file. Returns what decoding needs.
///
/// # Errors
/// When the file is too large, of another format or damaged, or has too many pixels.
pub(super) fn checked(file: &[u8]) -> Result<Header, Problem> {
    if file.len() > LARGEST_FILE {
        let detail =
            "The file is larger than 8 MiB. Save it as JPEG or scale it down, and upload it again.";
        return Err(Problem::new(ProblemKind::TooLarge, "TOO_LARGE", detail).at("picture"));
    }
    decode::header(file)
}

/// Makes what is stored of a file: upright, in sRGB, in the size of its use, and without anything else of the file.
///
/// # Errors
/// When the file is too large, of another format or damaged, or has too many pixels.
pub fn prepare(file: &[u8], used: PictureUse, crop: Crop) -> Result<Prepared, Problem> {
    prepare_checked(file, checked(file)?, used, crop)
}

/// Makes what is stored of a file with the header that [`checked`] returned for it.
///
/// # Errors
/// When the file is damaged.
pub(super) fn prepare_checked(
    file: &[u8],
    header: Header,
    used: PictureUse,
    crop: Crop,
) -> Result<Prepared, Problem> {
    let decoded = decode::decode(file, header, used, crop)?;
    let mut picture = color::in_srgb(decoded.pixels, decoded.profile.as_deref());
    picture.apply_orientation(decoded.orientation);
    let picture = fitted(&picture, used, crop);
    let (extension, content) = encode::encode(&picture).map_err(|_| decode::damaged())?;
    let hash = hex::encode(Sha256::digest(&content));
    let (width, height) = used.size();
    Ok(Prepared { hash, extension, content, width, height })
}

fn fitted(picture: &DynamicImage, used: PictureUse, crop: Crop) -> DynamicImage {
    let (width, height) = used.size();
    let part = crop.part((picture.width(), picture.height()), (width, height));
    let part = picture.crop_imm(part.x, part.y, part.width, part.height);
    part.resize_exact(width, height, FilterType::Lanczos3)
}
