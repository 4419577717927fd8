//! Fields, shields, and faces of initials.

use super::{
    charges::charge,
    draw::{Blazon, Division, Tones},
    ground::{division, hatch, n, wrap},
};

const SHIELD: &str = "M3 2H61V33C61 50 48 62 32 70 16 62 3 50 3 33z";

/// Returns a second part of a field, or the whole field if it is not divided, with its hatching.
fn divided(path: &str, part: &str, whole: &str) -> String {
    if path.is_empty() {
        return whole.to_owned();
    }
    format!("<path d=\"{path}\" fill=\"{part}\"/><path d=\"{path}\" fill=\"url(#h)\"/>")
}

/// Draws the picture of a project or a submission, 640 × 360.
#[must_use]
pub fn field(kind: &str, slug: &str) -> String {
    let (w, h) = (640, 360);
    let (mut draw, blazon) = Blazon::of(kind, slug);
    let Tones { ground, part, line, hatching, main, second } = blazon.tones();
    let path = division(blazon.division, w, h, &mut draw);
    let placed = |(x, y): (i32, i32), scale: &str| {
        let charge = charge(blazon.charge, main, second);
        format!("<g transform=\"translate({x} {y}) scale({scale})\">{charge}</g>")
    };
    let charges = if blazon.count == 1 {
        placed((320, 180), "2.3")
    } else {
        [(215, 118), (425, 118), (320, 254)].map(|at| placed(at, "1.15")).concat()
    };
    let hatched = format!("<rect width=\"{w}\" height=\"{h}\" fill=\"url(#h)\"/>");
    let body = format!(
        "<defs>{}</defs><rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/>{}{charges}",
        hatch(hatching, line, 1.0),
        divided(&path, part, &hatched),
    );
    wrap(w, h, &body)
}

/// Draws a mark on a shield, 64 × 72.
#[must_use]
pub fn arms(kind: &str, slug: &str) -> String {
    let (w, h) = (64, 72);
    let (mut draw, blazon) = Blazon::of(kind, slug);
    let Tones { ground, part, line, hatching, main, second } = blazon.tones();
    let path = division(blazon.division, w, h, &mut draw);
    let charge = charge(blazon.charge, main, second);
    let body = format!(
        "<defs>{}<clipPath id=\"s\"><path d=\"{SHIELD}\"/></clipPath></defs>\
         <g clip-path=\"url(#s)\"><path d=\"M0 0h64v72H0z\" fill=\"{ground}\"/>{}\
         <g transform=\"translate(32 33) scale(.46)\">{charge}</g></g>\
         <path d=\"{SHIELD}\" fill=\"none\" stroke=\"{main}\" stroke-width=\"2\"/>",
        hatch(hatching, line, 0.6),
        divided(&path, part, "<path d=\"M0 0h64v72H0z\" fill=\"url(#h)\"/>"),
    );
    wrap(w, h, &body)
}

/// Draws a person by their initials, 96 × 108, for a page that crops it to a shield.
#[must_use]
pub fn person(slug: &str, initials: &str) -> String {
    let (w, h) = (96, 108);
    let (mut draw, blazon) = Blazon::of("person", slug);
    let Tones { ground, part, main, .. } = blazon.tones();
    let calm = match blazon.division {
        Division::Plain | Division::Bendy => Division::Bend,
        Division::Paly => Division::Pale,
        Division::Barry | Division::Wavy => Division::Fess,
        other => other,
    };
    let path = division(calm, w, h, &mut draw);
    let marks = escaped(initials);
    let body = format!(
        "<rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/><path d=\"{path}\" fill=\"{part}\"/>\
         <text x=\"48\" y=\"66\" text-anchor=\"middle\" font-family=\"Palatino, Georgia, serif\" font-weight=\"600\" \
         font-size=\"{}\" fill=\"{main}\">{marks}</text>",
        n(40.0),
    );
    wrap(w, h, &body)
}

/// Escapes a text for an SVG document.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}
