//! The numbers behind a drawing.

const COLORS: [[&str; 3]; 4] = [
    ["#16463a", "#1f5f4c", "#4f8a73"],
    ["#1a3d60", "#2a5788", "#5d88b5"],
    ["#7a261b", "#a8402f", "#cf7a66"],
    ["#26302b", "#3d4943", "#728078"],
];
const METALS: [[&str; 3]; 2] =
    [["#f1dca4", "#dfb95f", "#b58a2a"], ["#f6f3e8", "#e2dfd0", "#b3b1a1"]];

/// The hatching of a tincture, in the order of the colors and then the metals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hatching {
    Vert,
    Azure,
    Gules,
    Sable,
    Or,
    Argent,
}

const HATCHINGS: [Hatching; 4] =
    [Hatching::Vert, Hatching::Azure, Hatching::Gules, Hatching::Sable];

/// The division of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Division {
    Plain,
    Pale,
    Fess,
    Bend,
    Chevron,
    Quarterly,
    Paly,
    Barry,
    Bendy,
    Wavy,
}

const DIVISIONS: [Division; 10] = [
    Division::Plain,
    Division::Pale,
    Division::Fess,
    Division::Bend,
    Division::Chevron,
    Division::Quarterly,
    Division::Paly,
    Division::Barry,
    Division::Bendy,
    Division::Wavy,
];

/// Returns the seed of a thing: FNV-1a of 32 bits of `KIND:SLUG`, which is never zero.
pub(super) fn seed(kind: &str, slug: &str) -> u32 {
    let bytes = kind.bytes().chain([b':']).chain(slug.bytes());
    let hash = bytes
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.max(1)
}

/// Draws numbers by xorshift32.
pub(super) struct Draw(u32);

impl Draw {
    /// Returns a number below `n`, which is not zero.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let mut x = self.0;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        self.0 = x;
        x % n
    }

    /// Returns a number below `n` as an index.
    pub(super) fn index(&mut self, n: u8) -> usize {
        usize::try_from(self.below(n.into())).unwrap_or_default()
    }

    /// Returns a number below `n` for a coordinate.
    pub(super) fn at(&mut self, n: u32) -> i32 {
        i32::try_from(self.below(n)).unwrap_or_default()
    }
}

/// The description of a drawing.
pub(super) struct Blazon {
    pub(super) color: [&'static str; 3],
    pub(super) color_hatching: Hatching,
    pub(super) metal: [&'static str; 3],
    metal_hatching: Hatching,
    pub(super) is_reversed: bool,
    pub(super) division: Division,
    pub(super) charge: usize,
    pub(super) count: u8,
}

/// The tones of a drawing.
pub(super) struct Tones {
    pub(super) ground: &'static str,
    pub(super) part: &'static str,
    pub(super) line: &'static str,
    pub(super) hatching: Hatching,
    /// The main tone of the charge.
    pub(super) main: &'static str,
    pub(super) second: &'static str,
}

impl Blazon {
    /// Draws what a thing's picture shows, in an order that never changes.
    pub(super) fn of(kind: &str, slug: &str) -> (Draw, Self) {
        let mut draw = Draw(seed(kind, slug));
        let color = draw.index(4);
        let metal = draw.index(2);
        let blazon = Self {
            color: COLORS[color],
            color_hatching: HATCHINGS[color],
            metal: METALS[metal],
            metal_hatching: [Hatching::Or, Hatching::Argent][metal],
            is_reversed: draw.below(3) == 0,
            division: DIVISIONS[draw.index(10)],
            charge: draw.index(12),
            count: [1, 1, 3][draw.index(3)],
        };
        (draw, blazon)
    }

    pub(super) fn tones(&self) -> Tones {
        let (color, metal) = (self.color, self.metal);
        let (ground, hatching, [main, second]) = if self.is_reversed {
            (metal, self.metal_hatching, [color[1], color[2]])
        } else {
            ([color[1], color[0], color[2]], self.color_hatching, [metal[0], metal[1]])
        };
        Tones { ground: ground[0], part: ground[1], line: ground[2], hatching, main, second }
    }
}
