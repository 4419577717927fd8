//! Disputes about a flag, a sanction and points, in each state.

use identity::model::{Role, UserId};
use kernel::Points;
use platform::audit::Actor;
use testkit::highlights::Highlight;

use super::{
    fair_play::flags_about,
    seasons::RUNNING,
    stage::{DemoSeason, unless_over},
};
use crate::{
    actions::{
        DisputeDecision, NewDispute, NewSanction, appeal, decide_dispute, open_dispute, sanction,
        write_message,
    },
    model::{DisputeKind, FlagState, SanctionKind, SeasonId},
    reads,
    rules::{disputes::DisputeStage, fair_play::FindingKind},
};

/// The place of a participant who is disqualified by mistake.
const DISQUALIFIED: usize = 12;

/// The points that a person gets instead of those of a low rating.
const GRANTED: Points = 60;

/// Opens the disputes that were not opened before, and decides on some of them.
pub(super) async fn contest(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    contest_flag(stage).await?;
    contest_sanction(stage).await?;
    contest_rating(stage).await?;
    ask_about_tests(stage).await
}

/// Opens a dispute. Returns its number; `None` if it was opened before.
async fn open(
    stage: &DemoSeason<'_>,
    person: UserId,
    kind: DisputeKind,
    target: String,
    text: &str,
) -> anyhow::Result<Option<i64>> {
    let new = NewDispute { kind, target, text: text.to_owned() };
    unless_over(open_dispute(stage.context, person, &new).await)
}

async fn open_about(
    stage: &DemoSeason<'_>,
    highlight: &Highlight,
    text: &str,
) -> anyhow::Result<Option<i64>> {
    let target = format!("{}#{}", highlight.repo.full_name(), highlight.number);
    let person = stage.person(&highlight.author)?;
    open(stage, person, DisputeKind::Score, target, text).await
}

/// Decides a dispute, if there is a person who can. The points are those of a granted dispute about points.
async fn decide(
    stage: &DemoSeason<'_>,
    number: i64,
    by: Option<(UserId, Role)>,
    is_granted: bool,
    points: Option<Points>,
    reason: &str,
) -> anyhow::Result<bool> {
    let Some((person, role)) = by else { return Ok(false) };
    let decision = DisputeDecision {
        stage: DisputeStage::Dispute,
        is_granted,
        points,
        reason: reason.to_owned(),
    };
    let decided = decide_dispute(stage.context, person, role, number, &decision).await;
    Ok(unless_over(decided)?.is_some())
}

async fn moderator(stage: &DemoSeason<'_>) -> anyhow::Result<Option<(UserId, Role)>> {
    let person = stage.moderator().await?;
    Ok(person.map(|person| (person, Role::Moderator)))
}

/// Contests the flag on a series of typos. An admin upholds it, and the author appeals.
async fn contest_flag(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let author = &stage.highlight("refused-series")?.author;
    let flags = flags_about(stage, FindingKind::Burst, &author.login).await?;
    let confirmed = flags.iter().find(|detail| detail.flag.state == FlagState::Confirmed);
    let Some(confirmed) = confirmed else {
        return Ok(());
    };
    let person = stage.person(author)?;
    let target = format!("F-{}", confirmed.flag.number);
    let text = "I read the documentation on a train and fixed what I saw, chapter by chapter. That is not spam.";
    let Some(number) = open(stage, person, DisputeKind::Flag, target, text).await? else {
        return Ok(());
    };
    let admin = stage.admin().await?.map(|admin| (admin, Role::Admin));
    let reason =
        "Each corrects a single word, and one pull request would have done. The warning stays.";
    if decide(stage, number, admin, false, None, reason).await? {
        let text = "A warning for helping is too much. Please count at least one of them.";
        unless_over(appeal(stage.context, person, number, text).await)?;
    }
    Ok(())
}

/// Has an organizer disqualify a participant by mistake, who contests it with success.
async fn contest_sanction(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let (context, account) = (stage.context, stage.other(DISQUALIFIED)?);
    let (person, organizer) = (stage.person(account)?, stage.person(stage.maintainer(0))?);
    let Some(season) = reads::season(&context.db, RUNNING).await? else {
        return Ok(());
    };
    let earlier = reads::sanctions_of(&context.db, SeasonId::new(season.id), person).await?;
    if !earlier.is_empty() {
        return Ok(());
    }
    let new = NewSanction {
        login: account.login.clone(),
        kind: SanctionKind::Disqualification,
        reason: "A second account of the same person takes part.".to_owned(),
    };
    let by = Actor::Person(organizer.0);
    let Some(id) = unless_over(sanction(context, by, RUNNING, &new).await)? else {
        return Ok(());
    };
    let text = "The other account is my sister's. We use the same computer.";
    if let Some(number) = open(stage, person, DisputeKind::Sanction, id.0.to_string(), text).await?
    {
        let reason = "They showed that they are two people.";
        decide(stage, number, moderator(stage).await?, true, None, reason).await?;
    }
    Ok(())
}

/// Contests the points of a pull request that was rated 1. A moderator sets others.
async fn contest_rating(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let rated = stage.highlight("careless")?;
    let text = "The list is the one that the time zone database has. It was right on the day of the merge.";
    if let Some(number) = open_about(stage, rated, text).await? {
        let reason = "The list was right when it was merged.";
        let by = moderator(stage).await?;
        decide(stage, number, by, true, Some(GRANTED), reason).await?;
    }
    Ok(())
}

/// Contests the points of the contributor whom visitors can sign in as. The dispute stays open.
async fn ask_about_tests(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    let tests = stage.highlight("tests-only")?;
    let text = "This adds tests, but the multiplier for tests does not apply.";
    let Some(number) = open_about(stage, tests, text).await? else {
        return Ok(());
    };
    let context = stage.context;
    if let Some(moderator) = stage.moderator().await? {
        let text = "It applies to tests beside code. Which code did you change?";
        unless_over(write_message(context, moderator, number, text).await)?;
    }
    let text = "The code was merged a week ago without tests. I could not add them there.";
    let author = stage.person(&tests.author)?;
    unless_over(write_message(context, author, number, text).await)?;
    Ok(())
}
