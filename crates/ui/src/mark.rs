//! The community's mark as a PNG, for emails, in which mailboxes show no SVG.

use bytes::Bytes;
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};

use crate::raster;

/// The name of the file. It is the same for every mark, so that emails that were sent before keep their picture.
pub(crate) const FILE: &str = "mark.png";
/// The width and the height in pixels, twice those in emails.
const SIDE: u16 = 60;
/// Guildhall's own mark.
pub(crate) const OWN: &str = include_str!("../assets/mark.svg");

/// Draws a mark, which is a PNG or an SVG file, in the middle of a square: Guildhall's own in place of a broken or absent one.
pub(crate) fn png(mark: Option<&[u8]>) -> Bytes {
    let own = || drawn(OWN.as_bytes());
    mark.and_then(drawn).or_else(own).unwrap_or_default()
}

fn drawn(mark: &[u8]) -> Option<Bytes> {
    let side = u32::from(SIDE);
    let mut square = Pixmap::new(side, side)?;
    if let Ok(picture) = Pixmap::decode_png(mark) {
        let fit = fitting(picture.width() as f32, picture.height() as f32);
        let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        square.draw_pixmap(0, 0, picture.as_ref(), &paint, fit, None);
    } else {
        let tree = raster::tree(mark)?;
        let fit = fitting(tree.size().width(), tree.size().height());
        resvg::render(&tree, fit, &mut square.as_mut());
    }
    Some(square.encode_png().ok()?.into())
}

/// Returns the change of size and place that fits a picture into the middle of the square.
fn fitting(width: f32, height: f32) -> Transform {
    let side = f32::from(SIDE);
    let scale = side / width.max(height);
    let [x, y] = [width, height].map(|length| (side - length * scale) / 2.0);
    Transform::from_row(scale, 0.0, 0.0, scale, x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether the left edge and the middle of a picture have color.
    fn colored(png: &[u8]) -> [bool; 2] {
        let picture = Pixmap::decode_png(png).expect("a PNG");
        assert_eq!((picture.width(), picture.height()), (60, 60));
        [1, 30].map(|x| picture.pixel(x, 30).is_some_and(|pixel| pixel.alpha() > 0))
    }

    #[test]
    fn a_mark_of_either_kind_is_in_the_middle() {
        let tall = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 20\">\
                     <path d=\"M0 0H10V20H0z\" fill=\"#15342a\"/></svg>";
        let from_svg = png(Some(tall));
        assert_eq!(colored(&from_svg), [false, true]);
        let mut wide = Pixmap::new(200, 100).expect("a picture");
        wide.fill(resvg::tiny_skia::Color::BLACK);
        let wide = wide.encode_png().expect("a PNG");
        assert_eq!(colored(&png(Some(&wide))), [true, true]);
    }

    #[test]
    fn a_broken_mark_is_guildhalls() {
        let own = png(None);
        assert!(own.len() < 4 * 1024, "{} bytes", own.len());
        for broken in [&b""[..], b"<svg>", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"] {
            assert_eq!(png(Some(broken)), own);
        }
    }
}
