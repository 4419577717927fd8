//! The module's part of the demo: rewards, an organizer, and three hackathons of theirs: one that takes applications and is full, one
//! whose teams submit, and one with results. Everything enters by the actions of people.

mod code;
mod judging;
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

use crate::{
    actions::{
        NewHackathon, NewPrize, add_host, add_task, apply, approve_points, archive, award_prize,
        create_hackathon, create_prize, create_team, edit_hackathon, join_team, publish,
        publish_results, rule_submission, submit,
    },
    model::{JuryOutcome, SubmissionId},
    reads,
    rules::{
        applications::ApplicationInput,
        details::{HackathonInput, Question},
        points::PointValues,
        prizes::PrizeInput,
        rulings::Ruling,
        submissions::SubmissionInput,
        tasks::TaskInput,
    },
};

/// The module's part of the demo.
pub const DEMO: Demo = Demo {
    configure: |_| {},
    simulate: |services, until| Box::pin(async move { code::add(services, &openings(until)?) }),
    prepare: |services, until| Box::pin(prepare(services, until)),
    fill: |services, _, until| Box::pin(fill(services, until)),
};

/// The accounts of the organizer and of the people who take part. The numbers are no accounts on GitHub.
const ORGANIZER: (i64, &str) = (-30, "harbor-organizer");
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

/// A hackathon of the demo: its slug, name and summary, and the days before and after the end of the demo of its six dates.
struct Event {
    slug: &'static str,
    title: &'static str,
    summary: &'static str,
    days: [i64; 6],
}

const EVENTS: [Event; 3] = [
    Event {
        slug: "low-tide-hack",
        title: "Low Tide Hack",
        summary: "Eight days to build small tools for small harbors: tide tables, berth lists, radio logs.",
        days: [-12, 9, 16, 24, 25, 31],
    },
    Event {
        slug: "lighthouse-days",
        title: "Lighthouse Days",
        summary: "A weekend for software that keeps working when the network does not.",
        days: [-40, -5, -3, 2, 3, 6],
    },
    Event {
        slug: "spring-tide-hack",
        title: "Spring Tide Hack",
        summary: "The first of our hackathons, for tools that people on boats need.",
        days: [-120, -100, -90, -82, -82, -82],
    },
];

const DESCRIPTION: &str = "Come with an idea, or join a team that has one. Everything that you build in the days of the \
    hackathon counts; libraries and templates do not need to be yours.\n\n\
    - Mentors are online every evening.\n- Teams present on the last day.\n";

const CONDUCT: &str = "Be kind and patient. Build on the work of others only with their license. Tell the organizers when \
    someone makes you uncomfortable.";

/// Registers the organizer, whom visitors can sign in as.
async fn prepare(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let organizer = DemoPerson {
        part: "organizer",
        what: "Holds hackathons.",
        account: account(ORGANIZER, until),
    };
    let others = services.extensions.get::<DemoPeople>().cloned();
    let everyone = others.unwrap_or_default().with(&[organizer]);
    services.extensions.insert(everyone);
    person(&services.context, ORGANIZER, until).await.map(drop)
}

fn account((id, login): (i64, &str), seen_at: Timestamp) -> GithubAccount {
    GithubAccount::new(id, login.to_owned(), AccountKind::User, seen_at)
}

async fn person(context: &Context, who: (i64, &str), until: Timestamp) -> anyhow::Result<UserId> {
    let tx = context.begin().await?;
    let known = know_accounts(&tx, context, Authority::Github, [account(who, until)]).await?;
    tx.commit().await?;
    let found = known
        .get(&who.0)
        .context("a person of the demo is unknown")?;
    Ok(found.user_id)
}

/// Holds the hackathons. Those that exist stay as they are.
async fn fill(services: &Services, until: Timestamp) -> anyhow::Result<()> {
    let context = &services.context;
    let organizer = person(context, ORGANIZER, until).await?;
    add_host(context, Actor::Operator, ORGANIZER.1).await?;
    let mut people = Vec::new();
    for (id, login, skills) in PEOPLE {
        people.push((person(context, (id, login), until).await?, skills));
    }
    let today = until.duration_trunc(TimeDelta::hours(1))?;
    for event in &EVENTS {
        if reads::hackathon(&context.db, event.slug).await?.is_none() {
            hold(context, organizer, event, &people, today).await?;
        }
    }
    let rewards = rewards::offer(context).await?;
    say(format_args!(
        "Loaded {} hackathons and {rewards} rewards.",
        EVENTS.len()
    ));
    Ok(())
}

/// Holds a hackathon: people apply and form teams while applications are open, and then its dates become those of the event.
async fn hold(
    context: &Context,
    organizer: UserId,
    event: &Event,
    people: &[(UserId, &str)],
    today: Timestamp,
) -> anyhow::Result<()> {
    let open = dates(today, [-1, 1, 2, 3, 3, 3]);
    let new = NewHackathon {
        slug: Some(event.slug.to_owned()),
        details: details(event, open),
    };
    create_hackathon(context, organizer, new).await?;
    let actor = Actor::Person(organizer.0);
    publish(context, actor, event.slug).await?;
    judging::prepare(context, actor, event.slug).await?;
    take_part(context, event.slug, people).await?;
    let harbor = NewPrize {
        slug: None,
        details: prize(),
    };
    let harbor = create_prize(context, actor, event.slug, &harbor).await?;
    let mut winners = Vec::new();
    let is_over = event.days[5] < 0;
    let is_open = event.days[2] < 0 && event.days[3] > 0;
    if is_over {
        move_dates(context, actor, event, dates(today, [-4, -3, -2, 1, 1, 1])).await?;
        let winner = submit_all(context, event.slug, people).await?;
        let ruling = (Ruling::Choose(Some(JuryOutcome::Winner)), "");
        rule_submission(context, organizer, event.slug, winner, ruling).await?;
        winners.push(winner);
    }
    move_dates(context, actor, event, dates(today, event.days)).await?;
    if is_open {
        submit_all(context, event.slug, people).await?;
    }
    if is_over {
        for winner in winners {
            award_prize(context, actor, (event.slug, &harbor.slug), winner).await?;
        }
        let results = "**Gannet** wins with a berth list that works offline.\n\n1. Gannet\n2. Storm Petrels\n";
        publish_results(context, actor, event.slug, results).await?;
        approve_points(context, Actor::Operator, event.slug, PointValues::default()).await?;
        archive(context, actor, event.slug).await?;
    }
    Ok(())
}

async fn move_dates(
    context: &Context,
    actor: Actor,
    event: &Event,
    dates: [Option<String>; 6],
) -> anyhow::Result<()> {
    let moved = HackathonInput {
        dates,
        ..HackathonInput::default()
    };
    edit_hackathon(context, actor, event.slug, &moved).await?;
    Ok(())
}

/// Lets both teams submit. Returns the submission of the first.
async fn submit_all(
    context: &Context,
    slug: &str,
    people: &[(UserId, &str)],
) -> anyhow::Result<SubmissionId> {
    let projects = [
        (
            "Gannet",
            "A berth list that keeps working when the network does not.",
        ),
        ("Storm Petrels", "A radio log for small harbors."),
    ];
    let leaders = [people[0].0, people[3].0];
    let repositories = code::repositories(slug);
    let mut made = Vec::new();
    for (index, (title, summary)) in projects.into_iter().enumerate() {
        let input = SubmissionInput {
            title: title.to_owned(),
            summary: summary.to_owned(),
            repository: repositories[index].clone(),
            technologies: "Rust, HTML".to_owned(),
            ..SubmissionInput::default()
        };
        made.push(submit(context, leaders[index], slug, &input).await?.key());
    }
    Ok(made[0])
}

/// Returns the hackathons to which teams submit, with the opening of their submissions.
fn openings(until: Timestamp) -> anyhow::Result<[(&'static str, Timestamp); 2]> {
    let today = until.duration_trunc(TimeDelta::hours(1))?;
    let opening = |event: &Event| (event.slug, today + TimeDelta::days(event.days[2]));
    Ok([opening(&EVENTS[1]), opening(&EVENTS[2])])
}

fn dates(today: Timestamp, days: [i64; 6]) -> [Option<String>; 6] {
    days.map(|days| Some((today + TimeDelta::days(days)).to_rfc3339()))
}

/// Returns the prize of each hackathon.
fn prize() -> PrizeInput {
    PrizeInput {
        name: Some("Harbor prize".to_owned()),
        sponsor: Some("Pilots’ Society".to_owned()),
        value: Some("A day at sea".to_owned()),
        ..PrizeInput::default()
    }
}

fn details(event: &Event, dates: [Option<String>; 6]) -> HackathonInput {
    let text = |text: &str| Some(text.to_owned());
    HackathonInput {
        title: text(event.title),
        summary: text(event.summary),
        description: text(DESCRIPTION),
        requirements: text("Everyone can take part. Submit a public repository with a license."),
        prizes: text("The winners present their work at the harbor festival."),
        conduct: text(CONDUCT),
        tags: Some(vec!["offline".to_owned(), "harbors".to_owned()]),
        questions: Some(vec![Question {
            text: "What would you like to build?".to_owned(),
            is_required: false,
        }]),
        capacity: Some(Some(5)),
        timezone: text("Europe/Lisbon"),
        dates,
        ..HackathonInput::default()
    }
}

/// Lets everyone apply, two teams form, and the last two wait for a place.
async fn take_part(context: &Context, slug: &str, people: &[(UserId, &str)]) -> anyhow::Result<()> {
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
