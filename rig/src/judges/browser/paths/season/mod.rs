//! A season from nothing: an organizer founds it, people take part, a maintainer reviews, a contributor contests points
//! as far as an appeal, and the organizer signs off results that anyone can read, download and print.
//!
//! The server's clock cannot be moved, and results can only be final when the facts of their pull requests are, which
//! takes 7 days after the last day. So GitHub's clock is behind while people open and merge what counts in the end, and
//! the organizer moves the last day back when it is time to sign off.

mod closing;
mod dispute;
mod founding;
mod participation;
mod results;

use anyhow::Result;
use serde_json::json;

use super::{Scene, called};
use crate::judges::browser::steps::part;

/// An admin.
const ORGANIZER: &str = "season-sage";
/// The owner of the repository, who is also a moderator.
const MAINTAINER: &str = "beacon-bo";
const MODERATOR: &str = "fair-faye";
/// The contributor who contests points, and wins.
const LINA: &str = "lamp-lina";
/// The contributor whose work is rated.
const WILL: &str = "wick-will";
const REPOSITORY: &str = "beacon-bo/beacon";
const SEASON: &str = "Lantern Autumn";
/// The title of a pull request from before the repository was registered.
const FIRST: &str = "Light the beacon";
/// The title of the pull request whose points are contested.
const CONTESTED: &str = "Shield the flame from wind";
/// The title of the pull request that is reviewed here.
const REVIEWED: &str = "Polish the lens";
/// The points that the appeal grants: more than the others can earn.
const GRANTED: &str = "150";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    let today = founding::prepare(scene).await?;
    founding::found(scene, today).await?;
    participation::take_part(scene).await?;
    dispute::contest(scene).await?;
    closing::close(scene, today).await?;
    results::read(scene).await
}

impl Scene {
    /// Changes a setting of the simulated GitHub.
    async fn set_github(&self, name: &str, value: u32) -> Result<()> {
        self.github.change("/_switches", &json!({ name: value })).await
    }

    /// Lets the maintainer merge a pull request, given its path in GitHub's API.
    async fn merge(&self, pull: &str) -> Result<()> {
        self.next_second().await;
        let merge = format!("{pull}/merge");
        let nothing = json!({});
        let merged = self.github.act(MAINTAINER, ("PUT", &merge), &nothing);
        merged.await.map(drop)
    }

    /// Goes to the page of the season.
    async fn go_to_season(&mut self) -> Result<()> {
        let driver = &mut self.driver;
        driver.follow_in(&part("Main"), "Events").await?;
        driver.follow("All seasons").await?;
        driver.lands("Seasons").await?;
        driver.follow(SEASON).await?;
        driver.lands(SEASON).await
    }
}
