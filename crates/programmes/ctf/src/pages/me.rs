//! The page of a competitor about themselves.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Confirmation, Filled, Form, PageError, PageResult, redirect, show};

use super::{
    competitor_profile::stored,
    competitors::ProfileFields,
    own_badges::{CompetitorBadge, own_badges},
};
use crate::{
    access::OwnCompetitor,
    actions,
    reads::{self, CompetitorView, ConsentText, RosterView},
    rules::{
        consent::agreed,
        milestones::{Milestone, reached},
        profile::MOST_YEARS,
        rosters::PERSON_NAME,
    },
};

const PAGE: &str = "/ctf/me";

#[derive(Template)]
#[template(path = "ctf_me.html")]
struct MePage {
    roster: RosterView,
    competitor: CompetitorView,
    team: Option<String>,
    missing: Vec<&'static str>,
    can_change: bool,
    /// True if the account has a verified email address.
    has_address: bool,
    milestones: Vec<String>,
    badges: Vec<CompetitorBadge>,
    consent: Option<ConsentText>,
    form: Form,
}

/// `GET /ctf/me`.
pub(super) async fn page(State(context): State<Context>, own: OwnCompetitor) -> PageResult {
    let form = stored(&own.competitor);
    render(&context, &own, form).await
}

async fn render(context: &Context, own: &OwnCompetitor, form: Form) -> PageResult {
    let OwnCompetitor { competitor, roster, .. } = own;
    let facts = reads::milestone_facts(&context.db, competitor.key()).await?;
    let address = identity::reads::verified_email(&context.db, own.viewer.user_id).await?;
    show(&MePage {
        has_address: address.is_some(),
        milestones: reached(&facts).into_iter().map(Milestone::heading).collect(),
        badges: own_badges(&context.db, competitor.user_id).await?,
        team: reads::team_name(&context.db, competitor.key()).await?,
        missing: competitor.profile().missing(),
        can_change: competitor.left_at.is_none() && !roster.is_archived(),
        consent: reads::latest_consent(&context.db).await?,
        roster: roster.clone(),
        competitor: competitor.clone(),
        form,
    })
}

fn back(said: &str) -> Response {
    redirect(PAGE, said)
}

/// `POST /ctf/me`.
pub(super) async fn save(
    State(context): State<Context>,
    own: OwnCompetitor,
    Filled(fields, form): Filled<ProfileFields>,
) -> Result<Response, PageError> {
    let (actor, id) = (own.viewer.actor(), own.competitor.key());
    match actions::edit_own_profile(&context, actor, id, &fields.input()).await {
        Ok(()) => Ok(back("The changes are saved")),
        Err(error) => {
            let again = |form| render(&context, &own, form);
            form.refused(error, again).await
        }
    }
}

/// The field of the form that signs a release.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReleaseFields {
    agreed: String,
}

/// `POST /ctf/me/release`: signs the release of a competitor who is of age.
pub(super) async fn sign_release(
    State(context): State<Context>,
    own: OwnCompetitor,
    Filled(fields, form): Filled<ReleaseFields>,
) -> Result<Response, PageError> {
    let (actor, id) = (own.viewer.actor(), own.competitor.key());
    let agreed = agreed(&fields.agreed);
    match actions::sign_own_release(&context, actor, id, agreed).await {
        Ok(()) => Ok(back("Your release is signed")),
        Err(error) => {
            let profile = stored(&own.competitor);
            let fields = profile.fields().iter();
            let form = fields.fold(form, |form, (name, value)| form.with(name, value));
            form.refused(error, |form| render(&context, &own, form)).await
        }
    }
}

/// `POST /ctf/me/withdraw`.
pub(super) async fn withdraw_release(
    State(context): State<Context>,
    own: OwnCompetitor,
) -> Result<Response, PageError> {
    let (actor, id) = (own.viewer.actor(), own.competitor.key());
    let withdrawn = actions::withdraw_release(&context, actor, id).await;
    done(withdrawn, PAGE, "Your release is withdrawn. Your scores are no longer synced")
}

fn done(result: Result<(), ActionError>, page: &str, said: &str) -> Result<Response, PageError> {
    result.map_err(WebError::from)?;
    Ok(redirect(page, said))
}

/// The field of the form about the weekly email.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MailFields {
    wants: String,
}

/// `POST /ctf/me/weekly-mail`.
pub(super) async fn choose_weekly_mail(
    State(context): State<Context>,
    own: OwnCompetitor,
    Filled(fields, _): Filled<MailFields>,
) -> Result<Response, PageError> {
    let wants = fields.wants == "yes";
    let chosen = actions::choose_weekly_mail(&context, own.competitor.key(), wants).await;
    let said =
        if wants { "You get the weekly email" } else { "You no longer get the weekly email" };
    done(chosen, PAGE, said)
}

/// `GET /ctf/me/leave`: asks before a competitor leaves the roster.
pub(super) async fn ask_to_leave(_: OwnCompetitor) -> PageResult {
    show(&Confirmation {
        question: "Leave the roster?".to_owned(),
        consequence: "Your scores are no longer synced, and you leave your team. Your results stay. You can join again with the join link.".to_owned(),
        facts: Vec::new(),
        action: format!("{PAGE}/leave"),
        fields: Vec::new(),
        button: "Leave roster".to_owned(),
        is_ending: true,
        back: PAGE.to_owned(),
    })
}

/// `POST /ctf/me/leave`.
pub(super) async fn leave(
    State(context): State<Context>,
    own: OwnCompetitor,
) -> Result<Response, PageError> {
    let (actor, id) = (own.viewer.actor(), own.competitor.key());
    let left = actions::remove_competitor(&context, actor, id).await;
    done(left, PAGE, "You have left the roster")
}

/// `GET /ctf/me/erase`: asks before the data of a competitor is erased.
pub(super) async fn ask_to_erase(_: OwnCompetitor) -> PageResult {
    show(&Confirmation {
        question: "Erase your data as a competitor?".to_owned(),
        consequence: "Your name, your addresses and all other details are removed at once. This cannot be undone. Your account on this server stays.".to_owned(),
        facts: Vec::new(),
        action: format!("{PAGE}/erase"),
        fields: Vec::new(),
        button: "Erase data".to_owned(),
        is_ending: true,
        back: PAGE.to_owned(),
    })
}

/// `POST /ctf/me/erase`.
pub(super) async fn erase(
    State(context): State<Context>,
    own: OwnCompetitor,
) -> Result<Response, PageError> {
    let (actor, id) = (own.viewer.actor(), own.competitor.key());
    let erased = actions::erase_competitor(&context, actor, id).await;
    done(erased, "/ctf", "Your data as a competitor is erased")
}
