//! The team of the viewer.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, QueryString,
    format::{segment, tame},
    redirect, show,
};

use super::HackathonCard;
use crate::{
    access::{Insider, no_team},
    actions::{self, TeamChange},
    model::{TEAM_NAME, TeamRole},
    reads::{self, MemberView, TeamView},
    rules::{invalid, teams::shown_code},
};

#[derive(Template)]
#[template(path = "hackathon_team.html")]
struct TeamPage {
    card: HackathonCard,
    /// The team, its members and the viewer's role; absent if the viewer has none.
    own: Option<OwnTeam>,
    /// The teams that invited the viewer.
    invitations: Vec<TeamView>,
    most: i64,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
}

struct OwnTeam {
    team: TeamView,
    role: TeamRole,
    login: String,
    members: Vec<MemberView>,
    /// The people who are invited and have not answered.
    invited: Vec<MemberView>,
}

impl OwnTeam {
    fn code(&self) -> String {
        shown_code(&self.team.invite_code)
    }

    fn leads(&self) -> bool {
        self.role == TeamRole::Leader
    }

    /// Returns whether the viewer may remove a member.
    fn may_remove(&self, member: &MemberView) -> bool {
        self.role.manages() && member.role != TeamRole::Leader && member.login != self.login
    }
}

/// `GET /hackathons/{slug}/team`.
pub(super) async fn page(State(context): State<Context>, insider: Insider) -> PageResult {
    render(&context, &insider, Form::default()).await
}

pub(super) async fn render(context: &Context, insider: &Insider, form: Form) -> PageResult {
    let (db, id) = (&context.db, insider.hackathon.key());
    let own = match reads::team_of(db, id, insider.viewer.user_id).await? {
        Some((team, role)) => Some(OwnTeam {
            members: reads::members(db, [team.key()]).await?,
            invited: reads::invited(db, team.key()).await?,
            login: insider.viewer.login.clone(),
            team,
            role,
        }),
        None => None,
    };
    let mut people = Vec::new();
    if own.as_ref().is_some_and(|own| own.role.manages()) {
        let looking = reads::looking_for_team(db, id).await?;
        people.extend(looking.into_iter().map(|person| person.login));
    }
    show(&TeamPage {
        card: HackathonCard::of(&insider.hackathon, context.now()),
        own,
        invitations: reads::invitations(db, id, insider.viewer.user_id).await?,
        most: insider.hackathon.team_max,
        people,
        form,
    })
}

pub(super) fn address(slug: &str) -> String {
    format!("/hackathons/{}/team", segment(slug))
}

/// The fields of the forms of a team.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TeamFields {
    name: String,
    is_locked: String,
}

/// `POST /hackathons/{slug}/team/create`.
pub(super) async fn create(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<TeamFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    match actions::create_team(&context, person, slug, &fields.name).await {
        Ok(_) => Ok(redirect(&address(slug), "The team is created. Give its code to others")),
        Err(error) => form.refused(error, |form| render(&context, &insider, form)).await,
    }
}

/// `POST /hackathons/{slug}/team`: changes the name, and whether the team takes more members.
pub(super) async fn save(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<TeamFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let change = TeamChange {
        name: Some(fields.name),
        is_locked: Some(fields.is_locked == "yes"),
        new_code: false,
    };
    match actions::change_team(&context, person, slug, &change).await {
        Ok(_) => Ok(redirect(&address(slug), "The changes are saved")),
        Err(error) => form.refused(error, |form| render(&context, &insider, form)).await,
    }
}

/// `POST /hackathons/{slug}/team/code`: replaces the code of the team.
pub(super) async fn replace_code(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let change = TeamChange { new_code: true, ..TeamChange::default() };
    let changed = actions::change_team(&context, person, slug, &change).await;
    changed.map_err(WebError::from)?;
    let said = "The team has a new code. The former one no longer works";
    Ok(redirect(&address(slug), said))
}

/// `GET /hackathons/{slug}/team/leave`: asks before a person leaves their team.
pub(super) async fn ask_to_leave(State(context): State<Context>, insider: Insider) -> PageResult {
    let id = insider.hackathon.key();
    let own = reads::team_of(&context.db, id, insider.viewer.user_id).await?;
    let (team, role) = own.ok_or_else(|| WebError::from(no_team()))?;
    let lead = match (role, team.members) {
        (TeamRole::Leader, 1) => {
            "You are the last member. The next person who joins with its code leads it."
        }
        (TeamRole::Leader, _) => "Another member leads it from then on.",
        _ => "You need its code to join it again.",
    };
    let back = address(&insider.hackathon.slug);
    show(&Confirmation {
        question: format!("Leave {}?", tame(&team.name)),
        consequence: format!("You keep your place at the hackathon. {lead}"),
        facts: vec![
            ("Members", team.members.to_string()),
            ("Your role", role.heading().to_owned()),
        ],
        action: format!("{back}/leave"),
        fields: Vec::new(),
        button: "Leave team".to_owned(),
        is_ending: true,
        back,
    })
}

/// `POST /hackathons/{slug}/team/leave`.
pub(super) async fn leave(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Response, PageError> {
    let slug = &insider.hackathon.slug;
    let left = actions::leave_team(&context, insider.viewer.user_id, slug).await;
    left.map_err(WebError::from)?;
    Ok(redirect(&address(slug), "You left the team"))
}

/// The field of the form that changes a role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoleFields {
    role: String,
}

/// `POST /hackathons/{slug}/team/members/{login}/role`.
pub(super) async fn set_role(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, login)): Address<(String, String)>,
    Filled(fields, _): Filled<RoleFields>,
) -> Result<Response, PageError> {
    let role = TeamRole::named(&fields.role).ok_or_else(|| {
        let detail = "Choose leader, co_leader or member.".to_owned();
        WebError::from(invalid("role", detail))
    })?;
    let person = insider.viewer.user_id;
    let set = actions::set_team_role(&context, person, &slug, &login, role).await;
    let login = set.map_err(WebError::from)?;
    let said = format!("{login} is now: {}", role.heading().to_lowercase());
    Ok(redirect(&address(&slug), &said))
}

/// `POST /hackathons/{slug}/team/members/{login}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let person = insider.viewer.user_id;
    let removed = actions::remove_member(&context, person, &slug, &login).await;
    let login = removed.map_err(WebError::from)?;
    let said = format!("{login} is no longer in the team, which has a new code");
    Ok(redirect(&address(&slug), &said))
}

/// The code in the link of a team.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeFields {
    code: String,
}

#[derive(Template)]
#[template(path = "join_team.html")]
struct JoinPage {
    form: Form,
}

/// `GET /hackathon-teams/join`.
pub(super) async fn join_form(
    _: SignedIn,
    QueryString(query): QueryString<CodeFields>,
) -> PageResult {
    let form = Form::default().with("code", query.code);
    show(&JoinPage { form })
}

/// `POST /hackathon-teams/join`.
pub(super) async fn join(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<CodeFields>,
) -> Result<Response, PageError> {
    match actions::join_team(&context, viewer.user_id, &fields.code).await {
        Ok((hackathon, team)) => {
            let said = format!("You are in {}", tame(&team.name));
            Ok(redirect(&address(&hackathon.slug), &said))
        }
        Err(error) => {
            let again = async |form| show(&JoinPage { form });
            form.refused(error, again).await
        }
    }
}
