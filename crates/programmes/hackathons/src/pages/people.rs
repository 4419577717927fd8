//! Applications, for organizers.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::NextWork;
use kernel::{Problem, Timestamp};
use platform::{Context, web::bad_cursor};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::Instant,
    show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::Organizer,
    actions::{self, DecidedApplication, NewDecision},
    model::{ApplicationId, ApplicationStatus, HackathonId},
    reads::{self, ApplicationPart, ApplicationView, Counts, HackathonView},
    rules::{applications::Decision, invalid},
};

/// The number of applications on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleQuery {
    status: String,
    cursor: String,
}

#[derive(Template)]
#[template(path = "hackathon_applications.html")]
struct PeoplePage {
    card: HackathonCard,
    capacity: Option<i64>,
    rows: Vec<ApplicationView>,
    counts: Counts,
    status: String,
    next: Option<Uuid>,
    is_first: bool,
    form: Form,
    now: LocalNow,
}

impl PeoplePage {
    /// Returns the tabs: the part in addresses, the label and the number.
    fn tabs(&self) -> [(&'static str, &'static str, i64); 6] {
        let counts = self.counts;
        let all = counts.pending
            + counts.accepted
            + counts.waitlisted
            + counts.rejected
            + counts.withdrawn;
        [
            ("", "All", all),
            ("pending_review", "To review", counts.pending),
            ("accepted", "Accepted", counts.accepted),
            ("waitlisted", "Waitlist", counts.waitlisted),
            ("rejected", "Rejected", counts.rejected),
            ("withdrawn", "Withdrawn", counts.withdrawn),
        ]
    }

    fn free(&self) -> Option<i64> {
        let capacity = self.capacity?;
        Some((capacity - self.counts.accepted).max(0))
    }

    fn can_decide(&self, row: &ApplicationView) -> bool {
        self.card.is_changeable() && row.status != ApplicationStatus::Withdrawn
    }
}

/// `GET /hackathons/{slug}/applications`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<PeopleQuery>,
) -> PageResult {
    render(&context, &hackathon, &query, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    query: &PeopleQuery,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let part = ApplicationPart::named(&query.status).unwrap_or(ApplicationPart::All);
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => {
            let id = Uuid::try_parse(cursor).map_err(|_| bad_cursor())?;
            Some(ApplicationId::new(id))
        }
    };
    let mut rows = reads::applications(db, id, part, after, ROWS as i64 + 1).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    show(&PeoplePage {
        card: HackathonCard::of(hackathon, context.now()),
        capacity: hackathon.capacity,
        next: rows.last().filter(|_| more).map(|last| last.id),
        rows,
        counts: reads::counts(db, id).await?,
        status: query.status.clone(),
        is_first: after.is_none(),
        form,
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

/// The fields of the form that decides. The boxes of the chosen applications are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionFields {
    decision: String,
    reason: String,
    status: String,
}

/// `POST /hackathons/{slug}/applications`: approves or rejects the chosen applications.
pub(super) async fn decide(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    next: NextWork,
    Filled(fields, form): Filled<DecisionFields>,
) -> Result<Response, PageError> {
    let decided = match decision(&fields, &form) {
        Ok(new) => actions::decide(&context, viewer.actor(), &hackathon.slug, &new).await,
        Err(problem) => Err(problem.into()),
    };
    match decided {
        Ok(decided) => {
            let address = format!(
                "{}/applications?status={}",
                hackathon.address(),
                ui::format::segment(&fields.status)
            );
            let open = format!("{}/applications?status=pending_review", hackathon.address());
            let said = summary(decided);
            Ok(next.after(&context, &["application"], (&open, &address), &said).await?)
        }
        Err(error) => {
            let query = PeopleQuery { status: fields.status, cursor: String::new() };
            let again = |form| render(&context, &hackathon, &query, form);
            form.refused(error, again).await
        }
    }
}

fn decision(fields: &DecisionFields, form: &Form) -> Result<NewDecision, Problem> {
    let decision = Decision::named(&fields.decision).ok_or_else(|| {
        let detail = "Choose whether to approve or to reject.".to_owned();
        invalid("decision", detail)
    })?;
    if decision == Decision::Approve && !fields.reason.trim().is_empty() {
        let detail = "People read a reason only with a rejection. Remove it to approve.".to_owned();
        return Err(invalid("reason", detail));
    }
    let chosen = form.fields().iter().filter(|(name, _)| name == "application");
    let read = |(_, id): &(String, String)| {
        let detail = format!("'{id}' is not an application. Reload the list.");
        let id = Uuid::try_parse(id).map_err(|_| invalid("applications", detail))?;
        Ok(ApplicationId::new(id))
    };
    Ok(NewDecision {
        decision,
        applications: chosen.map(read).collect::<Result<_, Problem>>()?,
        reason: fields.reason.clone(),
    })
}

/// Returns the outcome in a sentence.
fn summary(decided: DecidedApplication) -> String {
    let parts = [
        (decided.accepted, "accepted"),
        (decided.waitlisted, "on the waitlist"),
        (decided.rejected, "rejected"),
        (decided.unchanged, "left as before"),
    ];
    let said = parts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = said.map(|(count, what)| format!("{count} {what}")).collect();
    said.join(", ")
}

/// The columns of the file.
const HEAD: [&str; 12] = [
    "person",
    "status",
    "applied_at",
    "waitlist_rank",
    "team",
    "looking_for_team",
    "skills",
    "motivation",
    "answers",
    "conduct_version",
    "confirmed_at",
    "checked_in_at",
];

/// `GET /hackathons/{slug}/applications.csv`: all applications.
pub(super) async fn csv(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Response, PageError> {
    let name = format!("{}-applications", hackathon.slug);
    let id = hackathon.key();
    let read = move |after| batch(context.clone(), id, after);
    Ok(csv::streamed(&name, &HEAD, None, read))
}

async fn batch(
    context: Context,
    id: HackathonId,
    after: Option<ApplicationId>,
) -> Batch<Option<ApplicationId>> {
    let part = ApplicationPart::All;
    let rows = reads::applications(&context.db, id, part, after, BATCH).await?;
    let next = next_batch(&rows, |row| Some(row.key()));
    Ok((rows.iter().map(|row| csv::line(&cells(row))).collect(), next))
}

fn cells(row: &ApplicationView) -> [Cell; 12] {
    let at = |at: Option<Timestamp>| at.map_or_else(|| String::new().into(), Into::into);
    let answers = row.answers().into_iter();
    let answers = answers.map(|it| format!("{} {}", it.question, it.answer));
    let looks = if row.is_looking_for_team { "yes" } else { "no" };
    [
        row.login.clone().into(),
        row.status.as_str().into(),
        row.created_at.into(),
        row.waitlist_rank.map(|rank| rank.to_string()).unwrap_or_default().into(),
        row.team.clone().unwrap_or_default().into(),
        looks.into(),
        row.skills().join(", ").into(),
        row.motivation.clone().into(),
        answers.collect::<Vec<_>>().join("\n").into(),
        row.conduct_version.into(),
        at(row.confirmed_at),
        at(row.checked_in_at),
    ]
}
