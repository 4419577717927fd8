//! The module's part of the demo: rewards, an organizer, two judges, and a hackathon in each phase. Everything enters by the actions
//! of people, at the time when they took them.

mod code;
mod events;
mod guest;
mod hold;
mod judging;
mod pictures;
mod rewards;
mod texts;

use anyhow::Context as _;
use chrono::{DurationRound as _, TimeDelta};
use identity::{
    actions::report_picture,
    demo::sign_in_once,
    model::{AccountKind, DemoPeople, DemoPerson, GithubAccount, UserId},
};
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::Actor,
    command::say,
    module::{Demo, Services},
};
use testkit::clock::as_of;

use self::{events::EVENTS, hold::hold, pictures::Posters};
use crate::{
    actions::{add_host, change_friendship, open_surveys},
    reads,
    rules::friends::Verb,
};

/// The module's part of the demo.
pub const DEMO: Demo = Demo {
    says: "hackathons and rewards",
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

/// The people of the demo and its end.
struct Cast {
    organizer: UserId,
    judges: [UserId; 2],
    /// The participants, with their skills.
    people: Vec<(UserId, &'static str)>,
    /// The contributor whom visitors can sign in as, with their login.
    guest: Option<(UserId, String)>,
    posters: Posters,
    until: Timestamp,
    /// The hour of the end.
    today: Timestamp,
}

impl Cast {
    /// Returns the context as of some hours before the end of the demo.
    fn at(&self, context: &Context, hours: i64) -> Context {
        as_of(context, self.today + TimeDelta::hours(hours))
    }

    /// Returns the context as of the end of the demo.
    fn at_the_end(&self, context: &Context) -> Context {
        as_of(context, self.until)
    }
}

/// Registers the organizer and a judge, whom visitors can sign in as.
async fn prepare(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let organizer = DemoPerson {
        part: "organizer",
        sees: "Eleven hackathons, one in each phase: check-ins, a call for help, judging, results.",
        account: account(ORGANIZER, until),
    };
    let judge = DemoPerson {
        part: "judge",
        sees: "The next project to score, and how far the judging is.",
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
    Ok(sign_in_once(context, account(who, until)).await?)
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
        until,
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
    open_surveys(context).await?;
    befriend(context, &cast).await?;
    report(context, &cast).await?;
    let rewards = rewards::offer(context).await?;
    say(format_args!("Loaded {} hackathons and {rewards} rewards.", EVENTS.len()));
    Ok(())
}

/// Lets participants ask the organizer, a judge and the contributor to be friends, and one accept the organizer's request.
async fn befriend(context: &Context, cast: &Cast) -> anyhow::Result<()> {
    let [bram, lucia, ines, ..] = cast.people.as_slice() else {
        return Ok(());
    };
    let mut requests = vec![
        (cast.organizer, PEOPLE[0].1, Verb::Request),
        (bram.0, ORGANIZER.1, Verb::Accept),
        (lucia.0, ORGANIZER.1, Verb::Request),
        (ines.0, JUDGES[0].1, Verb::Request),
    ];
    if let Some((_, guest)) = &cast.guest {
        requests.push((ines.0, guest.as_str(), Verb::Request));
    }
    for (person, other, verb) in requests {
        allowed(change_friendship(context, person, other, verb).await)?;
    }
    Ok(())
}

/// Lets a participant report the picture of a project of others.
async fn report(context: &Context, cast: &Cast) -> anyhow::Result<()> {
    let Some((reporter, _)) = cast.people.last() else {
        return Ok(());
    };
    let words = "This drawing is from the page of a radio club. Did anyone ask them?";
    allowed(report_picture(context, *reporter, cast.posters.reported(), words).await)?;
    Ok(())
}

/// Returns the result of an action; `None` if it was refused, as one that was taken before, or one of a feature that is off.
fn allowed<T>(result: Result<T, ActionError>) -> anyhow::Result<Option<T>> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(ActionError::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
