use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use identity::{
    access::{Invitee, SignedIn, Visitor, token as session, with_session},
    model::UserId,
    reads::{logins, owner_of},
};
use platform::{
    ActionError, Context,
    web::{Cookies, SIGN_IN_REQUIRED, WebError},
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
    actions::{self, MailedAnswer, check_addressee},
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
    /// True if the person has to become an approved coach before they can accept.
    needs_coach: bool,
    /// The address that a visitor signs in to by accepting.
    address: Option<String>,
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
            let invitee = match Invitee::of(viewer, link.proves.as_deref()) {
                Ok(invitee) => invitee,
                Err(WebError::Refused(problem)) if problem.code == SIGN_IN_REQUIRED => {
                    return sign_in(&context, &link, &token).await;
                }
                Err(error) => return Err(error.into()),
            };
            check_invitee(&context, &invitee, &link).await?;
            render(&context, &invitee, &link, &token, Form::default()).await?
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

/// Refuses a person whose address the invitation was not sent to.
async fn check_invitee(
    context: &Context,
    invitee: &Invitee<SignedIn>,
    link: &LinkView,
) -> Result<(), ActionError> {
    match invitee {
        Invitee::Person(SignedIn(viewer)) => {
            check_addressee(&context.db, link.email.as_deref(), viewer.user_id).await
        }
        Invitee::Owner(_) => Ok(()),
    }
}

async fn render(
    context: &Context,
    invitee: &Invitee<SignedIn>,
    link: &LinkView,
    token: &str,
    form: Form,
) -> PageResult {
    let person = match invitee {
        Invitee::Person(SignedIn(viewer)) => Some(viewer.user_id),
        Invitee::Owner(address) => owner_of(&context.db, address).await?,
    };
    let coach = match person {
        Some(person) => reads::coach_of(&context.db, person).await?,
        None => None,
    };
    let needs_coach = link.kind == LinkKind::Roster && !coach.is_some_and(|coach| coach.approved);
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
        address: invitee.address().map(str::to_owned),
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

impl AcceptFields {
    fn coach(&self) -> CoachInput {
        CoachInput {
            school: self.school.clone(),
            division: self.division.clone(),
            region: self.region.clone(),
        }
    }
}

/// `POST /ctf/links/{token}`: accepts an invitation to become a coach, to share a roster or to join one. A visitor whose link proves
/// the address is signed in, too.
pub(super) async fn accept(
    State(context): State<Context>,
    Extension(cookies): Extension<Cookies>,
    visitor: Visitor,
    viewer: Result<SignedIn, WebError>,
    Address(token): Address<String>,
    Filled(fields, form): Filled<AcceptFields>,
) -> Result<Response, PageError> {
    let found = reads::link(&context.db, &token, context.now()).await?;
    let is_invitation =
        |link: &LinkView| !matches!(link.kind, LinkKind::Profile | LinkKind::Consent);
    let found = found.filter(is_invitation);
    let proves = found.as_ref().and_then(|link| link.proves.as_deref());
    let invitee = Invitee::of(viewer, proves)?;
    let link = found.ok_or_else(access::unknown_link)?;
    if link.state != LinkState::Usable {
        return ended(&link);
    }
    check_invitee(&context, &invitee, &link).await?;
    let accepted = match &invitee {
        Invitee::Person(SignedIn(viewer)) => {
            accepted(&context, viewer.user_id, &link, &token, &fields).await
        }
        Invitee::Owner(_) => {
            accepted_by_mail(&context, (cookies, &visitor), &link, &token, &fields).await
        }
    };
    match accepted {
        Ok(response) => Ok(response),
        Err(error) => {
            let again = |form| render(&context, &invitee, &link, &token, form);
            form.refused(error, again).await
        }
    }
}

async fn accepted(
    context: &Context,
    person: UserId,
    link: &LinkView,
    token: &str,
    fields: &AcceptFields,
) -> Result<Response, ActionError> {
    match link.kind {
        LinkKind::Coach => {
            actions::accept_coach_link(context, person, token, &fields.coach()).await?;
            Ok(became_coach())
        }
        LinkKind::Roster => {
            let roster = actions::accept_roster_link(context, person, token).await?;
            Ok(coaches(&roster))
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

/// Accepts an invitation whose token proves the address, and signs its owner in.
async fn accepted_by_mail(
    context: &Context,
    (cookies, visitor): (Cookies, &Visitor),
    link: &LinkView,
    token: &str,
    fields: &AcceptFields,
) -> Result<Response, ActionError> {
    let (device, former) = (visitor.device(), session(cookies, &visitor.headers));
    let coach = fields.coach();
    let answer = match link.kind {
        LinkKind::Coach => MailedAnswer::Coach(&coach),
        _ => MailedAnswer::Roster,
    };
    let (welcome, shared) =
        actions::accept_by_mail(context, token, answer, &device, former).await?;
    let response = shared.as_ref().map_or_else(became_coach, coaches);
    Ok(with_session(cookies, &welcome.token, response))
}

fn became_coach() -> Response {
    redirect("/ctf", "You are now a coach. Create your first roster")
}

fn coaches(roster: &RosterView) -> Response {
    redirect(&roster.address(), &format!("You now coach {}", tame(&roster.name)))
}
