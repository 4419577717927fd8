//! The profile of a competitor, for coaches of the roster.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use identity::model::{Role, UserId, Viewer};
use platform::{
    Context,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;
use ui::{Confirmation, Filled, Form, PageError, PageResult, format::tame, redirect, show};
use uuid::Uuid;

use super::competitors::ProfileFields;
use crate::{
    access::{self, CompetitorCoach},
    actions::{self, NO_MAIL},
    model::RosterRole,
    reads::{self, CompetitorNeed, CompetitorView, OwnRoster, RosterView},
    rules::{
        profile::{MOST_YEARS, release_day},
        rosters::PERSON_NAME,
    },
};

#[derive(Template)]
#[template(path = "competitor_profile.html")]
struct ProfilePage {
    roster: RosterView,
    competitor: CompetitorView,
    missing: Vec<&'static str>,
    can_change: bool,
    /// True if the viewer can move the competitor, such as back from an archived roster.
    can_move: bool,
    can_erase: bool,
    /// The login of another coach who answers for the account, because it was connected through their link.
    connected_by: Option<String>,
    /// The link that was just made, and the address that it was emailed to.
    sent: Option<(String, Option<String>)>,
    /// True if the server sends email, so that the parent can be asked.
    can_mail: bool,
    /// The other rosters that the viewer coaches.
    others: Vec<OwnRoster>,
    today: NaiveDate,
    form: Form,
}

impl ProfilePage {
    /// Returns what to do instead of asking the parent.
    fn no_mail(&self) -> &'static str {
        NO_MAIL
    }

    fn address(&self) -> String {
        address(&self.competitor)
    }

    /// Returns who stated the release, in lower case.
    fn stated_by(&self) -> Option<String> {
        let by = self.competitor.stated_by()?;
        Some(by.heading().to_lowercase())
    }
}

fn address(competitor: &CompetitorView) -> String {
    format!("/ctf/competitors/{}/profile", competitor.id)
}

pub(super) fn stored(competitor: &CompetitorView) -> Form {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<i64>| value.map(|it| it.to_string()).unwrap_or_default();
    let age = match competitor.is_18_or_over {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let has_one = competitor.last_name.is_empty() && !competitor.first_name.is_empty();
    let only_name = if has_one { "yes" } else { "" };
    Form::default()
        .with("first_name", &competitor.first_name)
        .with("last_name", &competitor.last_name)
        .with("only_name", only_name)
        .with("email_school", text(&competitor.email_school))
        .with("email_personal", text(&competitor.email_personal))
        .with("is_18_or_over", age)
        .with("grade", number(competitor.grade))
        .with("years_competing", number(competitor.years_competing))
        .with("parent_name", text(&competitor.parent_name))
        .with("parent_email", text(&competitor.parent_email))
}

/// `GET /ctf/competitors/{competitor}/profile`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    coach: CompetitorCoach,
) -> PageResult {
    let form = stored(&coach.competitor);
    render(&context, &post, &coach, None, form).await
}

/// Shows the profile. The read of an admin who does not coach the roster is recorded, also after an error in a form.
async fn render(
    context: &Context,
    post: &Post,
    coach: &CompetitorCoach,
    sent: Option<(String, Option<String>)>,
    form: Form,
) -> PageResult {
    coach.note(context).await?;
    let CompetitorCoach { viewer, competitor, roster, .. } = coach;
    let can_change = competitor.left_at.is_none() && !roster.is_archived();
    let own = reads::own_rosters(&context.db, viewer.user_id).await?;
    let answers = competitor.connected_by_id.map(UserId::new).filter(|by| *by != viewer.user_id);
    let logins = identity::reads::logins(&context.db, answers).await?;
    let is_other = |other: &OwnRoster| {
        other.id != roster.id && other.archived_at.is_none() && other.role == RosterRole::Coach
    };
    show(&ProfilePage {
        roster: roster.clone(),
        missing: competitor.profile().missing(),
        can_change,
        can_move: competitor.left_at.is_none(),
        can_erase: competitor.erased_at.is_none(),
        connected_by: logins.into_values().next(),
        sent,
        others: own.into_iter().filter(is_other).collect(),
        can_mail: post.channels.has(EMAIL),
        today: roster.day_of(context.now()),
        competitor: competitor.clone(),
        form,
    })
}

/// `POST /ctf/competitors/{competitor}/profile`.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    coach: CompetitorCoach,
    Filled(fields, form): Filled<ProfileFields>,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    match actions::edit_competitor(&context, actor, id, &fields.input()).await {
        Ok(()) => Ok(back(&coach, "The changes are saved")),
        Err(error) => {
            let again = |form| render(&context, &post, &coach, None, form);
            form.refused(error, again).await
        }
    }
}

fn back(coach: &CompetitorCoach, said: &str) -> Response {
    redirect(&address(&coach.competitor), said)
}

/// `POST /ctf/competitors/{competitor}/confirm`.
pub(super) async fn confirm(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let confirmed = actions::confirm_competitor(&context, actor, id).await;
    confirmed.map_err(WebError::from)?;
    let said = format!("{} is confirmed", tame(&coach.competitor.name()));
    let list = format!("{}/competitors", coach.roster.address());
    Ok(redirect(&list, &said))
}

/// `POST /ctf/competitors/{competitor}/profile/confirm-account`.
pub(super) async fn confirm_account(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    actions::confirm_account(&context, actor, id).await.map_err(WebError::from)?;
    Ok(back(&coach, "The account is confirmed"))
}

/// `POST /ctf/competitors/{competitor}/profile/link`: responds with a page that shows the link once.
pub(super) async fn send_link(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let sent = actions::send_profile_link(&context, &post, actor, id).await;
    let sent = sent.map_err(WebError::from)?;
    let link = format!("{}/ctf/links/{}", post.site, sent.token);
    let page =
        render(&context, &post, &coach, Some((link, sent.address)), stored(&coach.competitor))
            .await?;
    Ok(page.into_response())
}

/// The page that a parent is asked from: `list` for the competitors who need a release.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskFields {
    from: String,
}

/// `POST /ctf/competitors/{competitor}/profile/consent-link`: emails the link without showing it.
pub(super) async fn ask_parent(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    coach: CompetitorCoach,
    Filled(fields, _): Filled<AskFields>,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let sent = actions::send_consent_link(&context, &post, actor, id).await;
    let sent = sent.map_err(WebError::from)?;
    let to = sent.address.unwrap_or_default();
    let said = format!("The link is on its way to {}", tame(&to));
    match fields.from.as_str() {
        "list" => {
            let need = CompetitorNeed::Release.as_str();
            Ok(redirect(&format!("{}/competitors?needs={need}", coach.roster.address()), &said))
        }
        _ => Ok(back(&coach, &said)),
    }
}

/// The field of the form that records a release.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReleaseFields {
    signed_on: String,
}

/// Adds the stored profile to a form with other fields of the page.
fn with_stored(form: Form, competitor: &CompetitorView) -> Form {
    let profile = stored(competitor);
    let fields = profile.fields().iter();
    fields.fold(form, |form, (name, value)| form.with(name, value))
}

/// `POST /ctf/competitors/{competitor}/profile/release`.
pub(super) async fn record_release(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    coach: CompetitorCoach,
    Filled(fields, form): Filled<ReleaseFields>,
) -> Result<Response, PageError> {
    let form = with_stored(form, &coach.competitor);
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let recorded = match release_day(&fields.signed_on, coach.roster.day_of(context.now())) {
        Ok(day) => actions::state_release(&context, actor, id, day).await,
        Err(problem) => Err(problem.into()),
    };
    match recorded {
        Ok(()) => Ok(back(&coach, "The release is on record")),
        Err(error) => {
            let again = |form| render(&context, &post, &coach, None, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /ctf/competitors/{competitor}/profile/withdraw`.
pub(super) async fn withdraw_release(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let withdrawn = actions::withdraw_release(&context, actor, id).await;
    withdrawn.map_err(WebError::from)?;
    Ok(back(&coach, "The release is withdrawn. Scores are no longer synced"))
}

/// The field of the form that moves a competitor.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveFields {
    roster: String,
}

/// `POST /ctf/competitors/{competitor}/profile/move`: to another roster that the viewer coaches.
pub(super) async fn relocate(
    State(context): State<Context>,
    coach: CompetitorCoach,
    Filled(fields, _): Filled<MoveFields>,
) -> Result<Response, PageError> {
    let to = Uuid::try_parse(&fields.roster).map_err(|_| access::unknown_roster())?;
    let found = reads::roster(&context.db, to.into()).await?;
    let to = found.ok_or_else(access::unknown_roster)?;
    if !coaches(&context, &coach.viewer, &to).await? {
        return Err(access::unknown_roster().into());
    }
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let moved = actions::move_competitor(&context, actor, id, to.key()).await;
    moved.map_err(WebError::from)?;
    let said = format!("Moved to {}", tame(&to.name));
    Ok(back(&coach, &said))
}

async fn coaches(
    context: &Context,
    viewer: &Viewer,
    roster: &RosterView,
) -> Result<bool, WebError> {
    let role = reads::roster_role(&context.db, roster.key(), viewer.user_id).await?;
    Ok(role == Some(RosterRole::Coach) || viewer.acts_as(Role::Admin))
}

/// `GET /ctf/competitors/{competitor}/profile/leave`: asks before a competitor is removed.
pub(super) async fn ask_to_remove(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> PageResult {
    coach.note(&context).await?;
    let (name, page) = (coach.competitor.name(), address(&coach.competitor));
    show(&Confirmation {
        question: format!("Remove {} from {}?", tame(&name), tame(&coach.roster.name)),
        consequence: "Their scores are no longer synced, and they leave their team. Their results stay. They can join again with the join link.".to_owned(),
        facts: vec![("School year", coach.roster.school_year.clone())],
        action: format!("{page}/leave"),
        fields: Vec::new(),
        button: "Remove from roster".to_owned(),
        is_ending: true,
        back: page,
    })
}

/// `POST /ctf/competitors/{competitor}/profile/leave`.
pub(super) async fn remove(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let removed = actions::remove_competitor(&context, actor, id).await;
    removed.map_err(WebError::from)?;
    let said = format!("{} is no longer on the roster", tame(&coach.competitor.name()));
    let list = format!("{}/competitors", coach.roster.address());
    Ok(redirect(&list, &said))
}

/// `GET /ctf/competitors/{competitor}/profile/erase`: asks before the data of a competitor is erased.
pub(super) async fn ask_to_erase(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> PageResult {
    coach.note(&context).await?;
    let (name, page) = (coach.competitor.name(), address(&coach.competitor));
    let there = if coach.competitor.is_on_platform() {
        " An admin then asks the game platform to delete the account there."
    } else {
        ""
    };
    show(&Confirmation {
        question: format!("Erase the data of {}?", tame(&name)),
        consequence: format!(
            "The name, the addresses and all other details are removed at once. This cannot be undone.{there}"
        ),
        facts: vec![("Roster", coach.roster.name.clone())],
        action: format!("{page}/erase"),
        fields: Vec::new(),
        button: "Erase data".to_owned(),
        is_ending: true,
        back: page,
    })
}

/// `POST /ctf/competitors/{competitor}/profile/erase`.
pub(super) async fn erase(
    State(context): State<Context>,
    coach: CompetitorCoach,
) -> Result<Response, PageError> {
    let (actor, id) = (coach.viewer.actor(), coach.competitor.key());
    let erased = actions::erase_competitor(&context, actor, id).await;
    erased.map_err(WebError::from)?;
    let list = format!("{}/competitors", coach.roster.address());
    Ok(redirect(&list, "The data of the competitor is erased"))
}
