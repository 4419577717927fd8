//! The module's part of the demo: rewards, an organizer, two judges, and a hackathon in each phase. Everything enters by the actions
//! of people.

mod code;
mod events;
mod guest;
mod judging;
mod pictures;
mod rewards;

use anyhow::Context as _;
use chrono::{DurationRound as _, TimeDelta};
use identity::{
    actions::know_accounts,
    model::{AccountKind, Authority, DemoPeople, DemoPerson, GithubAccount, UserId},
};
use kernel::Timestamp;
use platform::{
    Context,
    audit::Actor,
    command::say,
    module::{Demo, Services},
};

use self::{
    events::{APPLYING, DemoHackathon, EVENTS, HARBORS, OFFLINE, dates, details},
    pictures::Posters,
};
use crate::{
    actions::{
        NewHackathon, NewPrize, NewResults, add_host, add_staff, add_task, apply, approve_points,
        archive, ask_for_help, award_prize, cancel, check_in, create_hackathon, create_prize,
        create_team, edit_hackathon, freeze_due, join_team, publish, publish_results,
        rule_submission, schedule_results, set_survey, set_tracks, step_prize, submit,
    },
    model::{
        JuryOutcome, Phase, PrizeState, ResultBlocker, StaffRole, SubmissionId, SurveyAudience,
    },
    reads,
    rules::{
        applications::ApplicationInput, details::HackathonInput, help::HelpInput,
        points::PointValues, publication::Override, rulings::Ruling, submissions::SubmissionInput,
        surveys::GivenQuestion, tasks::TaskInput,
    },
};

/// The module's part of the demo.
pub const DEMO: Demo = Demo {
    configure: |_| {},
    simulate: |services, until| {
        Box::pin(async move { code::add(services, &events::openings(hour(until)?)) })
    },
    prepare: |services, until| Box::pin(prepare(services, until)),
    fill: |services, _, until| Box::pin(fill(services, until)),
};

/// The accounts of the organizer, of the judges and of the people who take part. The numbers are no accounts on GitHub.
const ORGANIZER: (i64, &str) = (-30, "harbor-organizer");
const JUDGES: [(i64, &str); 2] = [(-38, "noor-jetty"), (-39, "piet-anchor")];
const PEOPLE: [(i64, &str, &str); 7] = [
    (-31, "bram-tern", "Rust, maps"),
    (-32, "lucia-reef", "Design, accessible forms"),
    (-33, "ines-skerry", "Rust, radio"),
    (-34, "tomas-wick", "Python, data"),
    (-35, "mei-quill", "Web, service workers"),
    (-36, "odd-larsen", "Hardware, C"),
    (-37, "sana-petrel", "Writing, testing"),
];

/// The tasks of each team, with their states.
const TASKS: [(&str, &str); 4] = [
    ("Draw the list of berths", "done"),
    ("Store changes until the network is back", "doing"),
    ("Write the README", "open"),
    ("Rehearse the presentation", "open"),
];

/// The projects: each a name, a summary, the place of the person who submits it in [`PEOPLE`], and its tracks.
const PROJECTS: [(&str, &str, usize, &[&str]); 3] = [
    (
        "Gannet",
        "A berth list that keeps working when the network does not.",
        0,
        &[OFFLINE, HARBORS],
    ),
    ("Storm Petrels", "A radio log for small harbors.", 3, &[HARBORS]),
    ("Slack Water", "A tide clock for the wall of a boathouse.", 4, &[OFFLINE]),
];

/// The people of the demo and its end.
struct Cast {
    organizer: UserId,
    judges: [UserId; 2],
    /// The participants, with their skills.
    people: Vec<(UserId, &'static str)>,
    /// The contributor whom visitors can sign in as, with their login.
    guest: Option<(UserId, String)>,
    posters: Posters,
    today: Timestamp,
}

/// Registers the organizer and a judge, whom visitors can sign in as.
async fn prepare(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let organizer = DemoPerson {
        part: "organizer",
        what: "Holds hackathons.",
        account: account(ORGANIZER, until),
    };
    let judge = DemoPerson {
        part: "judge",
        what: "Judges hackathons.",
        account: account(JUDGES[0], until),
    };
    let others = services.extensions.get::<DemoPeople>().cloned();
    let everyone = others.unwrap_or_default().with(&[organizer, judge]);
    services.extensions.insert(everyone);
    let context = &services.context;
    let mut known = Vec::new();
    for who in [ORGANIZER, JUDGES[0]] {
        known.push((person(context, who, until).await?, who.1.to_owned()));
    }
    identity::demo::introduce(context, known).await?;
    Ok(())
}

fn account((id, login): (i64, &str), seen_at: Timestamp) -> GithubAccount {
    GithubAccount::new(id, login.to_owned(), AccountKind::User, seen_at)
}

async fn person(context: &Context, who: (i64, &str), until: Timestamp) -> anyhow::Result<UserId> {
    let tx = context.begin().await?;
    let known = know_accounts(&tx, context, Authority::Github, [account(who, until)]).await?;
    tx.commit().await?;
    let found = known.get(&who.0).context("a person of the demo is unknown")?;
    Ok(found.user_id)
}

fn hour(until: Timestamp) -> anyhow::Result<Timestamp> {
    Ok(until.duration_trunc(TimeDelta::hours(1))?)
}

/// Holds the hackathons. Those that exist stay as they are.
async fn fill(services: &Services, until: Timestamp) -> anyhow::Result<()> {
    let context = &services.context;
    let mut cast = Cast {
        organizer: person(context, ORGANIZER, until).await?,
        judges: [
            person(context, JUDGES[0], until).await?,
            person(context, JUDGES[1], until).await?,
        ],
        people: Vec::new(),
        guest: guest::find(services).await?,
        posters: Posters::prepare().await?,
        today: hour(until)?,
    };
    add_host(context, Actor::Operator, ORGANIZER.1).await?;
    for (id, login, skills) in PEOPLE {
        let taking_part = person(context, (id, login), until).await?;
        cast.people.push((taking_part, skills));
    }
    let logins = PEOPLE.iter().map(|it| it.1).chain(JUDGES.iter().map(|it| it.1));
    let ids = cast.people.iter().map(|it| it.0).chain(cast.judges);
    let known = ids.zip(logins.map(str::to_owned)).collect();
    identity::demo::introduce(context, known).await?;
    for event in &EVENTS {
        if reads::hackathon(&context.db, event.slug).await?.is_none() {
            let held = hold(context, &cast, event).await;
            held.with_context(|| format!("the hackathon {}", event.slug))?;
        }
    }
    let rewards = rewards::offer(context).await?;
    say(format_args!("Loaded {} hackathons and {rewards} rewards.", EVENTS.len()));
    Ok(())
}

/// Holds a hackathon: its dates move so that people apply, submit and judge, and then become those of the event.
async fn hold(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let actor = Actor::Person(cast.organizer.0);
    announce(context, cast, event).await?;
    if event.phase == Phase::Draft {
        return Ok(());
    }
    if event.has_applications() {
        guest::apply_first(context, cast, event).await?;
        take_part(context, cast, event).await?;
        guest::form_team(context, cast, event).await?;
    }
    let mut projects = Vec::new();
    if event.has_submissions() {
        move_dates(context, cast, event, event.submitting()).await?;
        projects = submit_all(context, cast, event.slug).await?;
    }
    match event.phase {
        Phase::Judging => {
            move_dates(context, cast, event, event.judging()).await?;
            judging::begin(context, actor, event.slug, &cast.judges).await?;
        }
        Phase::JudgingClosed | Phase::Completed => {
            move_dates(context, cast, event, event.judging()).await?;
            judging::finish(context, actor, event.slug, &projects, &cast.judges).await?;
        }
        _ => {}
    }
    move_dates(context, cast, event, event.days).await?;
    freeze_due(context).await?;
    match event.phase {
        Phase::Submission => welcome(context, actor, event.slug, &cast.people).await?,
        Phase::Canceled => {
            let reason = "The place is needed for people who had to leave the coast.";
            cancel(context, actor, event.slug, reason).await?;
        }
        _ => {}
    }
    if event.has_results() {
        rule_submission(
            context,
            cast.organizer,
            event.slug,
            projects[0],
            Ruling::Choose(Some(JuryOutcome::Winner)),
            "",
        )
        .await?;
        complete(context, actor, event, projects[0]).await?;
    }
    Ok(())
}

/// Announces a hackathon, unless it stays a draft.
async fn announce(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let (actor, slug) = (Actor::Person(cast.organizer.0), event.slug);
    let first = if event.has_applications() { APPLYING } else { event.days };
    let new = NewHackathon {
        slug: Some(slug.to_owned()),
        details: details(event, dates(cast.today, first)),
    };
    create_hackathon(context, cast.organizer, new).await?;
    pictures::announce(context, cast.organizer, slug).await?;
    judging::prepare(context, actor, slug).await?;
    set_tracks(context, actor, slug, &events::tracks()).await?;
    for (_, login) in JUDGES {
        add_staff(context, actor, slug, login, StaffRole::Judge).await?;
    }
    for details in events::prizes() {
        let new = NewPrize { slug: None, details };
        create_prize(context, actor, slug, &new).await?;
    }
    if event.phase != Phase::Draft {
        publish(context, actor, slug).await?;
    }
    Ok(())
}

async fn move_dates(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
    days: [i64; 6],
) -> anyhow::Result<()> {
    let moved = HackathonInput { dates: dates(cast.today, days), ..HackathonInput::default() };
    let actor = Actor::Person(cast.organizer.0);
    edit_hackathon(context, actor, event.slug, &moved).await?;
    Ok(())
}

/// Lets everyone apply, two teams form, and the last two wait for a place.
async fn take_part(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let (slug, people) = (event.slug, &cast.people);
    for (person, skills) in people {
        let input = ApplicationInput {
            motivation: "I would like to build something that is used after the weekend."
                .to_owned(),
            skills: (*skills).to_owned(),
            conduct_version: 1,
            is_looking_for_team: true,
            ..ApplicationInput::default()
        };
        apply(context, *person, slug, "", &input).await?;
    }
    for (name, members) in [("Gannet", &people[..3]), ("Storm Petrels", &people[3..4])] {
        let Some(((leader, _), others)) = members.split_first() else {
            continue;
        };
        let team = create_team(context, *leader, slug, name).await?;
        for (other, _) in others {
            join_team(context, *other, &team.invite_code).await?;
        }
        if others.is_empty() {
            guest::join_others(context, cast, event, &team.invite_code).await?;
        }
        for (title, state) in TASKS {
            let input = TaskInput {
                title: Some(title.to_owned()),
                state: Some(state.to_owned()),
                ..TaskInput::default()
            };
            add_task(context, *leader, slug, &input).await?;
        }
    }
    Ok(())
}

/// Lets both teams submit, and a person who has none. Returns the submissions in the order of [`PROJECTS`].
async fn submit_all(
    context: &Context,
    cast: &Cast,
    slug: &str,
) -> anyhow::Result<Vec<SubmissionId>> {
    let mut made = Vec::new();
    let repositories = code::repositories(slug);
    let projects = PROJECTS.into_iter().zip(repositories).enumerate();
    for (place, ((title, summary, by, tracks), repository)) in projects {
        let input = SubmissionInput {
            title: title.to_owned(),
            summary: summary.to_owned(),
            repository,
            technologies: "Rust, HTML".to_owned(),
            tracks: tracks.iter().map(|slug| (*slug).to_owned()).collect(),
            ..SubmissionInput::default()
        };
        let by = cast.people[by].0;
        let submission = submit(context, by, slug, &input).await?.key();
        cast.posters.hang(context, by, (place, submission)).await?;
        made.push(submission);
    }
    Ok(made)
}

/// Checks in the people who have come; one of them needs help.
async fn welcome(
    context: &Context,
    actor: Actor,
    slug: &str,
    people: &[(UserId, &str)],
) -> anyhow::Result<()> {
    for (_, login, _) in &PEOPLE[..4] {
        check_in(context, actor, slug, login).await?;
    }
    let help = HelpInput {
        topic: "The service worker keeps an old list of berths. How do we replace it?".to_owned(),
        place: "Table 2".to_owned(),
    };
    ask_for_help(context, people[0].0, slug, &help).await?;
    Ok(())
}

/// Awards the prizes of a hackathon and publishes its results. Only the prizes of an archived one are all handed over.
async fn complete(
    context: &Context,
    actor: Actor,
    event: &DemoHackathon,
    winner: SubmissionId,
) -> anyhow::Result<()> {
    let slug = event.slug;
    let mut awards = Vec::new();
    for prize in ["harbor-prize", "offline-prize"] {
        awards.push(award_prize(context, actor, slug, prize, winner).await?);
    }
    set_survey(context, actor, slug, SurveyAudience::Participants, &questions()).await?;
    let results = "**Gannet** wins with a berth list that works offline.\n\n1. Gannet\n2. Slack Water\n3. Storm Petrels\n";
    publish_at_once(context, actor, slug, results).await?;
    approve_points(context, Actor::Operator, slug, PointValues::default()).await?;
    if event.phase == Phase::Archived {
        for award in awards {
            step_prize(context, actor, slug, award.key(), PrizeState::Received, "").await?;
        }
        archive(context, actor, slug).await?;
    }
    Ok(())
}

fn questions() -> [GivenQuestion; 2] {
    [("How was the hackathon?", "scale"), ("What should we change?", "text")].map(|(text, kind)| {
        GivenQuestion {
            text: text.to_owned(),
            kind: kind.to_owned(),
            options: Vec::new(),
            is_required: false,
        }
    })
}

/// Publishes results without waiting, whatever the demo left open.
async fn publish_at_once(
    context: &Context,
    actor: Actor,
    slug: &str,
    results: &str,
) -> anyhow::Result<()> {
    let open = ResultBlocker::ALL.into_iter().filter(|it| it.may_be_overridden());
    let reason = "The jury decided it in person.".to_owned();
    let overrides = open.map(|blocker| Override { blocker, reason: reason.clone() }).collect();
    let new = NewResults { results: results.to_owned(), overrides };
    schedule_results(context, actor, slug, &new).await?;
    publish_results(context, actor, slug).await?;
    Ok(())
}
