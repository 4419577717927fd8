//! Files for tests, made by code.

use std::io::Cursor;

use image::{
    Delay, DynamicImage, ExtendedColorType, Frame, ImageEncoder as _, ImageFormat, Rgb, RgbImage,
    RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder},
};

pub(super) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("encoded");
    file.into_inner()
}

/// A picture whose upper left quarter is red, on blue.
pub(super) fn cornered(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) }
    })
}

/// A JPEG file of a picture, with an orientation and a place in its EXIF data.
pub(super) fn oriented(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let (width, height) = picture.dimensions();
    JpegEncoder::new_with_quality(&mut file, 95)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .expect("encoded");
    let exif = exif(orientation);
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&file[..2], &[0xff, 0xe1], &length, &exif, &file[2..]].concat()
}

/// EXIF data with an orientation, and a directory of a place.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend(entry(0x0112, 3, 1, [orientation, 0, 0, 0]));
    exif.extend(entry(0x8825, 4, 1, [38, 0, 0, 0]));
    exif.extend([0; 4]);
    exif.extend(b"\x01\0");
    exif.extend(entry(1, 2, 2, *b"N\0\0\0"));
    exif.extend([0; 4]);
    exif.extend(b"SECRET PLACE");
    exif
}

/// A PNG file of one color with a profile.
pub(super) fn profiled(color: [u8; 3], profile: Vec<u8>) -> Vec<u8> {
    let picture = RgbImage::from_pixel(40, 40, Rgb(color));
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile).expect("supported");
    encoder.write_image(picture.as_raw(), 40, 40, ExtendedColorType::Rgb8).expect("encoded");
    file
}

/// A GIF file whose first frame is red and whose second one is blue.
pub(super) fn animated() -> Vec<u8> {
    let mut file = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut file);
        for color in [[230, 20, 20, 255], [20, 20, 230, 255]] {
            let frame = RgbaImage::from_pixel(64, 64, image::Rgba(color));
            let frame = Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(100, 1));
            encoder.encode_frame(frame).expect("encoded");
        }
    }
    file
}

/// The header of a PNG file that claims a size, without pixels.
pub(super) fn claiming(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let chunk = |kind: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("short").to_be_bytes();
        let named = [kind, content].concat();
        [&length[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let empty = [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1];
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &empty),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
        })
    };
    !bytes.iter().fold(!0, step)
}

/// A JPEG file of one block, written by hand: its samples as stored, progressive or not, with the mark of Adobe's programs or not.
pub(super) fn block(samples: &[u8], is_progressive: bool, adobe: Option<u8>) -> Vec<u8> {
    let count = u8::try_from(samples.len()).expect("few");
    let mut file = vec![0xff, 0xd8];
    if let Some(transform) = adobe {
        file.extend([0xff, 0xee, 0, 14]);
        file.extend(b"Adobe\0\x64\0\0\0\0");
        file.push(transform);
    }
    // A table of quantization without effect.
    file.extend([0xff, 0xdb, 0, 67, 0]);
    file.extend([1; 64]);
    file.extend([
        0xff,
        if is_progressive { 0xc2 } else { 0xc0 },
        0,
        8 + 3 * count,
        8,
        0,
        8,
        0,
        8,
        count,
    ]);
    (1..=count).for_each(|id| file.extend([id, 0x11, 0]));
    // Twelve codes of four bits for the first values, and a code of one bit that ends a block.
    file.extend([0xff, 0xc4, 0, 31, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(0..12);
    file.extend([0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0xff, 0xda, 0, 6 + 2 * count, count]);
    (1..=count).for_each(|id| file.extend([id, 0]));
    file.extend([0, if is_progressive { 0 } else { 63 }, 0]);
    file.extend(scan(samples, is_progressive));
    file.extend([0xff, 0xd9]);
    file
}

/// The coded blocks of one value each.
fn scan(samples: &[u8], is_progressive: bool) -> Vec<u8> {
    let mut bits = String::new();
    for sample in samples {
        let value = 8 * (i32::from(*sample) - 128);
        let length = usize::try_from(32 - value.unsigned_abs().leading_zeros()).expect("short");
        bits += &format!("{length:04b}");
        if length > 0 {
            let coded = if value < 0 { value + (1 << length) - 1 } else { value };
            bits += &format!("{coded:0length$b}");
        }
        if !is_progressive {
            bits.push('0');
        }
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    let bit = |byte: u8, bit: &u8| byte << 1 | u8::from(*bit == b'1');
    let bytes = bits.as_bytes().chunks(8).map(|bits| bits.iter().fold(0, bit));
    bytes.flat_map(|byte| if byte == 0xff { vec![0xff, 0] } else { vec![byte] }).collect()
}
