//! The hand-over of prizes, for organizers.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{
    ActionError, Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, Who,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::Instant,
    redirect, show,
};
use uuid::Uuid;

use crate::{
    access::{Organizer, unknown_award},
    actions::{read_prize_claim, step_prize, take_back_prize},
    model::{HackathonId, PrizeAwardId, PrizeState},
    pages::{HackathonCard, LocalNow},
    reads::{self, HackathonView, PrizeAwardPart, PrizeAwardView},
    rules::{invalid, prizes::REASON},
};

/// The number of awards on a page.
const ROWS: usize = 50;

/// The tabs: the part in addresses, and the label.
const TABS: [(&str, &str); 4] =
    [("", "To do"), ("received", "Received"), ("forfeited", "Forfeited"), ("all", "All")];

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AwardsQuery {
    state: String,
    cursor: String,
}

#[derive(Template)]
#[template(path = "prize_awards.html")]
struct AwardsPage {
    card: HackathonCard,
    rows: Vec<PrizeAwardView>,
    state: String,
    next: Option<Uuid>,
    is_first: bool,
    now: LocalNow,
}

impl AwardsPage {
    fn is_tab(&self, part: &str) -> bool {
        self.state == part
    }
}

/// `GET /hackathons/{slug}/prize-awards`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<AwardsQuery>,
) -> PageResult {
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::try_parse(cursor).map_err(|_| WebError::from(bad_cursor()))?),
    };
    let part = PrizeAwardPart::named(&query.state).unwrap_or(PrizeAwardPart::Open);
    let after = after.map(PrizeAwardId::new);
    let mut found =
        reads::prize_awards(&context.db, hackathon.key(), part, after, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    show(&AwardsPage {
        card: HackathonCard::of(&hackathon, context.now()),
        next: found.last().filter(|_| more).map(|last| last.id),
        rows: found,
        state: query.state,
        is_first: after.is_none(),
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

#[derive(Template)]
#[template(path = "prize_award.html")]
struct AwardPage {
    card: HackathonCard,
    award: PrizeAwardView,
    /// The logins of the people who won it.
    people: Vec<Who>,
    /// The claim details, if the organizer asked for them.
    claim: Option<String>,
    form: Form,
    now: LocalNow,
}

/// `GET /hackathons/{slug}/prize-awards/{id}`.
pub(super) async fn page(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    render(&context, &hackathon, id.into(), None, Form::default()).await
}

async fn found(
    context: &Context,
    hackathon: &HackathonView,
    id: PrizeAwardId,
) -> Result<PrizeAwardView, PageError> {
    let found = reads::prize_award(&context.db, id).await?;
    let own = found.filter(|it| it.hackathon_id == hackathon.id);
    Ok(own.ok_or_else(|| WebError::from(unknown_award()))?)
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    id: PrizeAwardId,
    claim: Option<String>,
    form: Form,
) -> PageResult {
    let award = found(context, hackathon, id).await?;
    let db = &context.db;
    let people = reads::prize_recipients(db, award.submission_id.into()).await?;
    let known = identity::reads::who(db, people).await?;
    let mut people: Vec<Who> = known.into_values().collect();
    people.sort_unstable_by(|a, b| a.called().cmp(b.called()));
    show(&AwardPage {
        card: HackathonCard::of(hackathon, context.now()),
        award,
        people,
        claim,
        form,
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

/// The fields of the form that moves an award.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AwardStepFields {
    state: String,
    reason: String,
}

/// `POST /hackathons/{slug}/prize-awards/{id}`: moves an award to a state, or takes it back before the results.
pub(super) async fn step(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<AwardStepFields>,
) -> Result<Response, PageError> {
    let (actor, slug) = (viewer.actor(), hackathon.slug.as_str());
    let stepped: Result<(String, String), ActionError> = match fields.state.as_str() {
        "take_back" => take_back_prize(&context, actor, slug, id.into()).await.map(|award| {
            let said = format!("{} no longer has {}", award.project, award.name);
            (format!("{}/prizes/{}", hackathon.address(), award.slug), said)
        }),
        state => match PrizeState::named(state) {
            Some(to) if to != PrizeState::Forfeited && !fields.reason.trim().is_empty() => {
                let detail =
                    "Only a forfeited prize has a reason. Remove it, or forfeit the prize.";
                Err(invalid("reason", detail.to_owned()).into())
            }
            Some(to) => {
                let stepped =
                    step_prize(&context, actor, slug, id.into(), to, fields.reason.as_str()).await;
                stepped.map(|award| {
                    let said = format!("{}: {}", award.name, to.heading().to_lowercase());
                    (format!("{}/prize-awards", hackathon.address()), said)
                })
            }
            None => Err(invalid("state", "Choose a state.".to_owned()).into()),
        },
    };
    match stepped {
        Ok((back, said)) => Ok(redirect(&back, &said)),
        Err(error) => {
            // An award that does not exist has no page to show the form on.
            found(&context, &hackathon, id.into()).await?;
            let again = |form| render(&context, &hackathon, id.into(), None, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/prize-awards/{id}/claim`: shows the claim details, and records that the organizer read them.
pub(super) async fn claim(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    let claim =
        read_prize_claim(&context, viewer.user_id, hackathon.slug.as_str(), id.into()).await;
    let claim = claim.map_err(WebError::from)?;
    render(&context, &hackathon, id.into(), claim, Form::default()).await
}

/// The columns of the file.
const HEAD: [&str; 9] =
    ["id", "prize", "value", "project", "team", "state", "state_at", "claimed_by", "reason"];

/// `GET /hackathons/{slug}/prize-awards.csv`: all awards, without claim details.
pub(super) async fn csv(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Response, PageError> {
    let name = format!("{}-prizes", hackathon.slug);
    let id = hackathon.key();
    let read = move |after| batch(context.clone(), id, after);
    Ok(csv::streamed(&name, &HEAD, None, read))
}

async fn batch(
    context: Context,
    hackathon: HackathonId,
    after: Option<PrizeAwardId>,
) -> Batch<Option<PrizeAwardId>> {
    let rows =
        reads::prize_awards(&context.db, hackathon, PrizeAwardPart::All, after, BATCH).await?;
    let next = next_batch(&rows, |row| Some(row.key()));
    let lines = rows.iter().map(|row| csv::line(&cells(row))).collect();
    Ok((lines, next))
}

fn cells(row: &PrizeAwardView) -> [Cell; 9] {
    [
        row.id.to_string().into(),
        row.name.clone().into(),
        row.value.clone().into(),
        row.project.clone().into(),
        row.team().to_owned().into(),
        row.state.as_str().into(),
        row.state_at.into(),
        row.claimed_by.clone().unwrap_or_default().into(),
        row.reason.clone().unwrap_or_default().into(),
    ]
}
