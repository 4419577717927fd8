//! How the hackathons of the demo are held, from the announcement to the results.

use identity::model::UserId;
use platform::{Context, audit::Actor};

use super::{
    Cast, JUDGES, PEOPLE, allowed, code,
    events::{self, DemoHackathon, HARBORS, OFFLINE, dates, details},
    guest, judging, pictures,
};
use crate::{
    actions::{
        self, NewDecision, NewHackathon, NewPrize, NewResults, add_staff, add_task, apply,
        approve_points, archive, ask_for_help, award_prize, cancel, check_in, claim_prize,
        create_hackathon, create_prize, create_team, decide, freeze_due, join_team, publish,
        publish_results, rule_submission, schedule_results, set_survey, set_tracks, step_prize,
        submit,
    },
    model::{
        ApplicationId, JuryOutcome, Phase, PrizeState, ResultBlocker, Segment, StaffRole,
        SubmissionId, SurveyAudience,
    },
    rules::{
        announcements::AnnouncementInput,
        applications::{ApplicationInput, Decision},
        help::HelpInput,
        points::PointValues,
        publication::Override,
        rulings::Ruling,
        submissions::SubmissionInput,
        surveys::GivenQuestion,
        tasks::TaskInput,
    },
};

/// The tasks of each team, with their states.
const TASKS: [(&str, &str); 4] = [
    ("Draw the list of berths", "done"),
    ("Store changes until the network is back", "doing"),
    ("Write the README", "open"),
    ("Rehearse the presentation", "open"),
];

/// The projects: each a name, a summary, the place of the person who submits it in [`PEOPLE`], and its tracks. The last ones are
/// of some hackathons only.
const PROJECTS: [(&str, &str, usize, &[&str]); 5] = [
    (
        "Gannet",
        "A berth list that keeps working when the network does not.",
        0,
        &[OFFLINE, HARBORS],
    ),
    ("Storm Petrels", "A radio log for small harbors.", 3, &[HARBORS]),
    ("Slack Water", "A tide clock for the wall of a boathouse.", 4, &[OFFLINE]),
    ("Berth Bell", "Rings at the harbor office when a boat is tied up.", 5, &[HARBORS]),
    ("Chart in a Pocket", "Sea charts that a phone keeps without a network.", 6, &[OFFLINE]),
];

/// The number of applications that an organizer approved, where they are reviewed.
const APPROVED: usize = 3;

/// The number of people who have come to the hackathon in which teams are at work.
const CHECKED_IN: usize = 4;

/// Holds a hackathon. Each act has the time at which it would be taken.
pub(super) async fn hold(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
) -> anyhow::Result<()> {
    announce(&cast.at(context, event.announced()), cast, event).await?;
    if event.has_applications() {
        take_part(context, cast, event).await?;
    }
    let mut projects = Vec::new();
    if event.has_submissions() {
        projects = submit_all(&cast.at(context, event.submitted()), cast, event).await?;
        freeze_due(context).await?;
    }
    let (actor, slug) = (Actor::Person(cast.organizer.0), event.slug);
    let now = cast.at_the_end(context);
    let judged = cast.at(context, event.judged());
    match event.phase {
        Phase::Submission => welcome(&now, cast, slug).await?,
        Phase::SubmissionClosed => {
            let text = "We meet at six. Each of you gets the first project then.";
            tell(&now, actor, slug, Segment::Judges, ("Judging begins tomorrow", text)).await?;
        }
        Phase::Judging => {
            judging::begin((&judged, &now), actor, slug, &projects, &cast.judges).await?;
            let text = "The rubric is beside each project. Two of you see every project.";
            tell(&judged, actor, slug, Segment::Judges, ("Judging is open", text)).await?;
        }
        Phase::JudgingClosed | Phase::Completed => {
            judging::finish(&judged, actor, slug, &projects, &cast.judges).await?;
        }
        Phase::Canceled => {
            let reason = "The place is needed for people who had to leave the coast.";
            cancel(&now, actor, slug, reason).await?;
        }
        _ => {}
    }
    match projects.first() {
        Some(winner) if event.has_results() => complete(context, cast, event, *winner).await?,
        _ if event.has_points() => approve(&now, slug).await?,
        _ => {}
    }
    Ok(())
}

/// Lets an operator approve the points of a hackathon.
async fn approve(context: &Context, slug: &str) -> anyhow::Result<()> {
    approve_points(context, Actor::Operator, slug, PointValues::default()).await?;
    Ok(())
}

/// Announces a hackathon, unless it stays a draft.
async fn announce(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let (actor, slug) = (Actor::Person(cast.organizer.0), event.slug);
    let new = NewHackathon {
        slug: Some(slug.to_owned()),
        details: details(event, dates(cast.today, event.days)),
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

/// Sends an announcement, if there are people who get it.
async fn tell(
    context: &Context,
    actor: Actor,
    slug: &str,
    segment: Segment,
    (subject, body): (&str, &str),
) -> anyhow::Result<()> {
    let input = AnnouncementInput {
        segment: segment.as_str().to_owned(),
        subject: subject.to_owned(),
        body: body.to_owned(),
    };
    allowed(actions::announce(context, actor, slug, &input).await)?;
    Ok(())
}

/// Lets everyone apply one after the other, the contributor first, and teams form two days later.
async fn take_part(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let opened = event.applied();
    guest::apply_first(&cast.at(context, opened), cast, event).await?;
    let mut applications = Vec::new();
    for (hours, (person, skills)) in (5..).step_by(5).zip(&cast.people) {
        let input = ApplicationInput {
            motivation: "I would like to build something that is used after the weekend."
                .to_owned(),
            skills: (*skills).to_owned(),
            conduct_version: 1,
            is_looking_for_team: true,
            ..ApplicationInput::default()
        };
        let at = cast.at(context, opened + hours);
        applications.push(apply(&at, *person, event.slug, "", &input).await?.key());
    }
    let later = cast.at(context, opened + 48);
    form_teams(&later, cast, event).await?;
    guest::form_team(&later, cast, event).await?;
    if event.is_reviewed() {
        accept(&later, cast, event.slug, &applications).await?;
    }
    Ok(())
}

/// Lets two teams form. Where there are few places, the last people wait for one.
async fn form_teams(context: &Context, cast: &Cast, event: &DemoHackathon) -> anyhow::Result<()> {
    let (slug, people) = (event.slug, &cast.people);
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

/// Accepts the first applications. The others wait for an organizer.
async fn accept(
    context: &Context,
    cast: &Cast,
    slug: &str,
    applications: &[ApplicationId],
) -> anyhow::Result<()> {
    let new = NewDecision {
        decision: Decision::Approve,
        applications: applications.iter().copied().take(APPROVED).collect(),
        reason: String::new(),
    };
    decide(context, Actor::Person(cast.organizer.0), slug, &new).await?;
    Ok(())
}

/// Lets both teams submit, and people who have none. Returns the submissions in the order of [`PROJECTS`].
async fn submit_all(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
) -> anyhow::Result<Vec<SubmissionId>> {
    let mut made = Vec::new();
    let repositories = code::repositories(event.slug);
    let projects = PROJECTS.into_iter().zip(repositories).take(event.projects()).enumerate();
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
        let submission = submit(context, by, event.slug, &input).await?.key();
        cast.posters.hang(context, by, (place, submission)).await?;
        made.push(submission);
    }
    Ok(made)
}

/// Checks in the people who have come, and greets everyone; one of them needs help.
async fn welcome(context: &Context, cast: &Cast, slug: &str) -> anyhow::Result<()> {
    let actor = Actor::Person(cast.organizer.0);
    for (_, login, _) in &PEOPLE[..CHECKED_IN] {
        check_in(context, actor, slug, login).await?;
    }
    let text = "Soup is at seven in the net loft. Mentors are at their tables until ten.";
    tell(context, actor, slug, Segment::Accepted, ("Dinner, and mentors", text)).await?;
    let help = HelpInput {
        topic: "The service worker keeps an old list of berths. How do we replace it?".to_owned(),
        place: "Table 2".to_owned(),
    };
    ask_for_help(context, cast.people[0].0, slug, &help).await?;
    guest::be_helped(context, cast, slug).await
}

/// Awards the prizes of a hackathon, publishes its results and approves its points. All prizes of an archived one are handed over;
/// one of the other one is claimed.
async fn complete(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
    winner: SubmissionId,
) -> anyhow::Result<()> {
    let (actor, slug) = (Actor::Person(cast.organizer.0), event.slug);
    let then = cast.at(context, event.published());
    let choice = Ruling::Choose(Some(JuryOutcome::Winner));
    rule_submission(&then, cast.organizer, slug, winner, choice, "").await?;
    let mut awards = Vec::new();
    for prize in ["harbor-prize", "offline-prize"] {
        awards.push(award_prize(&then, actor, slug, prize, winner).await?.key());
    }
    for audience in [SurveyAudience::Participants, SurveyAudience::Judges] {
        set_survey(&then, actor, slug, audience, &questions()).await?;
    }
    let results = "**Gannet** wins with a berth list that works offline.\n\n1. Gannet\n2. Slack Water\n3. Storm Petrels\n";
    publish_at_once(&then, actor, slug, results).await?;
    let now = cast.at_the_end(context);
    approve(&now, slug).await?;
    if event.phase == Phase::Archived {
        for award in awards {
            step_prize(&now, actor, slug, award, PrizeState::Received, "").await?;
        }
        archive(&now, actor, slug).await?;
    } else if let Some(award) = awards.first() {
        let address = "Bram Ostrander, Havenstraat 4, Hoorn";
        let yesterday = cast.at(context, -24);
        claim_prize(&yesterday, winner_of(cast), slug, *award, address).await?;
    }
    Ok(())
}

/// Returns the person who submitted the first of the projects.
fn winner_of(cast: &Cast) -> UserId {
    let (_, _, by, _) = PROJECTS[0];
    cast.people[by].0
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
    // It is refused if the job that publishes what is due was faster.
    allowed(publish_results(context, actor, slug).await)?;
    Ok(())
}
