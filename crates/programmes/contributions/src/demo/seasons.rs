//! Two seasons of all projects: one that runs, with participants, and one whose results are final.

use chrono::TimeDelta;
use platform::audit::Actor;

use super::stage::{DemoSeason, unless_over};
use crate::{
    actions::{
        NewSeason, RegistrationInput, add_organizer, add_season_project, create_season,
        publish_season, register, sign_off_season, withdraw,
    },
    model::{SeasonId, SignOffBlocker},
    reads,
    rules::seasons::{SeasonInput, sign_off::reasons},
};

/// The slug of the season that runs.
pub(super) const RUNNING: &str = "demo";

/// The slug of the season that is over.
const OVER: &str = "warm-up";

/// The place of a participant who withdraws, among all.
const WITHDRAWN: usize = 20;

/// Holds both seasons for everyone, unless there are seasons with these slugs, and registers participants for the one that
/// runs. It is organized by the maintainer whom visitors can sign in as.
pub(super) async fn hold(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let over = details(stage, "Warm-up season", "Two months to try the rules.", -95, -36);
    publish(stage, OVER, over).await?;
    let running =
        details(stage, "Lantern season", "Four merged pull requests in forty days.", -34, 5);
    publish(stage, RUNNING, running).await?;
    let organizer = &stage.maintainer(0).login;
    add_organizer(stage.context, Actor::Operator, RUNNING, organizer).await?;
    take_part(stage).await
}

/// Makes the results of the season that is over final. All points of its days have to be settled.
pub(super) async fn sign_off(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let reason = "The demo begins after it.";
    let reasons = reasons(SignOffBlocker::ALL.map(|it| (it, reason)));
    let reasons = reasons.map_err(platform::ActionError::from)?;
    unless_over(sign_off_season(stage.context, Actor::Operator, OVER, &reasons).await)?;
    Ok(())
}

fn details(
    stage: &DemoSeason<'_>,
    name: &str,
    description: &str,
    first: i64,
    last: i64,
) -> SeasonInput {
    let day = |days| {
        let day = stage.context.now() + TimeDelta::days(days);
        Some(day.date_naive().to_string())
    };
    SeasonInput {
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        first_day: day(first),
        last_day: day(last),
        consent: Some("Your login, points and rank in this season are public.".to_owned()),
        goal: Some(4),
        is_registered_only: Some(false),
        ..SeasonInput::default()
    }
}

/// Creates and publishes a season, and continues where an earlier run ended.
async fn publish(stage: &DemoSeason<'_>, slug: &str, details: SeasonInput) -> anyhow::Result<()> {
    let context = stage.context;
    let season = match reads::season(&context.db, slug).await? {
        Some(season) => season,
        None => {
            let new = NewSeason { slug: Some(slug.to_owned()), details };
            create_season(context, Actor::Operator, new).await?
        }
    };
    if season.published_at.is_some() {
        return Ok(());
    }
    for project in &stage.season.projects {
        add_season_project(context, Actor::Operator, slug, &project.slug).await?;
    }
    publish_season(context, Actor::Operator, slug).await?;
    Ok(())
}

/// Registers the most active people, those whose work looks like gaming, and the organizer of hackathons. One of them withdraws.
async fn take_part(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let context = stage.context;
    let Some(season) = reads::season(&context.db, RUNNING).await? else {
        return Ok(());
    };
    let mut accounts = stage.others();
    for tag in ["refused-series", "merged-series", "copy"] {
        accounts.push(&stage.highlight(tag)?.author);
    }
    let mut participants = Vec::new();
    for account in accounts {
        participants.push(stage.person(account)?);
    }
    participants.extend(stage.organizer);
    for (place, person) in participants.into_iter().enumerate() {
        let before = reads::registration(&context.db, SeasonId::new(season.id), person).await?;
        if before.is_some() {
            continue;
        }
        let input = RegistrationInput {
            consent_version: season.consent_version,
            shares_email: place % 3 == 0,
            ..RegistrationInput::default()
        };
        unless_over(register(context, person, RUNNING, &input).await)?;
        if place == WITHDRAWN {
            unless_over(withdraw(context, person, RUNNING).await)?;
        }
    }
    Ok(())
}
