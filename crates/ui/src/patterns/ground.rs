//! Divisions of a field, hatchings, and the numbers in them.

use std::fmt::Write as _;

use super::{
    Draw,
    draw::{Division, Hatching},
};

/// Formats a number with at most two digits after the point.
pub(super) fn n(x: f64) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns the pattern of a hatching, for fills by the ID `h`.
pub(super) fn hatch(hatching: Hatching, stroke: &str, scale: f64) -> String {
    let line = |path: String, width: f64| {
        format!("<path d=\"{path}\" stroke=\"{stroke}\" stroke-width=\"{}\"/>", n(width * scale))
    };
    let (one, six) = (n(scale), n(6.0 * scale));
    let turn = " patternTransform=\"rotate(45)\"";
    let (step, body, turn) = match hatching {
        Hatching::Azure => (6.0, line(format!("M0 {one}H{six}"), 1.2), ""),
        Hatching::Gules => (6.0, line(format!("M{one} 0V{six}"), 1.2), ""),
        Hatching::Vert => (6.0, line(format!("M{one} 0V{six}"), 1.2), turn),
        Hatching::Sable => (6.0, line(format!("M{one} 0V{six}M0 {one}H{six}"), 1.0), ""),
        Hatching::Or => {
            let (at, radius) = (n(2.0 * scale), n(1.1 * scale));
            let dot = format!("<circle cx=\"{at}\" cy=\"{at}\" r=\"{radius}\" fill=\"{stroke}\"/>");
            (7.0, dot, "")
        }
        Hatching::Argent => (14.0, line(format!("M{one} 0V{}", n(14.0 * scale)), 1.0), turn),
    };
    let side = n(step * scale);
    format!(
        "<pattern id=\"h\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\"{turn}>{body}</pattern>"
    )
}

/// Returns the path of the second part of a field.
pub(super) fn division(division: Division, w: i32, h: i32, draw: &mut Draw) -> String {
    let (width, height) = (f64::from(w), f64::from(h));
    let (half_w, half_h) = (w / 2, h / 2);
    match division {
        Division::Plain => String::new(),
        Division::Pale => format!("M{half_w} 0H{w}V{h}H{half_w}z"),
        Division::Fess => format!("M0 {}H{w}V{h}H0z", n(height * 0.62)),
        Division::Bend => format!("M0 0L{w} {h}H0z"),
        Division::Chevron => format!("M0 {h}L{half_w} {}L{w} {h}z", n(height * 0.3)),
        Division::Quarterly => {
            format!("M{half_w} 0H{w}V{half_h}H{half_w}zM0 {half_h}H{half_w}V{h}H0z")
        }
        Division::Paly => {
            let count = 7 + 2 * draw.at(2);
            let part = width / f64::from(count);
            every_second(count, |i| {
                format!("M{} 0h{}v{h}h{}z", n(f64::from(i) * part), n(part), n(-part))
            })
        }
        Division::Barry => {
            let count = 6 + 2 * draw.at(2);
            let part = height / f64::from(count);
            every_second(count, |i| format!("M0 {}h{w}v{}H0z", n(f64::from(i) * part), n(part)))
        }
        Division::Bendy => bendy(w, h, width / f64::from(5 + draw.at(3))),
        Division::Wavy => wavy(width / 8.0, height / 6.0),
    }
}

fn every_second(count: i32, part: impl Fn(i32) -> String) -> String {
    (1..count).step_by(2).map(part).collect()
}

fn bendy(w: i32, h: i32, part: f64) -> String {
    let mut path = String::new();
    let mut i = 0;
    while f64::from(i) * (part * 2.0) <= f64::from(w + 2 * h) {
        let from = n(f64::from(i) * part * 2.0 - f64::from(h));
        // Writing into memory does not fail.
        write!(path, "M{from} {h}l{h}-{h}h{}l-{h} {h}z", n(part)).ok();
        i += 1;
    }
    path
}

fn wavy(part: f64, height: f64) -> String {
    let wave = |part: f64, rise: f64| {
        let again = format!("t{} 0", n(part)).repeat(7);
        format!("q{} {} {} 0{again}", n(part / 2.0), n(rise), n(part))
    };
    every_second(6, |i| {
        let (up, down) = (wave(part, -height * 0.7), wave(-part, height * 0.7));
        format!("M0 {}{up}v{}{down}z", n(f64::from(i) * height), n(height))
    })
}

/// Completes a drawing: numbers without zeros at their ends, and a line for each element.
pub(super) fn wrap(w: i32, h: i32, body: &str) -> String {
    let body = without_zeros(body).replace("><", ">\n<");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n{body}\n</svg>\n"
    )
}

fn without_zeros(body: &str) -> String {
    let mut parts = body.split('.');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (fraction, rest) = part.split_at(digits);
        let kept = if rest.is_empty() { fraction } else { fraction.trim_end_matches('0') };
        if !kept.is_empty() || fraction.is_empty() {
            out.push('.');
        }
        out.push_str(kept);
        out.push_str(rest);
    }
    out
}
