//! The pictures of the demo's hackathons and projects, which their organizer and their teams set.

use identity::{demo::Drawing, model::UserId};
use platform::{Context, media::Prepared, module::Pictured};

use super::allowed;
use crate::{actions::PICTURED, model::SubmissionId, reads};

/// The pictures of hackathons, by slug. The others are drawn.
const BANNERS: [(&str, Drawing); 9] = [
    (
        "buoy-jam",
        Drawing {
            svg: include_str!("drawings/buoy-jam.svg"),
            shows: "A copper diving helmet among kelp",
        },
    ),
    (
        "low-tide-hack",
        Drawing {
            svg: include_str!("drawings/low-tide-hack.svg"),
            shows: "A fishing boat at low tide below the gables of a harbor town",
        },
    ),
    (
        "lighthouse-days",
        Drawing {
            svg: include_str!("drawings/lighthouse-days.svg"),
            shows: "A sailing boat between a row of gables and a lighthouse",
        },
    ),
    (
        "harbor-lights",
        Drawing {
            svg: include_str!("drawings/harbor-lights.svg"),
            shows: "A lighthouse and lit windows by night",
        },
    ),
    (
        "ebb-days",
        Drawing {
            svg: include_str!("drawings/ebb-days.svg"),
            shows: "Six people with laptops at a long table in a net loft",
        },
    ),
    (
        "equinox-hack",
        Drawing {
            svg: include_str!("drawings/equinox-hack.svg"),
            shows: "Apple trees and a harvest table below a low sun",
        },
    ),
    (
        "fog-signal-jam",
        Drawing {
            svg: include_str!("drawings/fog-signal-jam.svg"),
            shows: "A lighthouse above banks of fog",
        },
    ),
    (
        "neap-tide-hack",
        Drawing {
            svg: include_str!("drawings/neap-tide-hack.svg"),
            shows: "A tide clock on the wall of a quay",
        },
    ),
    (
        "spring-tide-hack",
        Drawing {
            svg: include_str!("drawings/spring-tide-hack.svg"),
            shows: "A sailing boat at sunset",
        },
    ),
];

/// The pictures of the projects, in their order.
const POSTERS: [Drawing; 5] = [
    Drawing {
        svg: include_str!("drawings/gannet.svg"),
        shows: "Boats at their berths, from above",
    },
    Drawing {
        svg: include_str!("drawings/storm-petrels.svg"),
        shows: "Two radios that talk to each other",
    },
    Drawing {
        svg: include_str!("drawings/slack-water.svg"),
        shows: "A clock whose hands point at high and low water",
    },
    Drawing { svg: include_str!("drawings/berth-bell.svg"), shows: "A brass bell that rings" },
    Drawing {
        svg: include_str!("drawings/pocket-chart.svg"),
        shows: "A sea chart with a course into a harbor",
    },
];

/// The place of the picture that someone reports.
const REPORTED: usize = 1;

fn kind(name: &str) -> &'static Pictured {
    PICTURED.iter().find(|kind| kind.kind == name).expect("a kind of this module")
}

/// Lets the organizer set the picture of a hackathon, if there is one for it.
pub(super) async fn announce(
    context: &Context,
    organizer: UserId,
    slug: &str,
) -> anyhow::Result<()> {
    let drawing = BANNERS.iter().find(|(of, _)| *of == slug).map(|(_, drawing)| drawing);
    let hackathon = reads::hackathon(&context.db, slug).await?;
    if let Some((drawing, hackathon)) = drawing.zip(hackathon) {
        let kind = kind("hackathon");
        let picture = drawing.prepared(kind.used).await?;
        let thing = (kind, hackathon.id);
        identity::demo::hang(context, organizer, thing, (&picture, drawing.shows)).await?;
    }
    Ok(())
}

/// The pictures of the projects, which several hackathons show.
pub(super) struct Posters(Vec<Prepared>);

impl Posters {
    pub(super) async fn prepare() -> anyhow::Result<Self> {
        let mut prepared = Vec::new();
        for poster in POSTERS {
            prepared.push(poster.prepared(kind("submission").used).await?);
        }
        Ok(Self(prepared))
    }

    /// Returns the hash of the picture that someone reports.
    pub(super) fn reported(&self) -> &str {
        &self.0[REPORTED].hash
    }

    /// Lets the person who submitted a project set its picture, unless the job that freezes submissions was faster.
    pub(super) async fn hang(
        &self,
        context: &Context,
        by: UserId,
        (place, submission): (usize, SubmissionId),
    ) -> anyhow::Result<()> {
        let thing = (kind("submission"), submission.0);
        let picture = (&self.0[place], POSTERS[place].shows);
        allowed(identity::demo::hang(context, by, thing, picture).await)?;
        Ok(())
    }
}
