//! People apply: two are on the waitlist, one withdraws, and the first of the waitlist gets the place.

use anyhow::Result;

use super::{ADA, BO, CY, DEE, ELI, FAY, GUS, HOST, NEAP, SPRING, SPRING_PROJECTS, Scene};

/// The part of the page that shows an application.
const OWN: &str = "[aria-labelledby='part']";

/// Takes the steps until everyone knows whether they take part.
pub(super) async fn apply(scene: &mut Scene) -> Result<()> {
    for login in [ADA, BO, CY, DEE, ELI] {
        send(scene, login, NEAP).await?;
        scene.driver.says(OWN, "Accepted").await?;
    }
    for (login, place) in [(FAY, "Waitlist, place 1"), (GUS, "Waitlist, place 2")] {
        send(scene, login, NEAP).await?;
        scene.driver.says(OWN, place).await?;
    }
    withdraw(scene).await?;
    move_up(scene).await?;
    for (login, _) in SPRING_PROJECTS {
        send(scene, login, SPRING).await?;
        scene.driver.says(OWN, "Waiting for review").await?;
    }
    review(scene).await?;
    greet(scene).await
}

/// Applies for a hackathon.
async fn send(scene: &mut Scene, login: &str, title: &str) -> Result<()> {
    scene.visit(login, title).await?;
    let driver = &mut scene.driver;
    driver.follow("Apply").await?;
    driver.lands(&format!("Apply for {title}")).await?;
    driver.fill("Why do you want to take part?", "I like small harbors.").await?;
    driver.fill("Skills", "rust, knots").await?;
    driver.tick("I have read and accept the code of conduct").await?;
    driver.press("Send application").await?;
    driver.sees("Application saved").await?;
    driver.lands(title).await
}

async fn withdraw(scene: &mut Scene) -> Result<()> {
    scene.visit(ELI, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow("Withdraw").await?;
    driver.lands("Withdraw from Neap Tide?").await?;
    driver.press("Withdraw").await?;
    driver.sees("Your application is withdrawn").await
}

/// The first of the waitlist has the place and learns of it, and the second is the first now.
async fn move_up(scene: &mut Scene) -> Result<()> {
    scene.visit(FAY, NEAP).await?;
    let driver = &mut scene.driver;
    driver.says(OWN, "Accepted").await?;
    driver.follow_in("//header", "Notices").await?;
    driver.lands("Notices").await?;
    driver.reloads_until("main", "You have a place at Neap Tide").await?;
    scene.visit(GUS, NEAP).await?;
    scene.driver.says(OWN, "Waitlist, place 1").await
}

/// The organizer accepts all who wait for a review.
async fn review(scene: &mut Scene) -> Result<()> {
    scene.become_person(HOST).await?;
    scene.go_to_tab(SPRING, "Applications").await?;
    let driver = &mut scene.driver;
    driver.lands(&format!("Applications for {SPRING}")).await?;
    driver.follow("To review").await?;
    for (login, _) in SPRING_PROJECTS {
        driver.tick(&format!("Choose {login}")).await?;
    }
    driver.press("Approve chosen").await?;
    driver.sees("3 accepted").await
}

/// The organizer writes to everyone with a place, who find it on the page. Others do not.
async fn greet(scene: &mut Scene) -> Result<()> {
    let subject = "Dinner is at eight";
    scene.go_to_tab(NEAP, "Announcements").await?;
    let driver = &mut scene.driver;
    driver.choose("To", "Everyone with a place").await?;
    driver.fill("Subject", subject).await?;
    driver.fill("Text", "Come **hungry**.").await?;
    driver.press("Preview").await?;
    driver.lands("Send this announcement?").await?;
    driver.sees("5 people get it").await?;
    driver.press("Send announcement").await?;
    driver.sees("Dinner is at eight is sent to 5 people").await?;
    scene.visit(GUS, NEAP).await?;
    scene.driver.misses(subject).await?;
    scene.visit(ADA, NEAP).await?;
    scene.driver.sees(subject).await
}
