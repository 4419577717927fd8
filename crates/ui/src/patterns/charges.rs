//! The charges, on a box from -50 to 50.

use super::ground::n;

/// The points of a star with eight rays, outer and inner in turn, and their distances from the middle.
const STAR: [f64; 2] = [48.0, 19.0];

const GABLE: &str = "<path fill=\"{p}\" d=\"M-38 46V2h10v-14h10v-14h10v-14H-4v-8H4v8H8v14h10v14h10V2h10v44z\"/>\
    <path fill=\"{q}\" d=\"M-9 46V26a9 9 0 0 1 18 0v20zM-26 8h10v14h-10zM16 8h10v14H16zM-5-18H5V-4H-5z\"/>";
const TOWER: &str = "<path fill=\"{p}\" d=\"M-30 46l5-52h-7v-34h12v10h8v-10h8v10h8v-10h8v10h8v-10h12v34h-7l5 52z\"/>\
    <path fill=\"{q}\" d=\"M-9 46V24a9 9 0 0 1 18 0v22zM-4-14h8V6h-8z\"/>";
const BRIDGE: &str = "<path fill=\"{p}\" d=\"M-50-6Q0-34 50-6v40h-8V25a11 11 0 0 0-22 0v9h-8V20a12 15 0 0 0-24 0v14h-8V25a11 11 0 0 0-22 0v9h-8z\"/>\
    <path fill=\"{q}\" d=\"M-50 36h100v8H-50zM-50-12Q0-42 50-12v5Q0-36-50-7z\"/>";
const BOAT: &str = "<path fill=\"{p}\" d=\"M-46 20h92q-6 24-22 24h-48q-16 0-22-24zM-2-46h5v60h-5z\"/>\
    <path fill=\"{p}\" d=\"M-8-40v50h-34q4-34 34-50z\"/>\
    <path fill=\"{q}\" d=\"M8-42v52h32Q36-26 8-42zM-42 28h84l-3 5h-78z\"/>";
const SUN: &str = "<circle r=\"25\" fill=\"{p}\"/><circle r=\"17\" fill=\"{q}\"/>\
    <circle r=\"17\" fill=\"none\" stroke=\"{p}\" stroke-width=\"0\"/>";
const CRESCENT: &str = "<path fill=\"{p}\" d=\"M-32-34A46 46 0 1 0 32-34 32 32 0 1 1-32-34z\"/>\
    <circle r=\"7\" cy=\"-14\" fill=\"{q}\"/>";
const LOZENGE: &str = "<path fill=\"{p}\" d=\"M0-48L34 0 0 48-34 0z\"/><path fill=\"{q}\" d=\"M0-24L17 0 0 24-17 0z\"/>";
const RING: &str = "<g fill=\"none\" stroke-width=\"10\"><circle cx=\"-18\" cy=\"12\" r=\"25\" stroke=\"{p}\"/>\
    <circle cx=\"18\" cy=\"12\" r=\"25\" stroke=\"{q}\"/><path stroke=\"{p}\" d=\"M-1.500 31A25 25 0 0 1-18 37\"/>\
    <circle cx=\"0\" cy=\"-18\" r=\"25\" stroke=\"{p}\"/></g>";
const TREE: &str = "<path fill=\"{q}\" d=\"M-5 6H5v38h12v5h-34v-5h12z\"/><circle cy=\"-24\" r=\"24\" fill=\"{p}\"/>\
    <circle cx=\"-21\" cy=\"2\" r=\"21\" fill=\"{p}\"/><circle cx=\"21\" cy=\"2\" r=\"21\" fill=\"{p}\"/>\
    <circle cy=\"-12\" r=\"6\" fill=\"{q}\"/><circle cx=\"-17\" cy=\"6\" r=\"5\" fill=\"{q}\"/>\
    <circle cx=\"17\" cy=\"6\" r=\"5\" fill=\"{q}\"/>";
const KEY: &str = "<g fill=\"none\" stroke=\"{p}\" stroke-width=\"10\"><circle cy=\"-26\" r=\"17\"/><path d=\"M0-9v57\"/></g>\
    <path fill=\"{p}\" d=\"M0 22h22v9H0zM0 38h28v9H0z\"/><circle cy=\"-26\" r=\"6\" fill=\"{q}\"/>";

/// Draws the charge with a number in its main and its second tone.
pub(super) fn charge(number: usize, main: &str, second: &str) -> String {
    let template = match number {
        0 => GABLE.to_owned(),
        1 => TOWER.to_owned(),
        2 => BRIDGE.to_owned(),
        3 => BOAT.to_owned(),
        4 => rays() + SUN,
        5 => CRESCENT.to_owned(),
        6 => star(),
        7 => LOZENGE.to_owned(),
        8 => RING.to_owned(),
        9 => waves(),
        10 => TREE.to_owned(),
        _ => KEY.to_owned(),
    };
    template.replace("{p}", main).replace("{q}", second)
}

fn rays() -> String {
    let ray = |i: i32| {
        let turn = i * 30;
        format!("<path fill=\"{{p}}\" d=\"M-6-28L0-50l6 22z\" transform=\"rotate({turn})\"/>")
    };
    (0..12).map(ray).collect()
}

fn star() -> String {
    let point = |i: u8| {
        let angle = f64::from(i) * std::f64::consts::PI / 8.0;
        let distance = STAR[usize::from(i % 2)];
        format!("{},{}", n(distance * angle.sin()), n(-distance * angle.cos()))
    };
    let points: Vec<String> = (0..16).map(point).collect();
    format!(
        "<polygon fill=\"{{p}}\" points=\"{}\"/><circle r=\"9\" fill=\"{{q}}\"/>",
        points.join(" ")
    )
}

fn waves() -> String {
    let wave = |(tone, y): (&str, i32)| {
        format!(
            "<path fill=\"none\" stroke=\"{tone}\" stroke-width=\"11\" d=\"M-50 {y}q12.500-16 25 0t25 0 25 0 25 0\"/>"
        )
    };
    [("{p}", -24), ("{q}", 0), ("{p}", 24)].map(wave).concat()
}
