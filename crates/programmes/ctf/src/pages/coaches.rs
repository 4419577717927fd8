use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{Context, outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, format::tame, redirect, show,
};
use uuid::Uuid;

use crate::{
    access::{self, RosterCoach, RosterReader},
    actions,
    model::{CoachId, RosterRole},
    reads::{self, RosterCoachView, RosterView},
};

#[derive(Template)]
#[template(path = "roster_coaches.html")]
struct CoachesPage {
    roster: RosterView,
    coaches: Vec<RosterCoachView>,
    /// True if the viewer can change the coaches.
    can_change: bool,
    /// True if the viewer has a role on the roster, which they can leave.
    has_role: bool,
    /// The link that was just created.
    created: Option<String>,
    form: Form,
}

/// The viewer's rights on the page.
#[derive(Clone, Copy)]
struct Rights {
    can_change: bool,
    has_role: bool,
}

/// `GET /ctf/rosters/{roster}/coaches`.
pub(super) async fn list(State(context): State<Context>, reader: RosterReader) -> PageResult {
    let rights = Rights { can_change: reader.can_manage(), has_role: reader.role.is_some() };
    render(&context, &reader.roster, rights, None, Form::default()).await
}

async fn render(
    context: &Context,
    roster: &RosterView,
    rights: Rights,
    created: Option<String>,
    form: Form,
) -> PageResult {
    show(&CoachesPage {
        coaches: reads::roster_coaches(&context.db, roster.key()).await?,
        roster: roster.clone(),
        can_change: rights.can_change && !roster.is_archived(),
        has_role: rights.has_role,
        created,
        form,
    })
}

/// The fields of the form that shares a roster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShareFields {
    role: String,
    email: String,
}

/// `POST /ctf/rosters/{roster}/coaches`: sends an invitation, or responds with a page that shows its link once.
pub(super) async fn share(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    RosterCoach { viewer, roster, role: own }: RosterCoach,
    Filled(fields, form): Filled<ShareFields>,
) -> Result<Response, PageError> {
    let rights = Rights { can_change: true, has_role: own.is_some() };
    let actor = viewer.actor();
    let shared = match role_named(&fields.role) {
        Ok(role) => {
            actions::share_roster(&context, &post, actor, roster.key(), role, fields.email.as_str())
                .await
        }
        Err(problem) => Err(problem.into()),
    };
    match shared {
        Ok(token) if fields.email.trim().is_empty() => {
            let link = format!("{}/ctf/links/{token}", post.site);
            let page = render(&context, &roster, rights, Some(link), Form::default()).await?;
            Ok(page.into_response())
        }
        Ok(_) => {
            let said = format!("The invitation is on its way to {}", tame(fields.email.trim()));
            Ok(back(&roster, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &roster, rights, None, form);
            form.refused(error, again).await
        }
    }
}

fn role_named(text: &str) -> Result<RosterRole, Problem> {
    RosterRole::named(text).ok_or_else(|| {
        let detail = "Choose whether they become a coach or an assistant.";
        Problem::new(ProblemKind::Invalid, "BAD_ROSTER", detail).at("role")
    })
}

/// The fields of the form that changes a role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoleFields {
    role: String,
}

/// `POST /ctf/rosters/{roster}/coaches/{coach}/role`.
pub(super) async fn change_role(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
    Address((_, coach)): Address<(String, Uuid)>,
    Filled(fields, _): Filled<RoleFields>,
) -> Result<Response, PageError> {
    let role = role_named(&fields.role)?;
    let (actor, id) = (viewer.actor(), CoachId::new(coach));
    let changed = actions::change_coach_role(&context, actor, roster.key(), id, role).await;
    let login = changed.map_err(WebError::from)?;
    let role = match role {
        RosterRole::Coach => "a coach",
        RosterRole::Assistant => "an assistant",
    };
    Ok(back(&roster, &format!("{login} is now {role}")))
}

/// `GET /ctf/rosters/{roster}/coaches/{coach}/remove`: asks before a coach is removed.
pub(super) async fn ask_to_remove(
    State(context): State<Context>,
    RosterCoach { roster, .. }: RosterCoach,
    Address((_, coach)): Address<(String, Uuid)>,
) -> PageResult {
    let coaches = reads::roster_coaches(&context.db, roster.key()).await?;
    let found = coaches.into_iter().find(|row| row.coach.id == coach);
    let login = found.ok_or_else(access::unknown_coach)?.coach.login;
    show(&Confirmation {
        question: format!("Remove {login} from {}?", tame(&roster.name)),
        consequence:
            "They no longer see this roster and its competitors. The links that they made and all open invitations to share the roster stop working, and accounts of competitors that were connected through their links are disconnected unless another coach confirmed them. You can invite them again."
                .to_owned(),
        facts: vec![
            ("School", roster.school.clone()),
            ("School year", roster.school_year.clone()),
        ],
        action: format!("{}/coaches/{coach}/remove", roster.address()),
        fields: Vec::new(),
        button: "Remove coach".to_owned(),
        is_ending: true,
        back: format!("{}/coaches", roster.address()),
    })
}

/// `POST /ctf/rosters/{roster}/coaches/{coach}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
    Address((_, coach)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let (actor, id) = (viewer.actor(), CoachId::new(coach));
    let removed = actions::remove_roster_coach(&context, actor, roster.key(), id).await;
    let login = removed.map_err(WebError::from)?;
    let said = format!("{login} no longer coaches {}", tame(&roster.name));
    Ok(back(&roster, &said))
}

/// `GET /ctf/rosters/{roster}/leave`: asks before a person leaves a roster.
pub(super) async fn ask_to_leave(RosterReader { roster, .. }: RosterReader) -> PageResult {
    show(&Confirmation {
        question: format!("Leave {}?", tame(&roster.name)),
        consequence: "You no longer see this roster and its competitors. The links that you made and all open invitations to share the roster stop working, and accounts of competitors that were connected through your links are disconnected unless another coach confirmed them. Another coach of it can invite you again.".to_owned(),
        facts: vec![
            ("School", roster.school.clone()),
            ("School year", roster.school_year.clone()),
        ],
        action: format!("{}/leave", roster.address()),
        fields: Vec::new(),
        button: "Leave roster".to_owned(),
        is_ending: true,
        back: format!("{}/coaches", roster.address()),
    })
}

/// `POST /ctf/rosters/{roster}/leave`.
pub(super) async fn leave(
    State(context): State<Context>,
    RosterReader { viewer, roster, .. }: RosterReader,
) -> Result<Response, PageError> {
    let left = actions::leave_roster(&context, viewer.user_id.into(), roster.key()).await;
    left.map_err(WebError::from)?;
    let said = format!("You no longer coach {}", tame(&roster.name));
    Ok(redirect("/ctf", &said))
}

fn back(roster: &RosterView, said: &str) -> Response {
    redirect(&format!("{}/coaches", roster.address()), said)
}
