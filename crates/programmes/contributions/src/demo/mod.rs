//! The module's part of the demo: a season of deliveries, sent to the inbox like those from GitHub, lists of files that
//! are read from a simulated GitHub, and reviews, seasons and decisions of people, made by the same actions as theirs.

mod disputes;
mod fair_play;
mod github_api;
mod people;
mod pictures;
mod reviews;
mod seasons;
mod stage;

use std::num::NonZeroUsize;

use anyhow::{Context as _, ensure};
use futures_util::stream;
use identity::model::DemoPeople;
use indicatif::ProgressBar;
use kernel::{Timestamp, counted};
use platform::{
    audit::Actor,
    command::say,
    module::{Demo, Services},
};
use testkit::{
    highlights::{HighlightRepo, Highlights},
    replay::{BadLine, DeliveryLine, Pace, ReplaySummary, Sender, send_all},
    season::{Season, SeasonSpec},
};

use self::stage::DemoSeason;
use crate::{
    actions::{NewProject, create_project},
    commands::{register_unknown, wait_until_settled},
    reads,
};

/// The demo data of this module.
pub(crate) const DEMO: Demo = Demo {
    says: "a season of pull requests",
    configure: |_| {},
    simulate: |services, until| Box::pin(github_api::simulate(services, until)),
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
    register(services, &season, &Highlights::new(&season)).await?;
    people::register(&services.context, &people, &season).await?;
    let accounts = people.into_iter().map(|person| person.account).collect();
    people::introduce(&services.context, accounts).await
}

/// Lets the maintainers and the most active people say who they are, sends the season, and lets everyone else in it say so.
async fn fill(services: &Services, url: &str, until: Timestamp) -> anyhow::Result<()> {
    let season = Season::new(SeasonSpec::demo(until));
    let accounts = stage::well_known(&season);
    people::introduce(&services.context, accounts).await?;
    send(services, url, season.spec).await?;
    people::introduce_known(&services.context, &season).await
}

/// Sends a season to the server at `url`, and waits until it is settled: signed deliveries, then what people do here. Sending
/// it again changes nothing.
///
/// # Errors
/// When the server does not accept a delivery, or refuses an action.
pub async fn send(services: &Services, url: &str, spec: SeasonSpec) -> anyhow::Result<()> {
    let season = Season::new(spec);
    let highlights = Highlights::new(&season);
    register(services, &season, &highlights).await?;
    let bar = ProgressBar::new_spinner().with_message("deliveries of the season");
    let summary = deliver(services, url, &season, &highlights, &bar).await?;
    bar.set_message("scoring");
    wait_until_settled(&services.context).await?;
    github_api::wait(services, &highlights).await?;
    wait_until_settled(&services.context).await?;
    bar.set_message("reviews, seasons and fair play");
    act(services, &season, &highlights).await?;
    bar.finish_and_clear();
    say(format_args!(
        "Loaded a season of {} by {} in {}.",
        counted(summary.accepted, "delivery", "deliveries"),
        counted(season.people.len(), "person", "people"),
        counted(season.projects.len(), "project", "projects")
    ));
    Ok(())
}

/// Sends all deliveries, signed.
async fn deliver(
    services: &Services,
    url: &str,
    season: &Season,
    highlights: &Highlights,
    bar: &ProgressBar,
) -> anyhow::Result<ReplaySummary> {
    let secret = services.config.github_webhook_secret.as_ref();
    let sender = Sender::new(url, secret.context("GITHUB_WEBHOOK_SECRET is not set")?)?;
    let deliveries = season.deliveries().chain(highlights.deliveries());
    let lines = deliveries.map(|delivery| {
        let bytes = bytes::Bytes::copy_from_slice(delivery.bytes());
        DeliveryLine::new(&delivery.event, &delivery.delivery.to_string(), bytes)
            .map_err(|reason| BadLine { number: 0, reason })
    });
    // Few at once, so that pages are answered meanwhile.
    let pace = Pace { concurrency: NonZeroUsize::new(8).expect("not zero"), rate: None };
    let tally = send_all(&sender, stream::iter(lines), pace, |tally| {
        bar.set_position(tally.accepted);
    })
    .await;
    let summary = tally.summary();
    ensure!(summary.refused == 0, "the server rejected some of the season's deliveries: {summary}");
    Ok(summary)
}

/// Lets the season's people review, take part in seasons, report and decide.
async fn act(services: &Services, season: &Season, highlights: &Highlights) -> anyhow::Result<()> {
    let context = &services.context;
    let stage = DemoSeason::of(services, season, highlights).await?;
    people::leave(services, season).await?;
    people::appoint(context, season).await?;
    pictures::set(&stage).await?;
    reviews::give(&stage).await?;
    seasons::hold(&stage).await?;
    fair_play::moderate(&stage).await?;
    disputes::contest(&stage).await?;
    wait_until_settled(context).await?;
    seasons::sign_off(&stage).await?;
    wait_until_settled(context).await
}

/// Registers the season's projects and repositories, unless they are already registered.
async fn register(
    services: &Services,
    season: &Season,
    highlights: &Highlights,
) -> anyhow::Result<()> {
    for project in &season.projects {
        if reads::project_id(&services.context.db, &project.slug).await?.is_none() {
            let new = NewProject {
                name: project.name.clone(),
                slug: Some(project.slug.clone()),
                description: project.description.clone(),
                tags: project.tags.clone(),
                difficulty: Some(project.difficulty.to_owned()),
                owner: None,
            };
            create_project(&services.context, Actor::Operator, new).await?;
        }
        let repositories =
            project.repositories.iter().map(|repo| (repo.id, repo.full_name())).collect();
        register_unknown(services, &project.slug, repositories).await?;
    }
    for HighlightRepo { project, repo } in [&highlights.main, &highlights.junk] {
        let repository = vec![(repo.id, repo.full_name())];
        register_unknown(services, project, repository).await?;
    }
    Ok(())
}
