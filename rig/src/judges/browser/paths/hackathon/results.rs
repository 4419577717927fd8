//! The organizer chooses the winner and publishes the results; everyone who took part finds the recap, and the winners stay.

use anyhow::Result;

use super::{
    ADA, ADMIN, BERTHS, BO, CY, DEE, FAY, GUS, HOST, LOG, NEAP, OLD, PRIZE, SPRING, Scene,
};
use crate::judges::browser::steps::{part, row};

/// The people who had a place.
const MEMBERS: [&str; 5] = [ADA, BO, CY, DEE, FAY];
/// The sentence about the results in inboxes.
const RECAP: &str = "The results of Neap Tide are published";

/// The field of the reason to publish although a team appeals.
const APPEAL: &str = "Reason to publish nevertheless: Open appeals";

/// Takes the steps until the results of both hackathons are published.
pub(super) async fn publish(scene: &mut Scene) -> Result<()> {
    approve_points(scene).await?;
    scene.become_person(HOST).await?;
    choose_winner(scene).await?;
    award(scene).await?;
    keep_secret(scene).await?;
    scene.become_person(HOST).await?;
    scene.go_to_tab(NEAP, "Results").await?;
    scene.driver.fill("Results", "**Gannet Berths** wins.").await?;
    scene.driver.press("Publish results").await?;
    // The reason is asked for, and what was typed stays.
    scene.driver.sees("Open appeals: Old Harbor").await?;
    scene.driver.fill(APPEAL, "The team was heard.").await?;
    publish_results(scene, NEAP).await?;
    scene.go_to_tab(SPRING, "Results").await?;
    scene.driver.fill("Results", "**Sounding** wins.").await?;
    publish_results(scene, SPRING).await?;
    read_as_participant(scene).await
}

/// The admin lets the results give points.
async fn approve_points(scene: &mut Scene) -> Result<()> {
    scene.become_person(ADMIN).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Admin").await?;
    driver.follow_in(&part("Admin"), "Events and hosts").await?;
    driver.follow_in(&row(NEAP), "Approve points").await?;
    driver.lands(&format!("Points of {NEAP}")).await?;
    driver.press("Approve points").await?;
    driver.sees("The points are approved").await
}

async fn choose_winner(scene: &mut Scene) -> Result<()> {
    scene.go_to_tab(NEAP, "Submissions").await?;
    let driver = &mut scene.driver;
    driver.follow(BERTHS).await?;
    driver.lands(BERTHS).await?;
    driver.press("Winner").await?;
    driver.sees("Gannet Berths is a winner. It shows once results are published").await
}

async fn award(scene: &mut Scene) -> Result<()> {
    scene.go_to_tab(NEAP, "Prizes").await?;
    let driver = &mut scene.driver;
    driver.follow(PRIZE).await?;
    driver.lands(PRIZE).await?;
    driver.choose("Submission", "Gannet Berths, Gannet (Winner)").await?;
    driver.press("Award prize").await?;
    driver.sees("Gannet Berths has Harbor prize").await
}

/// Before the results, the winners do not know.
async fn keep_secret(scene: &mut Scene) -> Result<()> {
    scene.visit(ADA, NEAP).await?;
    let driver = &mut scene.driver;
    driver.misses("You won a prize").await?;
    driver.misses("Won by").await?;
    driver.follow_in(&part("Hackathon"), "Your submission").await?;
    driver.lands("Your submission").await?;
    driver.misses("Winner").await
}

/// Publishes the results in the form at once.
async fn publish_results(scene: &mut Scene, title: &str) -> Result<()> {
    let driver = &mut scene.driver;
    driver.lands(&format!("Results of {title}")).await?;
    driver.press("Publish results").await?;
    driver.sees("The results become public in 15 minutes").await?;
    driver.follow("Publish now").await?;
    driver.lands(&format!("Publish the results of {title} now?")).await?;
    driver.press("Publish now").await?;
    driver.sees(&format!("{title} has results")).await?;
    driver.lands(title).await
}

/// A member of the other team reads the results, the winners and the scores.
async fn read_as_participant(scene: &mut Scene) -> Result<()> {
    scene.visit(CY, NEAP).await?;
    let driver = &mut scene.driver;
    driver.sees("Gannet Berths wins.").await?;
    driver.follow_in(&part("Results"), "Scores").await?;
    driver.lands(&format!("Scores of {NEAP}")).await?;
    driver.says("tbody tr:first-child", BERTHS).await?;
    driver.follow_in(&part("Breadcrumb"), NEAP).await?;
    driver.follow("Winners and all projects").await?;
    driver.follow(BERTHS).await?;
    driver.lands(BERTHS).await?;
    driver.reloads_until("main", "1,200 points because it won.").await
}

/// Everyone who had a place finds the recap in the inbox; others do not.
pub(super) async fn find_recaps(scene: &mut Scene) -> Result<()> {
    for login in MEMBERS {
        scene.become_person(login).await?;
        let driver = &mut scene.driver;
        driver.follow_in("//header", "Notices").await?;
        driver.lands("Notices").await?;
        driver.reloads_until("main", RECAP).await?;
        driver.follow(RECAP).await?;
        driver.lands(NEAP).await?;
    }
    scene.become_person(GUS).await?;
    let driver = &mut scene.driver;
    driver.follow_in("//header", "Notices").await?;
    driver.lands("Notices").await?;
    driver.misses(RECAP).await
}

/// The organizer archives the hackathon. Its winners stay for everyone.
pub(super) async fn archive(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    scene.go_to_tab(NEAP, "Edit").await?;
    let driver = &mut scene.driver;
    driver.follow("Archive").await?;
    driver.lands(&format!("Archive {NEAP}?")).await?;
    driver.press("Archive").await?;
    driver.sees(&format!("{NEAP} is archived")).await?;
    scene.forget().await?;
    scene.arrive().await?;
    scene.go_to_hackathon(NEAP).await?;
    let driver = &mut scene.driver;
    driver.says(".headcard .state", "Archived").await?;
    driver.follow("Winners and all projects").await?;
    driver.lands(&format!("Projects of {NEAP}")).await?;
    for seen in [PRIZE, BERTHS, LOG] {
        driver.sees(seen).await?;
    }
    driver.misses(OLD).await?;
    scene.go_to_hackathon(SPRING).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Results"), "Scores").await?;
    driver.says("tbody tr:first-child", "Sounding").await?;
    scene.installation.quietly(&["ledger", "verify"])?;
    Ok(())
}
