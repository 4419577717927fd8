use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::Role;
use kernel::{Problem, ProblemKind};
use platform::{Context, audit, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString,
    format::{Instant, segment},
    redirect, show,
};
use uuid::Uuid;

use super::SeasonCard;
use crate::{
    access::Organizer,
    actions::{self, NewSanction, lift_sanction},
    model::SanctionKind,
    reads::{self, ParticipantView, SanctionView, SeasonView},
};

/// The number of participants on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "season_participants.html")]
struct ParticipantsPage {
    season: SeasonCard,
    participants: Vec<ParticipantView>,
    next: Option<Uuid>,
    is_first: bool,
    /// True if the viewer may invite people to a public season.
    can_invite: bool,
    now: Instant,
}

/// `GET /seasons/{slug}/participants`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    QueryString(query): QueryString<ListQuery>,
) -> PageResult {
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::try_parse(cursor).map_err(|_| {
            let detail = "The cursor is not one of this list. Start again without it.";
            Problem::new(ProblemKind::Malformed, "BAD_CURSOR", detail)
        })?),
    };
    let limit = ROWS as i64 + 1;
    let id = season.id.into();
    let mut participants = reads::participants_page(&context.db, id, after, limit).await?;
    let more = participants.len() > ROWS;
    participants.truncate(ROWS);
    let last = participants.last().filter(|_| more);
    let season = SeasonCard::of(&season, context.now());
    show(&ParticipantsPage {
        next: last.map(|last| last.registration.id),
        can_invite: viewer.acts_as(Role::Admin) && season.state.is_public() && !season.is_over(),
        season,
        participants,
        is_first: after.is_none(),
        now: Instant(context.now()),
    })
}

#[derive(Template)]
#[template(path = "season_participant.html")]
struct ParticipantPage {
    season: SeasonCard,
    login: String,
    encoded: String,
    /// The registration; absent if the person is not registered.
    participant: Option<ParticipantView>,
    sanctions: Vec<SanctionView>,
    form: Form,
    now: Instant,
}

/// `GET /seasons/{slug}/participants/{login}`.
pub(super) async fn participant(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
    Address((_, login)): Address<(String, String)>,
) -> PageResult {
    render(&context, &season, &login, Form::default()).await
}

async fn render(context: &Context, season: &SeasonView, login: &str, form: Form) -> PageResult {
    let (db, id) = (&context.db, season.id.into());
    let person = identity::reads::find_named(db, login).await;
    let person = person.map_err(WebError::from)?;
    show(&ParticipantPage {
        season: SeasonCard::of(season, context.now()),
        participant: reads::participant_named(db, id, person.id.into()).await?,
        sanctions: reads::sanctions_of(db, id, person.id.into()).await?,
        encoded: segment(&person.login),
        login: person.login,
        form,
        now: Instant(context.now()),
    })
}

/// The fields of the form that warns or disqualifies.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SanctionFields {
    kind: String,
    reason: String,
}

/// `POST /seasons/{slug}/participants/{login}`: warns or disqualifies a person.
pub(super) async fn sanction(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Address((_, login)): Address<(String, String)>,
    Filled(fields, form): Filled<SanctionFields>,
) -> Result<Response, PageError> {
    let kind = SanctionKind::named(&fields.kind).ok_or_else(|| {
        let detail = "Choose whether to warn or to disqualify.";
        let problem = Problem::new(ProblemKind::Invalid, "BAD_SEASON", detail).at("kind");
        problem.with(audit::reason(&fields.reason))
    });
    let decided = match kind {
        Ok(kind) => {
            let new = NewSanction { login: login.clone(), kind, reason: fields.reason };
            actions::sanction(&context, viewer.actor(), &season.slug, &new).await
        }
        Err(problem) => Err(problem.into()),
    };
    match decided {
        Ok(_) => {
            let address = participant_path(&season.slug, &login);
            let said = match fields.kind.as_str() {
                "warning" => format!("{login} is warned"),
                _ => format!("{login} is disqualified"),
            };
            Ok(redirect(&address, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &season, &login, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LiftFields {
    reason: String,
}

/// `POST /seasons/{slug}/sanctions/{id}/lift`.
pub(super) async fn lift(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
    Filled(fields, _): Filled<LiftFields>,
) -> Result<Response, PageError> {
    let (actor, slug) = (viewer.actor(), &season.slug);
    let lifted = lift_sanction(&context, actor, slug, id.into(), &fields.reason).await;
    lifted.map_err(WebError::from)?;
    let address = format!("/seasons/{slug}/participants");
    Ok(redirect(&address, "The sanction is lifted"))
}

fn participant_path(slug: &str, login: &str) -> String {
    format!("/seasons/{slug}/participants/{}", segment(login))
}
