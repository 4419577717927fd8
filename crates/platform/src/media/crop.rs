/// The part of a picture that is kept: its place in per cent of the space that is left, and its size in per cent of the largest part
/// of that shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    x: u32,
    y: u32,
    size: u32,
}

impl Default for Crop {
    /// Returns the largest part, from the middle.
    fn default() -> Self {
        Self { x: 50, y: 50, size: 100 }
    }
}

/// A part of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Crop {
    /// Reads the fields of a form; what is no number, or none of a part, is the middle or the whole.
    #[must_use]
    pub fn read(x: &str, y: &str, size: &str) -> Self {
        let number = |text: &str, otherwise: u32| text.trim().parse().unwrap_or(otherwise);
        Self {
            x: number(x, 50).min(100),
            y: number(y, 50).min(100),
            size: number(size, 100).clamp(10, 100),
        }
    }

    /// Returns the part of a picture of `from` pixels for one of `to`.
    pub(super) fn part(self, from: (u32, u32), to: (u32, u32)) -> Part {
        let (w, h) = (u64::from(from.0), u64::from(from.1));
        let (tw, th) = (u64::from(to.0), u64::from(to.1));
        let (width, height) =
            if w * th > h * tw { ((h * tw / th).max(1), h) } else { (w, (w * th / tw).max(1)) };
        let size = u64::from(self.size);
        let width = (width * size / 100).clamp(1, w);
        let height = (height * size / 100).clamp(1, h);
        let place = |space: u64, at: u32| u32::try_from(space * u64::from(at) / 100);
        Part {
            x: place(w - width, self.x).unwrap_or_default(),
            y: place(h - height, self.y).unwrap_or_default(),
            width: u32::try_from(width).unwrap_or(from.0),
            height: u32::try_from(height).unwrap_or(from.1),
        }
    }
}
