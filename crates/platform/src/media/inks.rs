//! JPEG files for printing, of cyan, magenta, yellow and black. `image` would lose the inks that a color profile is about.

use image::{RgbaImage, imageops};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::decode::MOST_PIXELS;

/// The longest side of a file of this format.
const LONGEST_SIDE: usize = 65_535;

/// Returns whether a JPEG file has four inks.
pub(super) fn has_inks(file: &[u8]) -> bool {
    inked(file).is_some()
}

/// Reads the amounts of ink of each pixel.
pub(super) fn read(file: &[u8]) -> Option<RgbaImage> {
    let (mut decoder, space) = inked(file)?;
    let (width, height) = decoder.dimensions()?;
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let mut bytes = decoder.decode().ok()?;
    // Adobe's programs store how much light is left, and say that they wrote the file.
    let is_inverted = is_of_adobe(file);
    for pixel in bytes.as_chunks_mut::<4>().0 {
        *pixel = inks(*pixel, space == ColorSpace::YCCK, is_inverted);
    }
    RgbaImage::from_raw(width, height, bytes)
}

/// Scales amounts of ink down to a longest side.
pub(super) fn scaled(whole: &RgbaImage, longest: u32) -> RgbaImage {
    let (width, height) = whole.dimensions();
    let side = width.max(height);
    if side <= longest {
        return whole.clone();
    }
    let part = |of: u32| (u64::from(of) * u64::from(longest) / u64::from(side)).max(1);
    let part = |of: u32| u32::try_from(part(of)).unwrap_or(longest);
    imageops::thumbnail(whole, part(width), part(height))
}

/// Converts an amount of inks to light, without a profile.
pub(super) fn light([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let left = 255 - u16::from(k);
    [c, m, y].map(|ink| {
        let light = (255 - u16::from(ink)) * left / 255;
        u8::try_from(light).unwrap_or(u8::MAX)
    })
}

fn inked(file: &[u8]) -> Option<(JpegDecoder<ZCursor<&[u8]>>, ColorSpace)> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().ok()?;
    let space = decoder.input_colorspace()?;
    let has_inks = matches!(space, ColorSpace::CMYK | ColorSpace::YCCK);
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    has_inks.then_some((decoder, space))
}

fn inks(stored: [u8; 4], is_ycck: bool, is_inverted: bool) -> [u8; 4] {
    let [a, b, c, k] = stored;
    // The first three are those of a picture whose light is the amount of ink that is left.
    let [c, m, y] = if is_ycck { ycc(a, b, c) } else { [a, b, c] };
    match (is_ycck, is_inverted) {
        (true, _) => [c, m, y, 255 - k],
        (false, true) => [255 - c, 255 - m, 255 - y, 255 - k],
        (false, false) => stored,
    }
}

/// Converts luma and chroma to three values (ITU-T T.871), in thousandths.
fn ycc(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let (luma, blue, red) = (i32::from(luma) * 1000, i32::from(blue) - 128, i32::from(red) - 128);
    [luma + 1402 * red, luma - 344 * blue - 714 * red, luma + 1772 * blue]
        .map(|value| u8::try_from((value / 1000).clamp(0, 255)).unwrap_or_default())
}

/// Returns whether a file has the mark of Adobe's programs among its segments, before its pixels.
fn is_of_adobe(file: &[u8]) -> bool {
    has_segment(file, |marker, content| marker == 0xee && content.starts_with(b"Adobe"))
}

/// Returns whether a JPEG file is made of several scans, which are all kept until the last one is read.
pub(super) fn is_progressive(file: &[u8]) -> bool {
    has_segment(file, |marker, _| matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce))
}

/// Returns whether one of the segments before the pixels is the one, by its marker and its content.
fn has_segment(file: &[u8], is_it: impl Fn(u8, &[u8]) -> bool) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]).max(2));
        let content = file.get(at + 4..at + 2 + length).unwrap_or_default();
        if is_it(marker, content) {
            return true;
        }
        if marker == 0xda {
            return false;
        }
        at += 2 + length;
    }
    false
}
