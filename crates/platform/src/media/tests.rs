use bytes::Bytes;
use image::{DynamicImage, GrayAlphaImage, ImageFormat, LumaA, Rgb, RgbImage, Rgba, RgbaImage};
use moxcms::ColorProfile;

use super::{
    Crop, PictureUse, Prepared,
    encode::LARGEST,
    inks, prepare, prepared,
    samples::{animated, block, claiming, cornered, encoded, oriented, profiled},
};

fn made(file: &[u8], used: PictureUse) -> (Prepared, RgbImage) {
    let made = prepare(file, used, Crop::default()).expect("accepted");
    let shown = image::load_from_memory(&made.content).expect("a picture").to_rgb8();
    assert_eq!(shown.dimensions(), used.size());
    assert!(made.content.len() <= LARGEST, "{}", made.content.len());
    (made, shown)
}

fn refused(file: &[u8]) -> &'static str {
    prepare(file, PictureUse::Face, Crop::default()).expect_err("refused").code
}

#[track_caller]
fn assert_near(shown: Rgb<u8>, expected: [u8; 3], tolerance: u8) {
    let is_near = shown.0.iter().zip(expected).all(|(is, should)| is.abs_diff(should) <= tolerance);
    assert!(is_near, "{shown:?} {expected:?}");
}

#[test]
fn every_orientation_is_turned_upright() {
    // Where the red corner is stored, for each orientation, so that it is shown at the upper left.
    let upright = cornered(256, 256);
    let picture = DynamicImage::from(upright);
    for orientation in 1..=8_u8 {
        let stored = match orientation {
            2 => picture.fliph(),
            3 => picture.rotate180(),
            4 => picture.flipv(),
            5 => picture.rotate90().fliph(),
            6 => picture.rotate270(),
            7 => picture.rotate270().fliph(),
            8 => picture.rotate90(),
            _ => picture.clone(),
        };
        let (_, shown) = made(&oriented(&stored.to_rgb8(), orientation), PictureUse::Face);
        assert_near(*shown.get_pixel(40, 40), [230, 20, 20], 12);
        for (x, y) in [(215, 40), (40, 215), (215, 215)] {
            assert_near(*shown.get_pixel(x, y), [20, 20, 230], 12);
        }
    }
}

#[test]
fn nothing_but_the_picture_is_kept() {
    let mut file = oriented(&cornered(300, 200), 1);
    file.extend(b"PK\x03\x04<script>alert(1)</script>");
    let (made, _) = made(&file, PictureUse::Gallery);
    for part in [&b"Exif"[..], b"SECRET", b"script", b"PK\x03\x04"] {
        assert!(!made.content.windows(part.len()).any(|window| window == part));
    }
}

#[test]
fn colors_of_profiles_become_those_of_srgb() {
    let profile = ColorProfile::new_display_p3().encode().expect("a profile");
    // The values of this green in sRGB (CSS Color 4): color(display-p3 0.4 0.6 0.4).
    let (_, shown) = made(&profiled([102, 153, 102], profile), PictureUse::Face);
    assert_near(*shown.get_pixel(128, 128), [87, 154, 98], 4);
    let (_, shown) = made(&profiled([102, 153, 102], b"no profile".to_vec()), PictureUse::Face);
    assert_near(*shown.get_pixel(128, 128), [102, 153, 102], 3);
}

#[test]
fn inks_become_light() {
    // Full magenta and yellow make red, stored as the light that is left, as amounts, and as luma and chroma.
    for (samples, adobe) in
        [([255, 0, 0, 255], Some(0)), ([0, 255, 255, 0], None), ([179, 171, 0, 255], Some(2))]
    {
        let file = block(&samples, false, adobe);
        assert!(inks::has_inks(&file));
        let (_, shown) = made(&file, PictureUse::Face);
        assert_near(*shown.get_pixel(128, 128), [255, 0, 0], 6);
    }
    assert!(!inks::has_inks(&block(&[128], false, None)));
}

#[test]
fn odd_but_honest_pictures_are_shown() {
    let deep = image::ImageBuffer::from_pixel(50, 50, image::Luma([0x8000_u16]));
    let deep = encoded(&DynamicImage::ImageLuma16(deep), ImageFormat::Png);
    assert_near(*made(&deep, PictureUse::Mark).1.get_pixel(9, 9), [128, 128, 128], 3);

    let ghost = GrayAlphaImage::from_pixel(50, 50, LumaA([0, 128]));
    let (ghost, _) = made(&encoded(&ghost.into(), ImageFormat::Png), PictureUse::Mark);
    let shown = image::load_from_memory(&ghost.content).expect("a picture").to_rgba8();
    assert_eq!((ghost.extension, shown.get_pixel(9, 9).0[3]), ("png", 128));

    let gray = block(&[200], true, None);
    assert!(inks::is_progressive(&gray));
    assert_near(*made(&gray, PictureUse::Face).1.get_pixel(9, 9), [200, 200, 200], 3);

    assert_near(*made(&animated(), PictureUse::Face).1.get_pixel(9, 9), [230, 20, 20], 8);

    let still = encoded(&cornered(64, 64).into(), ImageFormat::WebP);
    assert_near(*made(&still, PictureUse::Face).1.get_pixel(9, 9), [230, 20, 20], 8);
    let line = encoded(&RgbImage::new(4_000, 1).into(), ImageFormat::Png);
    made(&line, PictureUse::Banner);
}

#[test]
fn noise_is_compressed_until_it_is_small() {
    let mut seed = 1_u32;
    let mut next = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    };
    let noise = RgbaImage::from_fn(1_280, 720, |_, _| Rgba([next(), next(), next(), 254]));
    let (made, _) = made(&encoded(&noise.into(), ImageFormat::Png), PictureUse::Gallery);
    assert_eq!(made.extension, "jpg");
}

#[test]
fn hostile_files_are_refused() {
    let whole = encoded(&cornered(200, 200).into(), ImageFormat::Png);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (file, code) in [
        (claiming(30_000, 30_000), "PICTURE_TOO_LARGE"),
        (claiming(u32::MAX, u32::MAX), "PICTURE_DAMAGED"),
        (claiming(0, 10), "PICTURE_DAMAGED"),
        (claiming(100, 100), "PICTURE_DAMAGED"),
        (whole[..whole.len() / 2].to_vec(), "PICTURE_DAMAGED"),
        (svg.to_vec(), "PICTURE_FORMAT"),
        (b"<?xml version=\"1.0\"?><!-- x --><svg></svg>".to_vec(), "PICTURE_FORMAT"),
        (b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "PICTURE_FORMAT"),
        (b"\0\0\0\x1cftypavif\0\0\0\0".to_vec(), "PICTURE_FORMAT"),
        (b"%PDF-1.7".to_vec(), "PICTURE_FORMAT"),
        (Vec::new(), "PICTURE_FORMAT"),
        (b"\xff\xd8\xff".to_vec(), "PICTURE_DAMAGED"),
        (b"GIF89a".to_vec(), "PICTURE_DAMAGED"),
        (b"RIFF\0\0\0\0WEBP".to_vec(), "PICTURE_DAMAGED"),
        (vec![0; super::LARGEST_FILE + 1], "TOO_LARGE"),
    ] {
        let start = String::from_utf8_lossy(&file[..file.len().min(16)]).into_owned();
        let refusal = refused(&file);
        let is_expected =
            refusal == code || (code, refusal) == ("PICTURE_DAMAGED", "PICTURE_TOO_LARGE");
        assert!(is_expected, "{start}: {refusal}");
    }
    let heic = prepare(b"\0\0\0\x18ftypheic\0\0\0\0", PictureUse::Face, Crop::default());
    let detail = heic.expect_err("refused").detail;
    assert!(detail.contains("HEIC") && detail.contains("JPEG"), "{detail}");
}

#[test]
fn crops_stay_within_the_picture() {
    let crop = |x, y, size| Crop::read(x, y, size).part((400, 200), (256, 256));
    let whole = crop("", "none", "-1");
    assert_eq!((whole.x, whole.y, whole.width, whole.height), (100, 0, 200, 200));
    let corner = crop("100", "100", "50");
    assert_eq!((corner.x, corner.y, corner.width, corner.height), (300, 100, 100, 100));
    let least = crop("0", "0", "0");
    assert_eq!((least.x, least.y, least.width, least.height), (0, 0, 20, 20));
    let line = Crop::default().part((1, 1), (1_200, 400));
    assert_eq!((line.width, line.height), (1, 1));
}

#[tokio::test]
async fn many_uploads_share_the_pool() {
    let file = Bytes::from(oriented(&cornered(900, 600), 6));
    let one = |_| prepared(file.clone(), PictureUse::Face, Crop::default());
    let made = futures_util::future::join_all((0..50).map(one)).await;
    let hashes: Vec<_> = made.into_iter().map(|made| made.expect("accepted").hash).collect();
    assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes each time");
}
