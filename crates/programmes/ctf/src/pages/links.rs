use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use identity::{
    access::SignedIn,
    model::{UserId, Viewer},
    reads::logins,
};
use platform::{
    Context,
    web::{SIGN_IN_REQUIRED, WebError},
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult,
    format::{Instant, segment, tame},
    redirect, show,
};

use super::{consent_link, profile_link};
use crate::{
    access,
    actions::{self, check_addressee},
    model::{Division, LinkKind, RosterRole},
    reads::{self, LinkView, RosterView},
    rules::{
        links::LinkState,
        rosters::{CoachInput, PERSON_NAME, REGION, SCHOOL},
    },
};

#[derive(Template)]
#[template(path = "ctf_link.html")]
struct LinkPage {
    token: String,
    kind: LinkKind,
    role: RosterRole,
    /// The roster; absent for an invitation to become a coach.
    roster: Option<RosterView>,
    /// True if the viewer has to become an approved coach before they can accept.
    needs_coach: bool,
    /// The end of the link's lifetime.
    expires: Instant,
    form: Form,
}

impl LinkPage {
    fn heading(&self) -> String {
        let roster = self.roster.as_ref().map_or("", |roster| &roster.name);
        match (self.kind, self.role) {
            (LinkKind::Join, _) => format!("Join {roster}"),
            (LinkKind::Roster, RosterRole::Coach) => format!("Coach {roster}"),
            (LinkKind::Roster, RosterRole::Assistant) => format!("Assist the coaches of {roster}"),
            _ => "Become a coach".to_owned(),
        }
    }

    fn is_join(&self) -> bool {
        self.kind == LinkKind::Join
    }

    fn is_coach(&self) -> bool {
        self.kind == LinkKind::Coach
    }

    fn is_assistant(&self) -> bool {
        self.role == RosterRole::Assistant
    }
}

#[derive(Template)]
#[template(path = "ctf_link_ended.html")]
struct EndedPage {
    heading: &'static str,
    explanation: String,
}

/// `GET /ctf/links/{token}`.
pub(super) async fn page(
    State(context): State<Context>,
    viewer: Result<SignedIn, WebError>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let found = reads::link(&context.db, &token, context.now()).await?;
    let link = found.ok_or_else(access::unknown_link)?;
    if !link.state.is_open() {
        return ended(&link);
    }
    let page = match link.kind {
        LinkKind::Profile => profile_link::page(&context, viewer, &link, &token).await?,
        LinkKind::Consent => consent_link::page(&context, &link, &token, Form::default()).await?,
        LinkKind::Coach | LinkKind::Roster | LinkKind::Join => {
            let viewer = match viewer {
                Ok(SignedIn(viewer)) => viewer,
                Err(WebError::Refused(problem)) if problem.code == SIGN_IN_REQUIRED => {
                    return sign_in(&context, &link, &token).await;
                }
                Err(error) => return Err(error.into()),
            };
            check_addressee(&context.db, link.email.as_deref(), viewer.user_id).await?;
            render(&context, &viewer, &link, &token, Form::default()).await?
        }
    };
    Ok(page.into_response())
}

/// Sends a visitor to sign in, and says who invites them to what. No more than that: the page leads back to the invitation.
async fn sign_in(context: &Context, link: &LinkView, token: &str) -> Result<Response, PageError> {
    let maker = logins(&context.db, link.created_by_id.map(UserId::new)).await;
    let maker = maker.map_err(WebError::from)?.into_values().next();
    let by = maker.map_or_else(|| "An operator of this server".to_owned(), |login| tame(&login));
    let roster = match link.roster_id {
        Some(id) => reads::roster(&context.db, id.into()).await.map_err(WebError::from)?,
        None => None,
    };
    let of = roster.map_or_else(String::new, |roster| {
        format!("the CTF team roster {} of {}", tame(&roster.name), tame(&roster.school))
    });
    let to = match (link.kind, link.role) {
        (LinkKind::Join, _) => format!("join {of}"),
        (LinkKind::Roster, RosterRole::Coach) => format!("coach {of}"),
        (LinkKind::Roster, RosterRole::Assistant) => format!("assist the coaches of {of}"),
        _ => "become a coach of CTF teams".to_owned(),
    };
    let back = segment(&format!("/ctf/links/{token}"));
    Ok(redirect(
        &format!("/sign-in?return={back}"),
        &format!("{by} invites you to {to}. Sign in to answer"),
    ))
}

/// Returns an open link of a kind for a person or a parent without an account; otherwise the page of a link that can no longer
/// be used.
pub(super) async fn of_kind(
    context: &Context,
    token: &str,
    kind: LinkKind,
) -> Result<Result<LinkView, Response>, PageError> {
    let found = reads::link(&context.db, token, context.now()).await?;
    let found = found.filter(|link| link.kind == kind);
    let link = found.ok_or_else(access::unknown_link)?;
    if link.state.is_open() { Ok(Ok(link)) } else { Ok(Err(ended(&link)?)) }
}

/// Renders the page of a link that can no longer be used.
fn ended(link: &LinkView) -> Result<Response, PageError> {
    let page = show(&EndedPage {
        heading: link.state.heading(),
        explanation: link.state.explanation(link.kind),
    })?;
    Ok((StatusCode::GONE, page).into_response())
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    link: &LinkView,
    token: &str,
    form: Form,
) -> PageResult {
    let needs_coach = link.kind == LinkKind::Roster
        && !reads::coach_of(&context.db, viewer.user_id).await?.is_some_and(|coach| coach.approved);
    let roster = match link.roster_id {
        Some(id) => reads::roster(&context.db, id.into()).await?,
        None => None,
    };
    show(&LinkPage {
        token: token.to_owned(),
        kind: link.kind,
        role: link.role,
        roster,
        needs_coach,
        expires: Instant(link.expires_at),
        form,
    })
}

/// The fields of all forms that accept an invitation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AcceptFields {
    school: String,
    division: String,
    region: String,
    first_name: String,
    last_name: String,
}

/// `POST /ctf/links/{token}`: accepts an invitation to become a coach, to share a roster or to join one.
pub(super) async fn accept(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(token): Address<String>,
    Filled(fields, form): Filled<AcceptFields>,
) -> Result<Response, PageError> {
    let found = reads::link(&context.db, &token, context.now()).await?;
    let is_invitation =
        |link: &LinkView| !matches!(link.kind, LinkKind::Profile | LinkKind::Consent);
    let link = found.filter(is_invitation).ok_or_else(access::unknown_link)?;
    if link.state != LinkState::Usable {
        return ended(&link);
    }
    check_addressee(&context.db, link.email.as_deref(), viewer.user_id).await?;
    match accepted(&context, &viewer, &link, &token, fields).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let again = |form| render(&context, &viewer, &link, &token, form);
            form.refused(error, again).await
        }
    }
}

async fn accepted(
    context: &Context,
    viewer: &Viewer,
    link: &LinkView,
    token: &str,
    fields: AcceptFields,
) -> Result<Response, platform::ActionError> {
    let person = viewer.user_id;
    match link.kind {
        LinkKind::Coach => {
            let input = CoachInput {
                school: fields.school,
                division: fields.division,
                region: fields.region,
            };
            actions::accept_coach_link(context, person, token, &input).await?;
            Ok(redirect("/ctf", "You are now a coach. Create your first roster"))
        }
        LinkKind::Roster => {
            let roster = actions::accept_roster_link(context, person, token).await?;
            let said = format!("You now coach {}", tame(&roster.name));
            Ok(redirect(&roster.address(), &said))
        }
        LinkKind::Join => {
            let (first, last) = (&fields.first_name, &fields.last_name);
            let joined = actions::accept_join_link(context, person, token, first, last).await?;
            let said = if joined.is_new {
                "You joined the roster. A coach has to confirm you"
            } else {
                "You are already on this roster"
            };
            Ok(redirect("/ctf/me", said))
        }
        LinkKind::Profile | LinkKind::Consent => Err(access::unknown_link().into()),
    }
}
