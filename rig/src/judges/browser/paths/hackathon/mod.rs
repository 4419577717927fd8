//! A hackathon from nothing to the archive: an admin names a host, who announces two hackathons; people apply, wait for a
//! place, form teams and submit; pushes are witnessed; judges score criteria in one hackathon and order projects in the
//! other; results are published, a prize is handed over, and everyone finds the recap.
//!
//! The server's clock cannot be moved, so its dates are: the organizer moves those of the next phase to now by the form, as
//! organizers do when they are ahead of their schedule. Submissions end at the next full minute, for which everyone waits.

mod announcement;
mod application;
mod dates;
mod handover;
mod judging;
mod results;
mod submission;
mod team;

use anyhow::Result;

use super::Scene;
use crate::judges::browser::steps::part;

const ADMIN: &str = "pier-petra";
/// The host, who organizes both hackathons.
const HOST: &str = "quay-quentin";
/// The judges. The first one judges both hackathons.
const JUDGES: [&str; 2] = ["jury-jana", "jury-jonas"];
/// The leader of the team that wins, and its member who joins by its code.
const ADA: &str = "ada-aster";
const BO: &str = "bo-brine";
/// The leader of the other team, and its member who is invited.
const CY: &str = "cy-cove";
const DEE: &str = "dee-dune";
/// A person who withdraws.
const ELI: &str = "eli-estuary";
/// The first of the waitlist, who gets the place and submits old work.
const FAY: &str = "fay-fjord";
/// The second of the waitlist, who gets none.
const GUS: &str = "gus-gull";
/// The hackathon that is judged by criteria, and its address.
const NEAP: &str = "Neap Tide";
const NEAP_PATH: &str = "/hackathons/neap-tide";
/// The hackathon that is judged by an order of the projects.
const SPRING: &str = "Spring Tide";
/// The projects of the first hackathon.
const BERTHS: &str = "Gannet Berths";
const LOG: &str = "Petrel Log";
const OLD: &str = "Old Harbor";
/// The projects of the second hackathon, with the people who submit them.
const SPRING_PROJECTS: [(&str, &str); 3] = [(BO, "Buoy"), (GUS, "Beacon"), (ELI, "Sounding")];
const PRIZE: &str = "Harbor prize";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    announcement::prepare(scene).await?;
    announcement::announce(scene).await?;
    application::apply(scene).await?;
    team::form(scene).await?;
    submission::submit(scene).await?;
    judging::judge(scene).await?;
    results::publish(scene).await?;
    handover::hand_over(scene).await?;
    results::find_recaps(scene).await?;
    results::archive(scene).await
}

impl Scene {
    /// Goes to the page of a hackathon.
    async fn go_to_hackathon(&mut self, title: &str) -> Result<()> {
        let driver = &mut self.driver;
        driver.follow_in(&part("Main"), "Events").await?;
        driver.follow("All hackathons").await?;
        driver.lands("Hackathons").await?;
        driver.follow(title).await?;
        driver.lands(title).await
    }

    /// Goes to a page on which the signed-in host manages a hackathon.
    async fn go_to_tab(&mut self, title: &str, tab: &str) -> Result<()> {
        self.go_to_hackathon(title).await?;
        let driver = &mut self.driver;
        driver.follow("Manage").await?;
        driver.lands(&format!("Edit {title}")).await?;
        driver.follow_in(&part(&format!("Manage {title}")), tab).await
    }

    /// Signs in as a person, and goes to the page of a hackathon.
    async fn visit(&mut self, login: &str, title: &str) -> Result<()> {
        self.become_person(login).await?;
        self.go_to_hackathon(title).await
    }
}
