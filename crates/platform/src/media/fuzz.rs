//! Files that people upload are read without a panic, and what comes of them is small and clean.

use std::sync::LazyLock;

use super::{
    Crop, PictureUse,
    encode::LARGEST,
    prepare,
    samples::{animated, block, cornered, encoded, oriented, profiled},
};

/// Honest files, which the inputs change.
static HONEST: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let small = cornered(24, 16);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap_or_default();
    vec![
        oriented(&small, 6),
        profiled([1, 2, 3], profile),
        animated(),
        block(&[9, 99, 199, 250], false, Some(2)),
        block(&[200], true, None),
        encoded(&small.clone().into(), image::ImageFormat::WebP),
        encoded(&small.into(), image::ImageFormat::Gif),
    ]
});

#[test]
fn uploaded_pictures() {
    bolero::check!().for_each(|input: &[u8]| {
        check(input);
        // The first bytes choose a file and a place in it, which the rest overwrites.
        let Some((&[which, high, low], rest)) = input.split_first_chunk() else {
            return;
        };
        let mut file = HONEST[usize::from(which) % HONEST.len()].clone();
        let place = usize::from(u16::from_be_bytes([high, low])) % file.len();
        let end = file.len().min(place + rest.len());
        file[place..end].copy_from_slice(&rest[..end - place]);
        check(&file);
    });
}

fn check(file: &[u8]) {
    // A header can claim much more than is there: what is decoded here stays small.
    let is_small = super::decode::header(file).is_ok_and(|header| header.bytes < 4 << 20);
    if !is_small {
        return;
    }
    if let Ok(made) = prepare(file, PictureUse::Face, Crop::default()) {
        assert!(made.content.len() <= LARGEST);
        let shown = image::load_from_memory(&made.content).expect("a picture");
        assert_eq!((shown.width(), shown.height()), PictureUse::Face.size());
    }
}
