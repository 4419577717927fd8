//! The drawn faces of the demo's people.

use bytes::Bytes;

/// The drawings by name.
const FACES: [(&str, &str); 43] = [
    ("amara-delacroix", include_str!("faces/amara-delacroix.svg")),
    ("anouk-brandvold", include_str!("faces/anouk-brandvold.svg")),
    ("anselm-okoro", include_str!("faces/anselm-okoro.svg")),
    ("bea-okonjo-reyes", include_str!("faces/bea-okonjo-reyes.svg")),
    ("bram-ostrander", include_str!("faces/bram-ostrander.svg")),
    ("dario-whitlock", include_str!("faces/dario-whitlock.svg")),
    ("dina-solheim", include_str!("faces/dina-solheim.svg")),
    ("emeka-strand", include_str!("faces/emeka-strand.svg")),
    ("hanne-brightwater", include_str!("faces/hanne-brightwater.svg")),
    ("idris-calloway", include_str!("faces/idris-calloway.svg")),
    ("ines-halloran", include_str!("faces/ines-halloran.svg")),
    ("ji-woo-carrow", include_str!("faces/ji-woo-carrow.svg")),
    ("jonah-quist", include_str!("faces/jonah-quist.svg")),
    ("juno-takeda-ruiz", include_str!("faces/juno-takeda-ruiz.svg")),
    ("kofi-adelmann", include_str!("faces/kofi-adelmann.svg")),
    ("kofi-ellingham", include_str!("faces/kofi-ellingham.svg")),
    ("leo-marchetti", include_str!("faces/leo-marchetti.svg")),
    ("lucia-farrow", include_str!("faces/lucia-farrow.svg")),
    ("lukas-ferreira-holt", include_str!("faces/lukas-ferreira-holt.svg")),
    ("marek-aldous", include_str!("faces/marek-aldous.svg")),
    ("marit-solberg-hayes", include_str!("faces/marit-solberg-hayes.svg")),
    ("mei-lin-castor", include_str!("faces/mei-lin-castor.svg")),
    ("milo-sandoval-frey", include_str!("faces/milo-sandoval-frey.svg")),
    ("mina-castellane", include_str!("faces/mina-castellane.svg")),
    ("noor-hadjiev", include_str!("faces/noor-hadjiev.svg")),
    ("noor-pemberley", include_str!("faces/noor-pemberley.svg")),
    ("oluchi-brandt", include_str!("faces/oluchi-brandt.svg")),
    ("orrin-maddocks", include_str!("faces/orrin-maddocks.svg")),
    ("ottilie-vance", include_str!("faces/ottilie-vance.svg")),
    ("pia-novak-hale", include_str!("faces/pia-novak-hale.svg")),
    ("piet-vandermolen", include_str!("faces/piet-vandermolen.svg")),
    ("pilar-quist", include_str!("faces/pilar-quist.svg")),
    ("ravi-tolland", include_str!("faces/ravi-tolland.svg")),
    ("rufus-achterberg", include_str!("faces/rufus-achterberg.svg")),
    ("salma-eriksen", include_str!("faces/salma-eriksen.svg")),
    ("saskia-oyelaran", include_str!("faces/saskia-oyelaran.svg")),
    ("sefa-whitlock", include_str!("faces/sefa-whitlock.svg")),
    ("teo-marchetti-lund", include_str!("faces/teo-marchetti-lund.svg")),
    ("thea-lindgren", include_str!("faces/thea-lindgren.svg")),
    ("thea-lindqvist", include_str!("faces/thea-lindqvist.svg")),
    ("tomasz-verrill", include_str!("faces/tomasz-verrill.svg")),
    ("wren-abara", include_str!("faces/wren-abara.svg")),
    ("yusra-kettering", include_str!("faces/yusra-kettering.svg")),
];

/// The edge of a portrait as it is stored, in pixels.
const EDGE: u32 = 256;

/// Returns a face as a square picture; `None` if no face has the name.
pub(super) fn picture(name: &str) -> Option<Bytes> {
    let (_, drawing) = FACES.iter().find(|(known, _)| *known == name)?;
    ui::preview::raster(&widened(drawing), EDGE, EDGE)
}

/// Puts a drawing, which is narrower than high, on a square of its ground.
fn widened(drawing: &str) -> String {
    let (edge, left) = if drawing.contains("viewBox=\"0 0 64 72\"") { (72, 4) } else { (108, 6) };
    let ground = drawing.split("fill=\"").nth(1).and_then(|rest| rest.split('"').next());
    let ground = ground.unwrap_or("#e3c478");
    let drawing = drawing.replacen("<svg ", &format!("<svg x=\"{left}\" "), 1);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{edge}\" height=\"{edge}\">\
         <rect width=\"{edge}\" height=\"{edge}\" fill=\"{ground}\"/>{drawing}</svg>"
    )
}
