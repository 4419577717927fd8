//! Drawings as pictures with pixels.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

/// The fonts, in which characters are looked up in turn. Their license is beside them.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../assets/fonts/source-serif-4-latin.ttf"),
    include_bytes!("../assets/fonts/source-serif-4-latin-ext.ttf"),
    include_bytes!("../assets/fonts/source-serif-4-cyrillic.ttf"),
    include_bytes!("../assets/fonts/source-serif-4-greek.ttf"),
];
const FAMILY: &str = "Source Serif 4 SemiBold";

static OPTIONS: LazyLock<Arc<Options<'static>>> = LazyLock::new(|| {
    let mut options = Options { font_family: FAMILY.to_owned(), ..Options::default() };
    let fonts = options.fontdb_mut();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_serif_family(FAMILY);
    Arc::new(options)
});

/// Reads a drawing without the files that it links. Returns `None` if it is no drawing.
pub(crate) fn tree(svg: &[u8]) -> Option<Tree> {
    Tree::from_data_nested(svg, &OPTIONS).ok()
}

/// Renders a drawing as a PNG of a size in pixels. Returns `None` if it is no drawing.
#[must_use]
pub fn raster(svg: &str, width: u32, height: u32) -> Option<Bytes> {
    let tree = Tree::from_str(svg, &OPTIONS).ok()?;
    let mut picture = Pixmap::new(width, height)?;
    let size = tree.size();
    let [across, down] = [width, height].map(|to| f32::from(u16::try_from(to).unwrap_or(u16::MAX)));
    let fitting = Transform::from_scale(across / size.width(), down / size.height());
    resvg::render(&tree, fitting, &mut picture.as_mut());
    Some(picture.encode_png().ok()?.into())
}
