//! Judges score criteria in one hackathon, and order the projects of the other. Only organizers see the scores.

use anyhow::{Context, Result};

use super::{BERTHS, BO, CY, GUS, HOST, JUDGES, LOG, NEAP, NEAP_PATH, SPRING, Scene, dates};
use crate::judges::browser::steps::part;

/// The levels of each project: for its use, and for its craft.
const LEVELS: [(&str, [&str; 2]); 2] = [(BERTHS, ["4", "5"]), (LOG, ["3", "2"])];
/// The sentence of a judge who is done.
const DONE: &str = "You have had every project that you can judge";

/// Takes the steps until judging is closed.
pub(super) async fn judge(scene: &mut Scene) -> Result<()> {
    let began = dates::begin_judging(scene).await?;
    see_frozen(scene).await?;
    for judge in JUDGES {
        score_all(scene, judge).await?;
    }
    order_all(scene).await?;
    look_for_scores(scene).await?;
    dates::end_judging(scene, began).await?;
    look_for_scores(scene).await?;
    read_scores(scene).await
}

/// A member sees that the submission was checked a last time, and can no longer change.
async fn see_frozen(scene: &mut Scene) -> Result<()> {
    scene.visit(BO, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Hackathon"), "Your submission").await?;
    driver.reloads_until("[aria-labelledby='checks']", "At the deadline").await?;
    driver.sees("Being judged").await?;
    driver.misses("Edit submission").await
}

/// A judge scores one project after another, to the last one.
async fn score_all(scene: &mut Scene, judge: &str) -> Result<()> {
    scene.visit(judge, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow("Judge").await?;
    driver.lands("Judging").await?;
    driver.press("Next project").await?;
    driver.sees("This is your project now").await?;
    for _ in LEVELS {
        score(scene).await?;
    }
    let driver = &mut scene.driver;
    driver.sees(DONE).await?;
    driver.sees("2 judged").await?;
    driver.follow_in(&part("Your projects"), BERTHS).await?;
    driver.lands(BERTHS).await?;
    // A third and two thirds.
    driver.says(".reckoning", "4, 33 %").await?;
    driver.says(".reckoning", "5, 67 %").await?;
    driver.says(".reckoning tfoot", "91.67").await
}

/// Scores the project that the page shows. A score without a criterion is not saved.
async fn score(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    let title = driver.text("h1").await?;
    let found = LEVELS.iter().find(|(project, _)| *project == title);
    let (_, [usable, craft]) = found.with_context(|| format!("{title} is judged"))?;
    driver.pick("Use", usable).await?;
    driver.press("Save and next").await?;
    driver.sees("Craft is not rated").await?;
    driver.pick("Craft", craft).await?;
    driver.fill("Private note", "Ask about rain.").await?;
    driver.fill("Note to the team", "A clear dial.").await?;
    driver.press("Save and next").await?;
    driver.sees("Your score is saved").await
}

/// A judge places three projects in their order by comparing two at a time.
async fn order_all(scene: &mut Scene) -> Result<()> {
    scene.visit(JUDGES[0], SPRING).await?;
    scene.driver.follow("Judge").await?;
    scene.driver.lands("Judging").await?;
    place(scene, "Buoy", &[], 1).await?;
    place(scene, "Beacon", &["Buoy"], 2).await?;
    place(scene, "Sounding", &["Sounding", "Sounding"], 1).await?;
    scene.driver.press("Next project").await?;
    scene.driver.sees(DONE).await
}

/// Gets the next project, and places it by saying which project of each pair is better.
async fn place(scene: &mut Scene, project: &str, better: &[&str], place: usize) -> Result<()> {
    let driver = &mut scene.driver;
    driver.press("Next project").await?;
    driver.lands(project).await?;
    if better.is_empty() {
        driver.press("I have seen it").await?;
    }
    for (pair, better) in better.iter().enumerate() {
        driver.sees(&format!("Pair {}.", pair + 1)).await?;
        driver.pick("Which of the two", &format!("{better} is better")).await?;
        driver.press("Save and next pair").await?;
    }
    let placed = format!("The project is at place {place} of your order");
    driver.sees(&placed).await
}

/// Someone who takes part, and someone who waits for a place, find no scores, even at the address of their page.
async fn look_for_scores(scene: &mut Scene) -> Result<()> {
    for login in [CY, GUS] {
        scene.visit(login, NEAP).await?;
        let driver = &mut scene.driver;
        driver.misses("Scores").await?;
        let path = format!("{NEAP_PATH}/judging/results");
        driver.begin_at(scene.port, &path).await?;
        driver.lands("Scores of Neap Tide").await?;
        driver.sees("No scores yet").await?;
        driver.misses(BERTHS).await?;
    }
    Ok(())
}

/// The organizer sees that everything is judged, and reads the scores of both hackathons.
async fn read_scores(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    for (title, covered, first) in [
        (NEAP, "2 of 2 projects have their 2 scores", BERTHS),
        (SPRING, "3 of 3 projects have their 1 score", "Sounding"),
    ] {
        scene.go_to_tab(title, "Judging").await?;
        let driver = &mut scene.driver;
        driver.follow("Coverage").await?;
        driver.lands("Coverage").await?;
        driver.sees(covered).await?;
        driver.follow("Scores").await?;
        driver.lands(&format!("Scores of {title}")).await?;
        driver.says("tbody tr:first-child", first).await?;
        driver.says("tbody tr:first-child", "1").await?;
    }
    Ok(())
}
