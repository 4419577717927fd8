//! Decoding within limits, and scaling down at once.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage,
    metadata::Orientation,
};
use kernel::{Problem, ProblemKind};

use super::{Crop, PictureUse, inks, sniff};

/// The maximum number of pixels.
pub(super) const MOST_PIXELS: u64 = 40_000_000;
/// The maximum number of bytes of the decoded pixels: 40 megapixels of three bytes.
const MOST_BYTES: u64 = 3 * MOST_PIXELS;
/// The maximum number of bytes of a color profile.
const LONGEST_PROFILE: usize = 4 << 20;
/// The longest side that is worked with.
const WORKED: u32 = 2_048;

/// The pixels of a decoded file, scaled down.
pub(super) enum Pixels {
    /// Gray or red, green and blue, in the space of the profile, or sRGB without one.
    Light(DynamicImage),
    /// Cyan, magenta, yellow and black, as amounts of ink.
    Inks(RgbaImage),
}

/// The pixels of a file, and what is said about them.
pub(super) struct Decoded {
    pub(super) pixels: Pixels,
    pub(super) profile: Option<Vec<u8>>,
    pub(super) orientation: Orientation,
}

/// The facts that the header of a file states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) format: ImageFormat,
    /// The number of bytes of the decoded pixels.
    pub(super) bytes: u64,
    has_inks: bool,
}

/// Reads the header of a file.
///
/// # Errors
/// When the file is of another format or damaged, or has too many pixels.
pub(super) fn header(file: &[u8]) -> Result<Header, Problem> {
    let format = sniff::format(file)?;
    let decoder = decoder(file, format, MOST_BYTES)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        return Err(too_many_pixels(&format!("It has {width} × {height} pixels.")));
    }
    let has_inks = format == ImageFormat::Jpeg && inks::has_inks(file);
    let bytes = if has_inks { pixels * 4 } else { decoder.total_bytes() };
    // Some readers hold more than the decoded pixels.
    let bytes = match format {
        ImageFormat::WebP => bytes * 3 / 2,
        ImageFormat::Jpeg if inks::is_progressive(file) => bytes * 3,
        _ => bytes,
    };
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    if bytes > MOST_BYTES {
        let detail = "It needs too much memory: it has transparent parts, deep colors, inks, or is progressive.";
        return Err(too_many_pixels(detail));
    }
    Ok(Header { format, bytes, has_inks })
}

/// Decodes a file whose header was accepted, of an animation the first frame. It is scaled down to twice what its use needs.
///
/// # Errors
/// When the file is damaged.
pub(super) fn decode(
    file: &[u8],
    header: Header,
    used: PictureUse,
    crop: Crop,
) -> Result<Decoded, Problem> {
    let mut decoder = decoder(file, header.format, header.bytes)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| profile.len() <= LONGEST_PROFILE);
    let longest = longest(decoder.dimensions(), orientation, used, crop);
    let pixels = if header.has_inks {
        drop(decoder);
        let whole = inks::read(file).ok_or_else(damaged)?;
        Pixels::Inks(inks::scaled(&whole, longest))
    } else {
        let whole = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
        Pixels::Light(scaled(whole, longest))
    };
    Ok(Decoded { pixels, profile, orientation })
}

/// Returns the longest side of a picture of which the part for its use has twice the size of the use.
fn longest(
    (width, height): (u32, u32),
    orientation: Orientation,
    used: PictureUse,
    crop: Crop,
) -> u32 {
    let lies = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let upright = if lies { (height, width) } else { (width, height) };
    let part = crop.part(upright, used.size());
    let scaled = u64::from(width.max(height)) * 2 * u64::from(used.size().0);
    let longest = scaled.div_ceil(u64::from(part.width.max(1)));
    u32::try_from(longest).map_or(WORKED, |longest| longest.min(WORKED))
}

fn scaled(whole: DynamicImage, longest: u32) -> DynamicImage {
    if whole.width().max(whole.height()) <= longest {
        return whole;
    }
    whole.thumbnail(longest, longest)
}

fn decoder(
    file: &[u8],
    format: ImageFormat,
    most_bytes: u64,
) -> Result<impl ImageDecoder, Problem> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(most_bytes + (16 << 20));
    reader.limits(limits);
    reader.into_decoder().map_err(|error| refusal(&error))
}

fn refusal(error: &ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => too_many_pixels("It is too large."),
        _ => damaged(),
    }
}

fn too_many_pixels(what: &str) -> Problem {
    let detail = format!(
        "{what} A picture can have at most 40 megapixels of 24 bits, such as 7,680 × 5,120. Scale it down, and upload it again."
    );
    Problem::new(ProblemKind::Invalid, "PICTURE_TOO_LARGE", detail).at("picture")
}

/// The refusal of a file that cannot be read.
pub(super) fn damaged() -> Problem {
    let detail = "The picture is damaged or incomplete. Open it on your device, save it as JPEG, and upload that file.";
    Problem::new(ProblemKind::Invalid, "PICTURE_DAMAGED", detail).at("picture")
}
