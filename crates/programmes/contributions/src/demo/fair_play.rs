//! The queue of moderators: flags that the nightly detection raises, reports of people, and decisions on both.

use std::collections::BTreeSet;

use identity::model::UserId;
use platform::{audit::Actor, db::Db};

use super::stage::{DemoSeason, actor, unless_over};
use crate::{
    actions::{FlagDecision, ReportInput, decide_flags, detect_gaming, exclude_repository, report},
    model::{FlagEffect, FlagState, ReportReason},
    reads::{self, FlagDetail, FlagFilter},
    rules::fair_play::FindingKind,
};

/// The number of flags of a kind and state that are searched.
const SEARCHED: i64 = 100;

/// Reports, looks for gaming, and decides on some of the flags. Others stay open.
pub(super) async fn moderate(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    report_all(stage).await?;
    detect_gaming(stage.context).await?;
    let junk = &stage.highlights.junk.repo;
    let reason = "It was made to earn points: nine stickers, merged within minutes.";
    let excluded = exclude_repository(stage.context, Actor::Operator, junk.id, reason);
    unless_over(excluded.await)?;
    decide_all(stage).await
}

/// Returns the flags of a kind that concern the person with a login, and no one else.
pub(super) async fn flags_about(
    stage: &DemoSeason<'_>,
    kind: FindingKind,
    login: &str,
) -> anyhow::Result<Vec<FlagDetail>> {
    let mut found = flags_of(stage, kind).await?;
    found.retain(|flag| flag.people == [login]);
    Ok(found)
}

async fn flags_of(stage: &DemoSeason<'_>, kind: FindingKind) -> anyhow::Result<Vec<FlagDetail>> {
    let db: &Db = &stage.context.db;
    // Only the list of reports depends on the viewer.
    let viewer: UserId = stage.person(stage.maintainer(0))?;
    let mut found = Vec::new();
    for state in [FlagState::Open, FlagState::Confirmed, FlagState::Dismissed] {
        let filter = FlagFilter { state, kind: Some(kind) };
        for flag in reads::flags(db, filter, None, SEARCHED).await? {
            found.extend(reads::flag(db, flag.number, viewer).await?);
        }
    }
    Ok(found)
}

/// Has people report a series, a repository, an honest pull request and one that may be copied.
async fn report_all(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let series = stage.highlight("merged-series")?;
    let large = stage.highlight("large")?;
    let faster = stage.highlight("approved")?;
    let junk = stage.highlights.junk.repo.full_name();
    let main = stage.highlights.main.repo.full_name();
    let reports = [
        (0, (&main, Some(series.number)), ReportReason::Spam, "Twelve pull requests, a word each."),
        (
            8,
            (&main, Some(series.number)),
            ReportReason::Spam,
            "One pull request would have been enough.",
        ),
        (9, (&junk, None), ReportReason::JunkRepository, "It has nothing but stickers."),
        (10, (&main, Some(large.number)), ReportReason::Copied, "I had the same idea last year."),
        (
            11,
            (&main, Some(faster.number)),
            ReportReason::Copied,
            "A fork has these lines since May.",
        ),
    ];
    for (place, (repository, number), reason, words) in reports {
        let reporter = stage.person(stage.other(place)?)?;
        let input =
            ReportInput { repository: repository.clone(), number, reason, words: words.to_owned() };
        unless_over(report(stage.context, reporter, &input).await)?;
    }
    Ok(())
}

/// Decides on the series of typos, the copies, the repository of stickers, and the report of an honest pull request.
async fn decide_all(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let author = stage.highlight("refused-series")?.author.login.as_str();
    let series = flags_about(stage, FindingKind::Burst, author).await?;
    let why = "Nine pull requests for nine typos, all of which were closed.";
    decide(stage, &series, &confirmed(Some(FlagEffect::Spam)), why).await?;
    let author = stage.highlight("copy")?.author.login.as_str();
    let copies = flags_about(stage, FindingKind::SameDiff, author).await?;
    let why = "The same changes as in four pull requests from two days before.";
    decide(stage, &copies, &confirmed(Some(FlagEffect::NoPoints)), why).await?;
    let author = stage.highlight("large")?.author.login.as_str();
    let honest = flags_about(stage, FindingKind::Report, author).await?;
    let why = "The idea is common, and the code is the author's own.";
    decide(stage, &honest, &FlagDecision::Dismiss, why).await?;
    decide_on_junk(stage).await
}

/// Confirms the flags on the repository of stickers, which is excluded.
async fn decide_on_junk(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let junk = stage.highlights.junk.repo.id;
    let why = "The repository is excluded.";
    for kind in [FindingKind::JunkRepositories, FindingKind::Report] {
        let mut found = flags_of(stage, kind).await?;
        found.retain(|flag| {
            let mut repositories = flag.repositories.iter();
            repositories.any(|own| own.repository.github_id == junk)
        });
        decide(stage, &found, &confirmed(None), why).await?;
    }
    Ok(())
}

fn confirmed(effect: Option<FlagEffect>) -> FlagDecision {
    FlagDecision::Confirm { effect, spared: BTreeSet::new() }
}

/// Decides on the open ones of some flags.
async fn decide(
    stage: &DemoSeason<'_>,
    flags: &[FlagDetail],
    decision: &FlagDecision,
    reason: &str,
) -> anyhow::Result<()> {
    let by = actor(stage.moderator().await?);
    for detail in flags {
        if detail.flag.state == FlagState::Open {
            let numbers = BTreeSet::from([detail.flag.number]);
            unless_over(decide_flags(stage.context, by, &numbers, decision, reason).await)?;
        }
    }
    Ok(())
}
