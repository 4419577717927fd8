//! The pictures of the demo's projects, which a maintainer of each sets.

use anyhow::Context as _;
use identity::demo::{Drawing, hang};

use super::stage::DemoSeason;
use crate::{actions::PICTURED, reads};

/// The pictures of projects, by slug.
const PICTURES: [(&str, Drawing); 6] = [
    (
        "emberglass",
        Drawing {
            svg: include_str!("drawings/emberglass.svg"),
            shows: "A buoy that sends what it measures",
        },
    ),
    (
        "ferrywork",
        Drawing { svg: include_str!("drawings/ferrywork.svg"), shows: "A board of departures" },
    ),
    (
        "lanternfish",
        Drawing { svg: include_str!("drawings/lanternfish.svg"), shows: "A lit lantern" },
    ),
    (
        "mosswort",
        Drawing {
            svg: include_str!("drawings/mosswort.svg"),
            shows: "Four beds of a garden, from above",
        },
    ),
    (
        "quillbox",
        Drawing { svg: include_str!("drawings/quillbox.svg"), shows: "A quill and a written page" },
    ),
    (
        "tidewright",
        Drawing { svg: include_str!("drawings/tidewright.svg"), shows: "The curve of a tide" },
    ),
];

/// Lets maintainers set the pictures of their projects.
pub(super) async fn set(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let kind = PICTURED.first().context("projects have pictures")?;
    for (slug, drawing) in PICTURES {
        let own = stage.season.projects.iter().find(|project| project.slug == slug);
        let Some(maintainer) = own.and_then(|project| project.maintainers.first()) else {
            continue;
        };
        let project = reads::project(&stage.context.db, slug).await?;
        let project = project.context("the project was not registered")?;
        let picture = drawing.prepared(kind.used).await?;
        let by = stage.person(maintainer)?;
        hang(stage.context, by, (kind, project.id), (&picture, drawing.shows)).await?;
    }
    Ok(())
}
