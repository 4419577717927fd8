//! Drawn pictures for what has none of its own: the same kind and slug give the same picture forever. A seed of both draws a
//! tincture, a metal, a division of the field and a charge; a color never lies on a color, nor a metal on a metal, so each drawing
//! has contrast. A renamed thing keeps its first slug as the seed. They are SVG of presentation attributes only, and are served as
//! files, since the IDs in them would clash in a page.

mod charges;
mod draw;
mod ground;
mod shapes;
mod street;

use draw::Draw;
pub(crate) use shapes::escaped;
pub use shapes::{arms, field, person};
pub use street::{street, street_side};

/// The version of the drawings, which is part of their addresses. A change of any byte needs a new one.
pub const VERSION: u8 = 1;

/// The shape of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 16:9, for projects and submissions.
    Field,
    /// A shield, for communities, seasons, teams and schools.
    Arms,
    /// The initials of a person.
    Person,
    /// A banner, 3:1.
    Street,
}

impl Shape {
    /// Returns the shape with a name in an address.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "field" => Self::Field,
            "arms" => Self::Arms,
            "person" => Self::Person,
            "street" => Self::Street,
            _ => return None,
        })
    }

    /// Returns the name in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Arms => "arms",
            Self::Person => "person",
            Self::Street => "street",
        }
    }

    /// Draws the picture of a thing. `initials` are those of a person.
    #[must_use]
    pub fn drawn(self, kind: &str, slug: &str, initials: &str) -> String {
        match self {
            Self::Field => field(kind, slug),
            Self::Arms => arms(kind, slug),
            Self::Person => person(slug, initials),
            Self::Street => street(kind, slug),
        }
    }
}

/// Returns the first characters of the first two words of a name, in upper case.
#[must_use]
pub fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().next();
    let initials: String = name.split_whitespace().filter_map(first).take(2).collect();
    initials.to_uppercase()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn seeds_are_those_of_the_reference() {
        for (kind, slug, seed) in [
            ("hackathon", "spring-tide-jam", 0xa937_67c9_u32),
            ("submission", "lock-keeper", 0xefff_9cd3),
            ("project", "ropewalk", 0x61d8_1399),
            ("person", "ada-brill", 0x6075_9e38),
        ] {
            assert_eq!(draw::seed(kind, slug), seed, "{kind}:{slug}");
        }
    }

    #[test]
    fn drawings_have_the_bytes_of_the_reference() {
        for (shape, kind, slug, marks, digest) in DRAWN {
            let shape = Shape::named(shape).expect("a shape");
            let drawn = Sha256::digest(shape.drawn(kind, slug, marks));
            assert_eq!(hex::encode(&drawn[..8]), *digest, "{kind}:{slug}");
        }
    }

    #[test]
    fn any_slug_is_drawn_without_markup_of_its_own() {
        for slug in ["", "x", "<b>", "ünal", &"a".repeat(200)] {
            for shape in [Shape::Field, Shape::Arms, Shape::Person, Shape::Street] {
                let svg = shape.drawn("thing", slug, "<&");
                assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"), "{svg}");
                assert!(!svg.contains("<b>") && !svg.contains("<&"), "{svg}");
            }
        }
    }

    #[test]
    fn initials_are_the_first_characters_of_two_words() {
        for (name, expected) in [
            ("Ada Brill", "AB"),
            ("ada", "A"),
            ("", ""),
            (" Élan  de la Mer ", "ÉD"),
            ("日本", "日"),
        ] {
            assert_eq!(initials(name), expected);
        }
    }

    /// Shape, kind, slug, initials, and the first eight bytes of the drawing's SHA-256.
    const DRAWN: &[(&str, &str, &str, &str, &str)] = &[
        ("field", "submission", "lock-keeper", "LK", "78fd99aa03b507d6"),
        ("field", "project", "ropewalk", "R", "0be0ee233400f583"),
        ("field", "project", "thing-3-x21", "T3", "f33b45b0e8670499"),
        ("arms", "season", "spring-2026", "S2", "76f2c34abed110f9"),
        ("arms", "team", "bittern", "B", "63cb53c8f8d75f67"),
        ("person", "person", "ada-brill", "AB", "66d1fd6857165ea5"),
        ("person", "person", "ivor-nash", "IN", "99d555c3d6b9407b"),
        ("street", "hackathon", "spring-tide-jam", "ST", "4bee259eeb2cafb7"),
        ("street", "hackathon", "low-tide-hack", "LT", "d0eb8b10b48b0305"),
        ("street", "season", "autumn-2026", "A2", "39a74d8f0c52ed97"),
    ];
}
