//! The module's part of the demo: a coach, a roster of 18 competitors with three teams, two parents who were asked for a consent, and
//! a simulated game platform that knows the competitors. Everything enters by the actions of people and by the sync.

mod names;

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use identity::{
    demo::sign_in_once,
    model::{AccountKind, DemoPeople, DemoPerson, GithubAccount, UserId},
};
use kernel::Timestamp;
use platform::{
    Context,
    audit::Actor,
    command::say,
    config::Config,
    flags::{self, FlagChange, Outgoing as _},
    module::{Demo, Services},
    outbox::{EMAIL, Post},
};
use testkit::fake_game_platform::{FakeGamePlatform, Options, SampleTeam};

use crate::{
    actions::{
        accept_coach_link, add_competitor, add_team_member, create_roster, create_team,
        give_consent, invite_coach, report_discrepancy, request_sync, send_consent_link,
        state_release,
    },
    gateway::GamePlatformCalls,
    model::{CompetitorId, Reporter, RosterId, SyncRunId},
    reads::{self, CoachView, MemberView},
    rules::{
        rosters::{CoachInput, RosterInput},
        runs::{RunScope, Trigger},
        teams::TeamInput,
    },
};

/// The module's part of the demo.
pub const DEMO: Demo = Demo {
    says: "a CTF roster",
    configure,
    simulate: |services, until| Box::pin(simulate(services, until)),
    prepare: |services, until| Box::pin(prepare(services, until)),
    fill: |services, _, until| Box::pin(fill(services, until)),
};

/// The seed number of the names and the results.
const SEED: u64 = 7;

const COMPETITORS: usize = 18;

/// The prefix of IDs on the simulated platform.
const PREFIX: &str = "mock-";

const ROSTER: &str = "Harbor Owls";

/// The competitors whose parents are asked by email for their consent, and whether they answer.
const ASKED: [(&str, bool); 2] = [("Opal", false), ("Rafi", true)];

/// The competitor whose numbers the coach reports as wrong.
const CONTESTED: &str = "Jude";

/// The account of the coach. The number is no account on GitHub.
const COACH: (i64, &str) = (-18, "harbor-coach");

/// The number of times that the progress of a run is checked, and the time in between.
const CHECKS: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// Lets a demo without a game platform call the simulated one.
fn configure(config: &mut Config) {
    if config.game_platform_api_base_url.is_none() {
        PREFIX.clone_into(&mut config.game_platform_id_prefix);
        let variable = GamePlatformCalls::FLAG.variable.to_owned();
        let switch = config.switches.entry(variable);
        switch.or_insert_with(|| "true".to_owned());
    }
}

/// Starts a simulated game platform, unless the server is set up for another one. It runs for as long as the services, and
/// knows the competitors of an earlier start.
async fn simulate(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let config = Arc::make_mut(&mut services.config);
    if config.game_platform_api_base_url.is_some() {
        return Ok(());
    }
    let clock = Arc::clone(&services.context.clock);
    let options = Options { seed: SEED, ..Options::default() };
    let fake = FakeGamePlatform::start(clock, options);
    let fake = fake.await.context("cannot start the simulated game platform")?;
    config.game_platform_api_base_url = Some(fake.url());
    config.game_platform_api_token = Some(fake.token().into());
    if let Some((coach, roster)) = own_roster(&services.context).await? {
        let accounts = know(&services.context, &fake, &coach, roster, until).await?;
        fake.add_night(SEED, &accounts, until.timestamp());
    }
    services.extensions.insert(Arc::new(fake));
    services.outside = services.modules().services(&services.config, &services.post);
    Ok(())
}

/// Registers the coach, whom visitors can sign in as.
async fn prepare(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let coach = DemoPerson {
        part: "coach",
        sees: "A class of 18: who solved what last night, and whose consent is missing.",
        account: account(until),
    };
    let others = services.extensions.get::<DemoPeople>().cloned();
    let everyone = others.unwrap_or_default().with(&[coach]);
    services.extensions.insert(everyone);
    let person = coach_person(&services.context, until).await?;
    identity::demo::introduce(&services.context, vec![(person, COACH.1.to_owned())]).await?;
    Ok(())
}

fn account(seen_at: Timestamp) -> GithubAccount {
    let (id, login) = COACH;
    GithubAccount::new(id, login.to_owned(), AccountKind::User, seen_at)
}

async fn coach_person(context: &Context, until: Timestamp) -> anyhow::Result<UserId> {
    Ok(sign_in_once(context, account(until)).await?)
}

/// Returns the coach and the roster of an earlier start.
async fn own_roster(context: &Context) -> anyhow::Result<Option<(CoachView, RosterId)>> {
    let coaches = reads::coaches(&context.db).await?;
    let Some(coach) = coaches.into_iter().find(|coach| coach.login == COACH.1) else {
        return Ok(None);
    };
    let rosters = reads::own_rosters(&context.db, UserId::new(coach.user_id)).await?;
    let roster = rosters.into_iter().find(|roster| roster.name == ROSTER);
    Ok(roster.map(|roster| (coach, roster.id.into())))
}

/// Creates the roster and syncs it with the simulated platform. Repeating it changes nothing.
async fn fill(services: &Services, until: Timestamp) -> anyhow::Result<()> {
    let Some(fake) = services.extensions.get::<Arc<FakeGamePlatform>>().cloned() else {
        return Ok(());
    };
    let context = &services.context;
    let person = coach_person(context, until).await?;
    let own = match own_roster(context).await? {
        Some(own) => own,
        None => create(context, &services.post, person).await?,
    };
    add_competitors(services, own.1, person, until).await?;
    let accounts = know(context, &fake, &own.0, own.1, until).await?;
    let everyone =
        FlagChange { enabled: Some(true), rollout_percent: Some(100), ..FlagChange::default() };
    let name = GamePlatformCalls::FLAG.name;
    flags::change(context, Actor::Operator, name, everyone, "the demo").await?;
    sync(context).await?;
    // What is new after the first sync are achievements of today.
    fake.add_night(SEED, &accounts, until.timestamp());
    sync(context).await?;
    contest(context, own.1, person).await?;
    say(format_args!(
        "Loaded a CTF roster of {COMPETITORS} competitors from a simulated game platform."
    ));
    Ok(())
}

async fn create(
    context: &Context,
    post: &Post,
    person: UserId,
) -> anyhow::Result<(CoachView, RosterId)> {
    if reads::coach_of(&context.db, person).await?.is_none() {
        let token = invite_coach(context, post, Actor::Operator, "").await?;
        let details = CoachInput {
            school: "Harbor High".to_owned(),
            division: "high_school".to_owned(),
            region: "Texas".to_owned(),
        };
        accept_coach_link(context, person, &token, &details).await?;
    }
    let coach = reads::coach_of(&context.db, person).await?;
    let coach = coach.context("the coach is unknown")?;
    let input = RosterInput {
        name: ROSTER.to_owned(),
        school: "Harbor High".to_owned(),
        school_year: "2026/27".to_owned(),
        timezone: "America/Chicago".to_owned(),
    };
    let roster = create_roster(context, &coach, &input).await?;
    Ok((coach, roster))
}

/// Adds the missing competitors and teams.
async fn add_competitors(
    services: &Services,
    roster: RosterId,
    person: UserId,
    until: Timestamp,
) -> anyhow::Result<()> {
    let (context, actor) = (&services.context, Actor::Person(person.0));
    let present = reads::members_of_roster(&context.db, roster).await?.len();
    for profile in names::profiles(SEED, COMPETITORS).into_iter().skip(present) {
        let is_minor = profile.is_18_or_over == "no";
        let id = add_competitor(context, actor, roster, &profile).await?;
        let asked = ASKED.iter().find(|(name, _)| *name == profile.first_name);
        if let Some((_, answers)) = asked.filter(|_| services.post.channels.has(EMAIL)) {
            let parent = answers.then_some(profile.parent_name.as_str());
            ask_parent(services, actor, id, parent).await?;
        } else if is_minor {
            let day = (until - chrono::TimeDelta::days(90)).date_naive();
            state_release(context, actor, id, day).await?;
        }
    }
    let teams = reads::teams_of_roster(&context.db, roster).await?;
    let everyone = reads::members_of_roster(&context.db, roster).await?;
    let groups = everyone.chunks(COMPETITORS / names::TEAMS.len());
    for (name, members) in names::TEAMS.into_iter().zip(groups).skip(teams.len()) {
        let input = TeamInput {
            name: name.to_owned(),
            division: "high_school".to_owned(),
            affiliation: "Harbor High".to_owned(),
        };
        let team = create_team(context, actor, roster, &input).await?;
        for member in members {
            add_team_member(context, actor, team, member.id.into()).await?;
        }
    }
    Ok(())
}

/// Asks a parent for their consent by email. A parent who has a name answers.
async fn ask_parent(
    services: &Services,
    actor: Actor,
    competitor: CompetitorId,
    parent: Option<&str>,
) -> anyhow::Result<()> {
    let context = &services.context;
    let sent = send_consent_link(context, &services.post, actor, competitor).await?;
    if let Some(parent) = parent {
        // The version 0 stands for the sentence that is shown without a published text.
        give_consent(context, Actor::Visitor, &sent.token, parent, Some(0)).await?;
    }
    Ok(())
}

/// Lets the coach report that the numbers of a competitor are wrong.
async fn contest(context: &Context, roster: RosterId, coach: UserId) -> anyhow::Result<()> {
    let everyone = reads::members_of_roster(&context.db, roster).await?;
    if let Some(member) = everyone.iter().find(|member| member.first_name == CONTESTED) {
        let (actor, id) = (Actor::Person(coach.0), member.id.into());
        report_discrepancy(context, actor, id, Reporter::Coach).await?;
    }
    Ok(())
}

/// Lets the platform know the coach and the competitors, with their results. Returns the accounts.
async fn know(
    context: &Context,
    fake: &FakeGamePlatform,
    coach: &CoachView,
    roster: RosterId,
    until: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let everyone = reads::members_of_roster(&context.db, roster).await?;
    let id = |member: &MemberView| format!("{PREFIX}{}", member.id);
    let accounts: Vec<String> = everyone.iter().map(id).collect();
    let teams = reads::teams_of_roster(&context.db, roster).await?;
    let teams = teams.into_iter().filter_map(|team| {
        let members = everyone.iter();
        let members =
            members.filter(|row| row.team_id == Some(team.id) && row.assigned_at.is_some());
        Some(SampleTeam {
            id: team.game_platform_id?,
            name: team.name,
            members: members.map(id).collect(),
        })
    });
    let teams: Vec<SampleTeam> = teams.collect();
    let coach = format!("{PREFIX}{}", coach.id);
    fake.add_sample(SEED, &coach, &accounts, &teams, until.timestamp());
    Ok(accounts)
}

/// Syncs everyone, and waits until it is done.
async fn sync(context: &Context) -> anyhow::Result<()> {
    let actor = Some(Actor::Operator);
    let requested = request_sync(context, actor, Trigger::Admin, RunScope::All).await?;
    wait(context, requested.run).await
}

async fn wait(context: &Context, run: SyncRunId) -> anyhow::Result<()> {
    for _ in 0..CHECKS {
        let found = reads::sync_run(&context.db, run).await?;
        let run = found.context("the run is unknown")?;
        if run.is_finished() {
            ensure!(run.failed == 0, "the sync of the demo failed: {}", run.said());
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    anyhow::bail!("the sync of the demo did not end in time. Start the demo again to continue it")
}
