//! Steps of a season, each with the page that asks before it.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::{Role, Viewer};
use platform::{ActionError, Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};

use crate::{
    access::Organizer,
    actions::{cancel_season, publish_season, season_closes_at, sign_off_season},
    model::{SeasonId, SignOffBlocker},
    reads::{self, OpenInProject, SeasonView, SignOffReasonView},
    rules::seasons::{
        SeasonState,
        sign_off::{REASON, reasons},
    },
};

/// The projects of a season that has none.
const NO_PROJECTS: &str =
    "None yet, so nothing counts. You can add projects also while the season runs.";

async fn ask(
    context: &Context,
    season: &SeasonView,
    step: &str,
    button: &str,
    consequence: &str,
) -> PageResult {
    let projects = reads::season_projects(&context.db, season.id.into()).await?;
    let projects: Vec<String> = projects.iter().map(|it| tame(&it.name)).collect();
    let projects = if projects.is_empty() { NO_PROJECTS.to_owned() } else { projects.join(", ") };
    let (days, registration) = (season.days(), season.registration());
    let goal = Some(season.goal).filter(|goal| *goal > 0);
    show(&Confirmation {
        question: format!("{button} {}?", tame(&season.name)),
        consequence: consequence.to_owned(),
        facts: vec![
            ("Days", days.to_string()),
            ("Registration", registration.to_string()),
            ("Projects", projects),
            ("Goal", goal.map_or_else(String::new, |goal| format!("{goal} merged pull requests"))),
        ],
        action: format!("/seasons/{}/{step}", season.slug),
        fields: Vec::new(),
        button: button.to_owned(),
        is_ending: step == "cancel",
        back: format!("/seasons/{}/edit", season.slug),
    })
}

fn taken(
    changed: Result<SeasonView, ActionError>,
    part: &str,
    said: &str,
) -> Result<Response, PageError> {
    let season = changed.map_err(WebError::from)?;
    let address = format!("/seasons/{}{part}", season.slug);
    Ok(redirect(&address, &format!("{} {said}", season.name)))
}

/// `GET /seasons/{slug}/publish`: asks before a draft is published.
pub(super) async fn ask_to_publish(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> PageResult {
    let consequence = "Everyone sees the season from now on, and people can register in the days of registration. This cannot be undone.";
    ask(&context, &season, "publish", "Publish", consequence).await
}

/// `POST /seasons/{slug}/publish`.
pub(super) async fn publish(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let changed = publish_season(&context, viewer.actor(), &season.slug).await;
    taken(changed, "", "is published")
}

/// `GET /seasons/{slug}/cancel`: asks before a draft is canceled.
pub(super) async fn ask_to_cancel(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> PageResult {
    let consequence = "The draft stays invisible and can no longer be changed or published.";
    ask(&context, &season, "cancel", "Cancel", consequence).await
}

/// `POST /seasons/{slug}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let changed = cancel_season(&context, viewer.actor(), &season.slug).await;
    taken(changed, "/edit", "is canceled")
}

/// Something that is not decided, with whom to ask.
struct Undecided {
    blocker: SignOffBlocker,
    count: i64,
    /// The page on which this viewer can see it.
    page: Option<&'static str>,
    projects: Vec<OpenInProject>,
}

/// Lists what is not decided in a season, with the addresses that the viewer may open.
async fn undecided(
    context: &Context,
    viewer: &Viewer,
    season: &SeasonView,
) -> Result<Vec<Undecided>, DbError> {
    let is_moderator = viewer.acts_as(Role::Moderator);
    let mut all = Vec::new();
    for open in reads::open_things(&context.db, season).await? {
        all.push(Undecided {
            blocker: open.blocker,
            count: open.count,
            page: open.blocker.page_of_moderators().filter(|_| is_moderator),
            projects: reads::open_in_projects(&context.db, season, open.blocker).await?,
        });
    }
    Ok(all)
}

/// The page of a season that cannot be signed off now.
#[derive(Template)]
#[template(path = "season_not_final.html")]
struct NotNowPage {
    slug: String,
    name: String,
    /// Why it cannot be, and from when on it can.
    reason: String,
    /// Decisions that are still open.
    open: Vec<Undecided>,
    /// Why it was signed off although something was open.
    reasons: Vec<SignOffReasonView>,
    now: Instant,
}

/// Returns why a season cannot be signed off now; `None` if it can.
async fn bar(context: &Context, season: &SeasonView) -> Result<Option<String>, DbError> {
    let now = context.now();
    match season.state(now) {
        SeasonState::SignedOff => return Ok(Some("The results are final.".to_owned())),
        SeasonState::Canceled => {
            let reason = "The season is canceled, so it has no results.";
            return Ok(Some(reason.to_owned()));
        }
        _ => {}
    }
    let closes_at = season_closes_at(&context.db, season).await?;
    let reason = || {
        format!(
            "The results can be final from {} on. Points may change until then.",
            Instant(closes_at).minute()
        )
    };
    Ok((now < closes_at).then(reason))
}

/// The page that asks before results become final.
#[derive(Template)]
#[template(path = "season_sign_off.html")]
struct SignOffPage {
    slug: String,
    name: String,
    open: Vec<Undecided>,
    form: Form,
}

/// `GET /seasons/{slug}/sign-off`: asks before results become final, or says from when on they can be.
pub(super) async fn ask_to_sign_off(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> PageResult {
    let open = match season.signed_off_at {
        Some(_) => Vec::new(),
        None => undecided(&context, &viewer, &season).await?,
    };
    if let Some(reason) = bar(&context, &season).await? {
        let id = SeasonId::new(season.id);
        let reasons = reads::sign_off_reasons(&context.db, id).await?;
        let now = Instant(context.now());
        return show(&NotNowPage {
            slug: season.slug,
            name: season.name,
            reason,
            open,
            reasons,
            now,
        });
    }
    show(&SignOffPage { slug: season.slug, name: season.name, open, form: Form::default() })
}

/// The reasons to sign off although something is open.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignOffFields {
    open_flags: String,
    open_disputes: String,
    unreviewed_work: String,
}

/// `POST /seasons/{slug}/sign-off`.
pub(super) async fn sign_off(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Filled(fields, form): Filled<SignOffFields>,
) -> Result<Response, PageError> {
    let given = reasons([
        (SignOffBlocker::OpenFlags, fields.open_flags.as_str()),
        (SignOffBlocker::OpenDisputes, fields.open_disputes.as_str()),
        (SignOffBlocker::UnreviewedWork, fields.unreviewed_work.as_str()),
    ]);
    let changed = match given {
        Ok(reasons) => sign_off_season(&context, viewer.actor(), &season.slug, &reasons).await,
        Err(problem) => Err(problem.into()),
    };
    if let Err(ActionError::Refused(problem)) = &changed
        && (problem.field.is_some() || problem.code == "SEASON_BLOCKED")
    {
        let open = undecided(&context, &viewer, &season).await?;
        let (slug, name) = (season.slug, season.name);
        let again = async |form| show(&SignOffPage { slug, name, open, form });
        return form.refused(problem.clone(), again).await;
    }
    taken(changed, "/results", "has final results")
}
