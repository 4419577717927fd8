//! A maintainer's week: learns of the appointment, follows a pull request from review to merge, adds and removes a
//! maintainer, does not step down after all, and publishes rules.

use anyhow::Result;
use serde_json::json;

use super::{Scene, called};
use crate::judges::browser::steps::{part, row};

const LOGIN: &str = "weekly-mona";
const AUTHOR: &str = "loom-louis";
const ADMIN: &str = "guild-gail";
const TITLE: &str = "Weave faster";
const CURRENT_TAB: &str = ".tabs [aria-current='page']";

/// Takes the path.
pub(super) async fn take(scene: &mut Scene) -> Result<()> {
    for login in [LOGIN, AUTHOR, ADMIN] {
        scene.introduce(login).await?;
    }
    scene.installation.quietly(&["user", "grant", ADMIN, "--role", "admin"])?;
    scene.project("Loom", "loom", LOGIN).await?;
    be_appointed(scene).await?;
    let repository = format!("{LOGIN}/loom");
    let pull = scene.github.open_pull(AUTHOR, &repository, TITLE).await?;
    find_what_needs_review(scene).await?;
    review(scene, &pull).await?;
    see_the_result(scene).await?;
    manage(scene).await?;
    publish_rules(scene).await
}

/// An admin appoints the maintainer.
async fn be_appointed(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    scene.sign_in(ADMIN).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Projects").await?;
    driver.follow("Loom").await?;
    driver.lands("Loom").await?;
    driver.follow("Manage").await?;
    driver.lands("Maintainers of Loom").await?;
    driver.sees("No maintainers yet").await?;
    driver.fill("Username", LOGIN).await?;
    driver.press("Add maintainer").await?;
    driver.sees("weekly-mona now maintains Loom").await?;
    driver.sign_out().await
}

/// Signs in, learns of the appointment, and finds the pull request among those that need review.
async fn find_what_needs_review(scene: &mut Scene) -> Result<()> {
    scene.arrive().await?;
    scene.sign_in(LOGIN).await?;
    scene.greets(LOGIN).await?;
    let driver = &mut scene.driver;
    driver.reloads_until("[aria-labelledby='needs']", TITLE).await?;
    driver.follow_in(&part("Main"), "Reviews").await?;
    driver.sees("One thing needs you").await?;
    driver.follow_in(&row(TITLE), TITLE).await?;
    driver.lands(TITLE).await?;
    driver.follow_in("//header", "Notices").await?;
    driver.lands("Notices").await?;
    driver.follow_in(&row("Loom"), "You").await?;
    driver.lands("Loom").await?;
    driver.reloads_until("main", TITLE).await?;
    driver.follow("Needs review").await?;
    driver.says(CURRENT_TAB, "Needs review").await?;
    driver.follow(TITLE).await?;
    driver.lands(TITLE).await
}

/// Reviews and merges on GitHub, and sees each change here.
async fn review(scene: &mut Scene, pull: &str) -> Result<()> {
    let reviews = format!("{pull}/reviews");
    for (event, state) in [("REQUEST_CHANGES", "Changes requested"), ("APPROVE", "Approved")] {
        scene.next_second().await;
        let verdict = json!({ "event": event, "body": "See my comments." });
        scene.github.act(LOGIN, ("POST", &reviews), &verdict).await?;
        scene.driver.reloads_until(".head", state).await?;
    }
    scene.next_second().await;
    let merge = format!("{pull}/merge");
    scene.github.act(LOGIN, ("PUT", &merge), &json!({})).await?;
    let driver = &mut scene.driver;
    driver.reloads_until(".head", "Merged").await?;
    driver.reloads_until("[aria-labelledby='ledger']", "Award, merged").await?;
    driver.says("[aria-labelledby='life']", LOGIN).await
}

/// Sees the points on the project's page and on its board.
async fn see_the_result(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Breadcrumb"), "Loom").await?;
    driver.lands("Loom").await?;
    driver.follow("Merged").await?;
    driver.says(CURRENT_TAB, "Merged").await?;
    driver.says("[aria-labelledby='pulls']", TITLE).await?;
    driver.follow_in(&row(TITLE), &called(AUTHOR)).await?;
    scene.meets(AUTHOR).await?;
    scene.driver.sees("All points and why").await
}

/// Adds and removes a maintainer; asks to stop and cancels.
async fn manage(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Main"), "Projects").await?;
    driver.follow("Loom").await?;
    driver.lands("Loom").await?;
    driver.follow("Manage").await?;
    driver.lands("Maintainers of Loom").await?;
    driver.fill("Username", "loom-luis").await?;
    driver.press("Add maintainer").await?;
    driver.sees("Not added").await?;
    driver.fill("Username", AUTHOR).await?;
    driver.press("Add maintainer").await?;
    driver.sees("loom-louis now maintains Loom").await?;
    driver.follow_in(&row(AUTHOR), "Remove").await?;
    driver.lands("Remove loom-louis from the maintainers").await?;
    driver.press("Remove loom-louis").await?;
    driver.sees("loom-louis no longer maintains Loom").await?;
    driver.follow("Stop maintaining").await?;
    driver.lands("Stop maintaining Loom?").await?;
    driver.follow("Cancel").await?;
    driver.lands("Maintainers of Loom").await?;
    driver.sees(LOGIN).await
}

/// Checks rules with an error and without one, and publishes them.
async fn publish_rules(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in(&part("Manage Loom"), "Rules").await?;
    driver.lands("Edit the rules of Loom").await?;
    driver.fill("Merged", "fifty").await?;
    driver.press("Check the fields").await?;
    driver.sees("Not valid. Nothing is published").await?;
    driver.fill("Merged", "60").await?;
    driver.press("Check the fields").await?;
    driver.sees("What would change").await?;
    driver.press("Publish version 2").await?;
    driver.lands("Rules for Loom").await?;
    driver.sees("Version 2 is published").await
}
