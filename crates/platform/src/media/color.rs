//! Conversion to sRGB, after which the profile is dropped.

use image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::{decode::Pixels, inks};

/// Converts pixels to sRGB by their profile. Without one that fits, they count as sRGB.
pub(super) fn in_srgb(pixels: Pixels, profile: Option<&[u8]>) -> DynamicImage {
    let profile = profile.and_then(|profile| ColorProfile::new_from_slice(profile).ok());
    match pixels {
        Pixels::Inks(inks) => by_inks(&inks, profile.as_ref()).into(),
        Pixels::Light(light) => {
            let converted = profile.as_ref().and_then(|profile| by_light(&light, profile));
            converted.map_or(light, DynamicImage::from)
        }
    }
}

fn by_inks(inks: &RgbaImage, profile: Option<&ColorProfile>) -> RgbImage {
    let (width, height) = inks.dimensions();
    let ours = profile.filter(|profile| profile.color_space == DataColorSpace::Cmyk);
    let converted = ours.and_then(|profile| {
        let light = converted(profile, Layout::Rgba, inks.as_raw(), Layout::Rgb, 3)?;
        RgbImage::from_raw(width, height, light)
    });
    converted.unwrap_or_else(|| {
        RgbImage::from_fn(width, height, |x, y| inks::light(inks.get_pixel(x, y).0).into())
    })
}

fn by_light(light: &DynamicImage, profile: &ColorProfile) -> Option<RgbaImage> {
    let (width, height) = (light.width(), light.height());
    let converted = match profile.color_space {
        DataColorSpace::Rgb => {
            let rgba = light.to_rgba8();
            converted(profile, Layout::Rgba, rgba.as_raw(), Layout::Rgba, 4)
        }
        DataColorSpace::Gray => {
            let gray = light.to_luma_alpha8();
            converted(profile, Layout::GrayAlpha, gray.as_raw(), Layout::Rgba, 4)
        }
        _ => None,
    };
    RgbaImage::from_raw(width, height, converted?)
}

fn converted(
    profile: &ColorProfile,
    from: Layout,
    pixels: &[u8],
    to: Layout,
    channels: usize,
) -> Option<Vec<u8>> {
    let options = TransformOptions::default();
    let transform = profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, options);
    let count = pixels.len() / from.channels();
    let mut converted = vec![0; count * channels];
    transform.ok()?.transform(pixels, &mut converted).ok()?;
    Some(converted)
}
