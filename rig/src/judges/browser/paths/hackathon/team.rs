//! Teams form: one by its code, the other by an invitation to a friend.

use anyhow::{Result, ensure};

use super::{ADA, BO, CY, DEE, NEAP, Scene};
use crate::judges::browser::steps::part;

/// The part of the page that shows the code of a team.
const CODE: &str = "[aria-labelledby='code'] code";

/// Takes the steps until there are two teams of two people.
pub(super) async fn form(scene: &mut Scene) -> Result<()> {
    let code = found(scene, ADA, "Gannet").await?;
    join_by_code(scene, &code).await?;
    found(scene, CY, "Petrels").await?;
    ask_friend(scene).await?;
    become_friend(scene).await?;
    invite(scene).await?;
    accept(scene).await
}

/// Creates a team; returns its code.
async fn found(scene: &mut Scene, login: &str, name: &str) -> Result<String> {
    scene.visit(login, NEAP).await?;
    let driver = &mut scene.driver;
    driver.sees("You have no team yet").await?;
    driver.follow("Create or join one").await?;
    driver.lands("Your team").await?;
    driver.fill("Name", name).await?;
    driver.press("Create team").await?;
    driver.sees("The team is created").await?;
    driver.lands(name).await?;
    let code = driver.text(CODE).await?;
    ensure!(code.len() >= 8, "the code of {name} is {code:?}");
    Ok(code)
}

/// Joins a team by its code, after a wrong one, which stays in the form.
async fn join_by_code(scene: &mut Scene, code: &str) -> Result<()> {
    scene.visit(BO, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow("Create or join one").await?;
    driver.fill("Team code", "AAAA2222").await?;
    driver.press("Join team").await?;
    driver.lands("Join a team").await?;
    driver.sees("Not joined").await?;
    driver.holds("Team code", "AAAA2222").await?;
    driver.fill("Team code", code).await?;
    driver.press("Join team").await?;
    driver.sees("You are in Gannet").await?;
    driver.sees("2 of 2").await
}

/// The leader of the other team finds their friends from the page of the team, and asks a person to be one.
async fn ask_friend(scene: &mut Scene) -> Result<()> {
    scene.visit(CY, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Hackathon"), "Teams and people").await?;
    driver.lands("Teams of Neap Tide").await?;
    driver.follow_in(&part("Hackathon"), "Your team").await?;
    driver.lands("Petrels").await?;
    driver.follow("Your friends").await?;
    driver.lands("Friends").await?;
    driver.fill("Username", DEE).await?;
    driver.press("Send request").await?;
    driver.sees(&format!("{DEE} gets your request")).await
}

async fn become_friend(scene: &mut Scene) -> Result<()> {
    scene.become_person(DEE).await?;
    let driver = &mut scene.driver;
    driver.choose_in_menu("Friends").await?;
    driver.lands("Friends").await?;
    driver.follow_in(&part("Friends"), "Requests received").await?;
    driver.sees(CY).await?;
    driver.press("Accept").await?;
    driver.sees(&format!("You and {CY} are friends")).await
}

async fn invite(scene: &mut Scene) -> Result<()> {
    scene.visit(CY, NEAP).await?;
    let driver = &mut scene.driver;
    driver.follow_in(&part("Hackathon"), "Your team").await?;
    driver.lands("Petrels").await?;
    driver.fill("Username", BO).await?;
    driver.press("Invite").await?;
    driver.sees("Not invited").await?;
    driver.fill("Username", DEE).await?;
    driver.press("Invite").await?;
    driver.sees(&format!("{DEE} is invited")).await
}

/// The invited person finds the invitation from their inbox, and accepts it.
async fn accept(scene: &mut Scene) -> Result<()> {
    let news = "You are invited to a team at Neap Tide";
    scene.become_person(DEE).await?;
    let driver = &mut scene.driver;
    driver.follow_in("//header", "Notices").await?;
    driver.reloads_until("main", news).await?;
    driver.follow(news).await?;
    driver.lands(NEAP).await?;
    driver.press_in(&part("Invitations to teams"), "Accept").await?;
    driver.sees("You are in Petrels").await
}
