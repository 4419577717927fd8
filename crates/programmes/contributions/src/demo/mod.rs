//! The module's part of the demo: a season of deliveries, sent to the inbox like those from GitHub.

pub(crate) mod failures;
mod people;

use std::{num::NonZeroUsize, sync::Arc};

use anyhow::{Context as _, ensure};
use futures_util::stream;
use identity::model::DemoPeople;
use kernel::{Timestamp, counted};
use platform::{
    audit::Actor,
    command::say,
    module::{Demo, Services},
};
use testkit::{
    replay::{BadLine, Line, Pace, Sender, send_all},
    season::{Season, SeasonSpec},
};

use crate::{
    actions::{NewProject, create_project},
    commands::{register_unknown, wait_until_settled},
    reads,
};

/// The demo data of this module.
pub(crate) const DEMO: Demo = Demo {
    prepare: |services, until| Box::pin(prepare(services, until)),
    fill: |services, url, until| Box::pin(fill(services, url, until)),
};

/// Registers the season's projects and the people whom visitors can sign in as.
async fn prepare(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let season = Season::new(SeasonSpec::demo(until));
    let people = people::of(&season);
    let others = services.extensions.get::<DemoPeople>().cloned();
    let everyone = others.unwrap_or_default().with(&people);
    services.extensions.insert(everyone);
    register(services, &season).await?;
    people::register(&services.context, &people, &season).await
}

/// Sends the season's deliveries, signed, to the server at `url`, and waits until all are settled.
async fn fill(services: &Services, url: &str, until: Timestamp) -> anyhow::Result<()> {
    let season = Arc::new(Season::new(SeasonSpec::demo(until)));
    register(services, &season).await?;
    let secret = services.config.github_webhook_secret.as_ref();
    let sender = Sender::new(url, secret.context("GITHUB_WEBHOOK_SECRET is not set")?)?;
    let lines = season.deliveries().map(|delivery| {
        let bytes = bytes::Bytes::copy_from_slice(delivery.bytes());
        Line::new(&delivery.event, &delivery.delivery.to_string(), bytes)
            .map_err(|reason| BadLine { number: 0, reason })
    });
    let unreadable = failures::unreadable_delivery(&season)?;
    let lines = lines.chain([Ok(unreadable)]);
    let bar = indicatif::ProgressBar::new_spinner().with_message("deliveries of the season");
    let pace = Pace {
        concurrency: NonZeroUsize::new(32).expect("not zero"),
        rate: None,
    };
    let tally = send_all(&sender, stream::iter(lines), pace, |tally| {
        bar.set_position(tally.accepted);
    })
    .await;
    let summary = tally.summary();
    ensure!(
        summary.refused == 0,
        "the server rejected some of the season's deliveries: {summary}"
    );
    bar.set_message("scoring");
    wait_until_settled(&services.context).await?;
    bar.finish_and_clear();
    failures::run_import(services).await?;
    say(format_args!(
        "Loaded a season of {} by {} in {}.",
        counted(summary.accepted, "delivery", "deliveries"),
        counted(season.people.len(), "person", "people"),
        counted(season.projects.len(), "project", "projects")
    ));
    Ok(())
}

/// Registers the season's projects and repositories, unless they are already registered.
async fn register(services: &Services, season: &Season) -> anyhow::Result<()> {
    for project in &season.projects {
        if reads::project_id(&services.context.db, &project.slug)
            .await?
            .is_none()
        {
            let new = NewProject {
                name: project.name.clone(),
                slug: Some(project.slug.clone()),
                description: project.description.clone(),
                tags: project.tags.clone(),
                difficulty: Some(project.difficulty.to_owned()),
            };
            create_project(&services.context, Actor::Operator, new).await?;
        }
        let repositories = project
            .repositories
            .iter()
            .map(|repo| (repo.id, repo.full_name()))
            .collect();
        register_unknown(services, &project.slug, repositories).await?;
    }
    Ok(())
}
