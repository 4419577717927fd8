//! Banners: streets of stepped gables.

use super::{
    Draw,
    draw::Blazon,
    ground::{hatch, n, wrap},
};

const W: i32 = 1200;
const H: i32 = 400;
/// The height of the ground.
const BASE: i32 = H - 64;

/// The colors of a street.
struct Paint {
    color: [&'static str; 3],
    metal: [&'static str; 3],
    is_night: bool,
    walls: [&'static str; 5],
}

impl Paint {
    fn of(blazon: &Blazon) -> Self {
        let (c, m) = (blazon.color, blazon.metal);
        let walls = if blazon.is_reversed {
            [c[2], m[1], m[2], "#3a4640", c[1]]
        } else {
            [c[1], c[2], m[1], "#cfcab8", c[0]]
        };
        Self { color: c, metal: m, is_night: blazon.is_reversed, walls }
    }

    /// Returns the first for the day, the second for the night.
    fn by_day(&self, day: &'static str, night: &'static str) -> &'static str {
        if self.is_night { night } else { day }
    }
}

/// A gable with its walls.
struct Gable {
    x: f64,
    width: i32,
    height: i32,
    steps: i32,
    rise: i32,
    wall: &'static str,
}

/// Draws a banner, 1200 × 400.
#[must_use]
pub fn street(kind: &str, slug: &str) -> String {
    let (mut draw, blazon) = Blazon::of(kind, slug);
    let paint = Paint::of(&blazon);
    let mut body = format!("<defs>{}</defs>", hatch(blazon.color_hatching, "#17211c", 1.0));
    body += &sky(&paint, &mut draw);
    body += &gables(&paint, &mut draw);
    body += &water(&paint, &mut draw);
    wrap(W, H, &body)
}

/// Draws the middle of the sun or the moon, from the left, and its radius.
fn sun(draw: &mut Draw) -> (i32, i32) {
    (120 + draw.at(960), 34 + draw.at(26))
}

/// Returns the class of a banner of which a part of the width is shown, so that its sun or moon is whole; empty for the middle.
#[must_use]
pub fn street_side(kind: &str, slug: &str) -> &'static str {
    let (mut draw, _) = Blazon::of(kind, slug);
    match sun(&mut draw).0 {
        ..500 => "at-left",
        500..700 => "",
        _ => "at-right",
    }
}

fn sky(paint: &Paint, draw: &mut Draw) -> String {
    let (color, metal) = (paint.color, paint.metal);
    let (x, radius) = sun(draw);
    let y = 90 + draw.at(60);
    let hills = [-40 - draw.at(40), -draw.at(20), -draw.at(30), 20 + draw.at(20)];
    let [rise, first, second, third] = hills;
    format!(
        "<rect width=\"{W}\" height=\"{H}\" fill=\"{}\"/>\
         <circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>\
         <path d=\"M0 {}q200 {rise} 400 {first}t400 {second} 400 {third}V{BASE}H0z\" fill=\"{}\"/>",
        paint.by_day(metal[0], color[0]),
        paint.by_day(metal[1], metal[0]),
        BASE - 70,
        paint.by_day(metal[1], color[1]),
    )
}

fn gables(paint: &Paint, draw: &mut Draw) -> String {
    let mut body = String::new();
    let mut x = f64::from(-20 - draw.at(40));
    let first_wall = draw.index(5);
    let large = 3 + draw.at(5);
    let mut number = 0_i32;
    while x < f64::from(W) {
        let is_large = number == large;
        let mut width = 66 + 2 * draw.at(24);
        let mut height = 84 + draw.at(70);
        let mut steps = 2 + draw.at(3);
        if is_large {
            (width, height, steps) = (170, 150, 5);
        }
        let has_gap = draw.below(6) == 0 && !is_large;
        let turn = usize::try_from(number * 2).unwrap_or_default();
        let wall = paint.walls[(first_wall + turn + draw.index(2)) % 5];
        let rise = 13 + draw.at(5);
        body += &gable(paint, &Gable { x, width, height, steps, rise, wall });
        x += f64::from(width);
        if has_gap {
            body += &tree(paint, x);
            x += 46.0;
        }
        number += 1;
    }
    body
}

fn gable(paint: &Paint, gable: &Gable) -> String {
    let &Gable { x, width, height, steps, rise, wall } = gable;
    let (w, top) = (f64::from(width), BASE - height);
    let step = w / f64::from(2 * steps + 1);
    let times = usize::try_from(steps).unwrap_or_default();
    let up = format!("h{}v-{rise}", n(step)).repeat(times);
    let down = format!("v{rise}h{}", n(step)).repeat(times);
    let outline = format!("M{} {BASE}V{top}{up}h{}{down}V{BASE}z", n(x), n(step));
    let shade = format!("M{} {BASE}V{top}H{}V{BASE}z", n(x + w - step * 1.4), n(x + w));
    let columns = (width / 30).max(2);
    let column = (w - 20.0) / f64::from(columns);
    let windows = windows(gable, columns, column);
    let entry = x + 10.0 + f64::from(columns / 2) * column + column * 0.15;
    let entry =
        format!("M{} {BASE}v-26q{}-12 {} 0v26z", n(entry), n(column * 0.35), n(column * 0.7));
    let wood = if wall == paint.color[0] { paint.metal[1] } else { paint.color[0] };
    format!(
        "<path d=\"{outline}\" fill=\"{wall}\"/><path d=\"{shade}\" fill=\"url(#h)\" fill-opacity=\".45\"/>\
         <path d=\"{windows}\" fill=\"{}\"/><path d=\"{entry}\" fill=\"{wood}\"/>",
        paint.by_day("#22312b", paint.metal[0]),
    )
}

fn windows(gable: &Gable, columns: i32, column: f64) -> String {
    let &Gable { x, width, height, steps, rise, .. } = gable;
    let floors = (height / 40).max(2);
    let mut paths = Vec::new();
    for floor in 0..floors {
        let shift = f64::from(floor) * f64::from(height - 16) / f64::from(floors);
        let y = f64::from(BASE - height + 12) + shift;
        for place in 0..columns {
            if floor == floors - 1 && place == columns / 2 {
                continue;
            }
            let left = x + 10.0 + f64::from(place) * column + column * 0.22;
            let wide = column * 0.56;
            paths.push(format!("M{} {}h{}v20h{}z", n(left), n(y), n(wide), n(-wide)));
        }
    }
    let y = f64::from(BASE - height) - f64::from(rise * steps) * 0.55;
    paths.push(format!("M{} {}h10v16h-10z", n(x + f64::from(width) / 2.0 - 5.0), n(y)));
    paths.concat()
}

fn tree(paint: &Paint, x: f64) -> String {
    format!(
        "<path d=\"M{} {}h6v46h-6z\" fill=\"#4b3a2a\"/><circle cx=\"{}\" cy=\"{}\" r=\"26\" fill=\"{}\"/>",
        n(x + 19.0),
        BASE - 46,
        n(x + 22.0),
        BASE - 62,
        paint.by_day(paint.color[1], paint.color[2]),
    )
}

fn water(paint: &Paint, draw: &mut Draw) -> String {
    let mut waves = Vec::new();
    for row in 0..4 {
        for _ in 0..5 {
            let x = draw.at(1200);
            let length = 30 + draw.at(90);
            waves.push(format!("M{x} {}h{length}", BASE + 22 + row * 9));
        }
    }
    let waves = waves.concat();
    let [deep, _, light] = paint.color;
    format!(
        "<path d=\"M0 {BASE}H{W}V{H}H0z\" fill=\"{deep}\"/><path d=\"M0 {BASE}H{W}V{}H0z\" fill=\"{}\"/>\
         <path d=\"{waves}\" stroke=\"{light}\" stroke-width=\"2\" fill=\"none\"/>",
        BASE + 8,
        paint.metal[1],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sun_is_whole_in_the_part_that_is_shown() {
        // The width of a banner of 3:1 that is shown at 16:9.
        let shown = 711;
        for number in 0..200 {
            let slug = format!("event-{number}");
            let (mut draw, _) = Blazon::of("hackathon", &slug);
            let (x, radius) = sun(&mut draw);
            let left = match street_side("hackathon", &slug) {
                "at-left" => 0,
                "at-right" => W - shown,
                _ => (W - shown) / 2,
            };
            assert!(x - radius >= left && x + radius <= left + shown, "{slug}: {x} {radius}");
        }
    }
}
