//! Encoding below the largest size of a stored picture.

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder as _, ImageResult, Rgb, RgbImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};

/// The maximum number of bytes of a stored picture.
pub(super) const LARGEST: usize = 200 * 1024;
/// The qualities that are tried in turn.
const QUALITIES: [u8; 7] = [80, 70, 60, 45, 30, 15, 5];
/// The part of white behind what is transparent.
const WHITE: u16 = 255;

/// Encodes a picture: with transparent parts as PNG, if that is small enough, otherwise as JPEG.
pub(super) fn encode(picture: &DynamicImage) -> ImageResult<(&'static str, Vec<u8>)> {
    let rgba = picture.to_rgba8();
    let (width, height) = rgba.dimensions();
    if rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
        let mut png = Vec::new();
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive)
            .write_image(rgba.as_raw(), width, height, ExtendedColorType::Rgba8)?;
        if png.len() <= LARGEST {
            return Ok(("png", png));
        }
    }
    let opaque = RgbImage::from_fn(width, height, |x, y| over_white(rgba.get_pixel(x, y).0));
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg.clear();
        JpegEncoder::new_with_quality(&mut jpeg, quality).write_image(
            opaque.as_raw(),
            width,
            height,
            ExtendedColorType::Rgb8,
        )?;
        if jpeg.len() <= LARGEST {
            break;
        }
    }
    Ok(("jpg", jpeg))
}

fn over_white([r, g, b, alpha]: [u8; 4]) -> Rgb<u8> {
    let alpha = u16::from(alpha);
    let over = |value: u8| (u16::from(value) * alpha + WHITE * (255 - alpha)) / 255;
    Rgb([r, g, b].map(|value| u8::try_from(over(value)).unwrap_or(u8::MAX)))
}
