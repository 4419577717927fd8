//! Teams of a roster.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, Number, tame},
    redirect, show,
};
use uuid::Uuid;

use super::integration;
use crate::{
    access::{self, RosterCoach, RosterReader, TeamCoach, TeamReader},
    actions::{self, TeamReport},
    gateway::Platforms,
    model::{Division, MOST_MEMBERS, TeamStatus},
    reads::{self, MemberView, RosterView, TeamView},
    rules::{
        rosters::SCHOOL,
        teams::{TEAM_NAME, TeamInput},
    },
};

struct TeamRow {
    team: TeamView,
    members: Vec<String>,
}

impl TeamRow {
    fn names(&self) -> String {
        if self.members.is_empty() { "No members".to_owned() } else { self.members.join(", ") }
    }

    fn class(&self) -> &'static str {
        match self.team.status {
            TeamStatus::Active => "t-vert",
            TeamStatus::Forming => "t-azure",
            TeamStatus::Archived => "t-sable",
        }
    }
}

#[derive(Template)]
#[template(path = "teams.html")]
struct TeamsPage {
    roster: RosterView,
    teams: Vec<TeamRow>,
    /// The number of competitors without a team.
    free: i64,
    off: Option<String>,
    can_change: bool,
    form: Form,
}

/// `GET /ctf/rosters/{roster}/teams`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: RosterReader,
) -> PageResult {
    reader.note(&context).await?;
    let can_change = reader.can_manage();
    render_list(&context, &platforms, &reader.roster, can_change, Form::default()).await
}

/// Lists the competitors of a roster with their teams; those whom the archived year keeps once it is over.
async fn members(context: &Context, roster: &RosterView) -> Result<Vec<MemberView>, DbError> {
    match reads::archived_year(&context.db, roster).await? {
        Some(year) => Ok(year.members()),
        None => reads::members_of_roster(&context.db, roster.key()).await,
    }
}

async fn render_list(
    context: &Context,
    platforms: &Platforms,
    roster: &RosterView,
    can_change: bool,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, roster.key());
    let everyone = members(context, roster).await?;
    let row = |team: TeamView| {
        let own = everyone.iter().filter(|row| row.team_id == Some(team.id));
        TeamRow { members: own.map(MemberView::name).collect(), team }
    };
    let teams = reads::teams_of_roster(db, id).await?;
    let free = everyone.iter().filter(|row| row.team_id.is_none()).count();
    show(&TeamsPage {
        teams: teams.into_iter().map(row).collect(),
        free: i64::try_from(free).unwrap_or(i64::MAX),
        off: integration::off_for(context, platforms, id).await?,
        can_change: can_change && !roster.is_archived(),
        roster: roster.clone(),
        form,
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TeamFields {
    name: String,
    division: String,
    affiliation: String,
}

impl TeamFields {
    fn input(self) -> TeamInput {
        TeamInput { name: self.name, division: self.division, affiliation: self.affiliation }
    }
}

/// `POST /ctf/rosters/{roster}/teams`.
pub(super) async fn create(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    coach: RosterCoach,
    Filled(fields, form): Filled<TeamFields>,
) -> Result<Response, PageError> {
    let (actor, input) = (coach.viewer.actor(), fields.input());
    match actions::create_team(&context, actor, coach.roster.key(), &input).await {
        Ok(id) => {
            let said = "The team is created. Add its members";
            Ok(redirect(&format!("/ctf/teams/{id}"), said))
        }
        Err(error) => {
            // The list names the members, as it does without an error.
            coach.note(&context).await?;
            let again = |form| render_list(&context, &platforms, &coach.roster, true, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage {
    team: TeamView,
    roster: RosterView,
    members: Vec<MemberView>,
    /// Other confirmed competitors of the roster, those without a team first.
    others: Vec<MemberView>,
    off: Option<String>,
    can_sync: bool,
    can_change: bool,
    form: Form,
    details: Form,
    now: Instant,
}

impl TeamPage {
    /// Returns where a membership is on its way to the platform.
    fn place(&self, row: &MemberView) -> &'static str {
        match (row.assigned_at, &row.game_platform_id) {
            (Some(_), _) => "Assigned",
            (None, Some(_)) => "With the next sync",
            (None, None) => "No account yet",
        }
    }

    fn class(&self, row: &MemberView) -> &'static str {
        match (row.assigned_at, &row.game_platform_id) {
            (Some(_), _) => "t-vert",
            (None, Some(_)) => "t-or",
            (None, None) => "t-sable",
        }
    }
}

/// The two forms of the page of a team.
struct TeamForms {
    member: Form,
    details: Form,
}

impl TeamForms {
    fn of(team: &TeamView) -> Self {
        Self {
            member: Form::default(),
            details: Form::default()
                .with("name", &team.name)
                .with("division", team.division.as_str())
                .with("affiliation", &team.affiliation),
        }
    }
}

/// `GET /ctf/teams/{team}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: TeamReader,
) -> PageResult {
    reader.note(&context).await?;
    let forms = TeamForms::of(&reader.team);
    let can_manage = reader.can_manage();
    render(&context, &platforms, &reader.team, &reader.roster, can_manage, forms).await
}

async fn render(
    context: &Context,
    platforms: &Platforms,
    team: &TeamView,
    roster: &RosterView,
    can_change: bool,
    forms: TeamForms,
) -> PageResult {
    let everyone = members(context, roster).await?;
    let is_own = |row: &MemberView| row.team_id == Some(team.id);
    let (members, mut others): (Vec<_>, Vec<_>) = everyone.into_iter().partition(is_own);
    others.sort_by_key(|row| row.team_id.is_some());
    let off = integration::off_for(context, platforms, roster.key()).await?;
    show(&TeamPage {
        team: team.clone(),
        members,
        others,
        can_sync: off.is_none() && !roster.is_archived(),
        can_change: can_change && !roster.is_archived(),
        roster: roster.clone(),
        off,
        form: forms.member,
        details: forms.details,
        now: Instant(context.now()),
    })
}

/// `POST /ctf/teams/{team}`.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    coach: TeamCoach,
    Filled(fields, form): Filled<TeamFields>,
) -> Result<Response, PageError> {
    let (actor, input) = (coach.viewer.actor(), fields.input());
    let team = &coach.team;
    match actions::edit_team(&context, actor, team.key(), &input).await {
        Ok(()) => Ok(redirect(&team.address(), "The changes are saved")),
        Err(error) => {
            coach.note(&context).await?;
            let again = |details| {
                let member = Form::default();
                render(
                    &context,
                    &platforms,
                    team,
                    &coach.roster,
                    true,
                    TeamForms { member, details },
                )
            };
            form.refused(error, again).await
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberFields {
    competitor: String,
}

/// `POST /ctf/teams/{team}/members`.
pub(super) async fn add_member(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    coach: TeamCoach,
    Filled(fields, form): Filled<MemberFields>,
) -> Result<Response, PageError> {
    let (actor, team) = (coach.viewer.actor(), &coach.team);
    let added = match Uuid::try_parse(fields.competitor.trim()) {
        Ok(id) => actions::add_team_member(&context, actor, team.key(), id.into()).await,
        Err(_) => Err(access::unknown_competitor().at("competitor").into()),
    };
    match added {
        Ok(()) => Ok(redirect(&team.address(), "The competitor is in the team")),
        Err(error) => {
            coach.note(&context).await?;
            let again = |member| {
                let details = TeamForms::of(team).details;
                render(
                    &context,
                    &platforms,
                    team,
                    &coach.roster,
                    true,
                    TeamForms { member, details },
                )
            };
            form.refused(error, again).await
        }
    }
}

/// `POST /ctf/teams/{team}/members/{competitor}/remove`.
pub(super) async fn remove_member(
    State(context): State<Context>,
    TeamCoach { viewer, team, .. }: TeamCoach,
    Address((_, competitor)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let removed = actions::remove_team_member(&context, actor, team.key(), competitor.into()).await;
    removed.map_err(WebError::from)?;
    let said = "The competitor is no longer in the team";
    Ok(redirect(&team.address(), said))
}

/// `POST /ctf/teams/{team}/sync`.
pub(super) async fn sync(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: TeamReader,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let actor = reader.viewer.actor();
    let report = actions::sync_team(&context, &platforms, actor, reader.team.key()).await;
    let report = report.map_err(WebError::from)?;
    Ok(redirect(&reader.team.address(), &summary(&report)))
}

/// Returns what a sync did, in a sentence.
fn summary(report: &TeamReport) -> String {
    if report.error.is_some() {
        return "The sync failed. The page shows why".to_owned();
    }
    let counted = |count| kernel::counted(count, "member", "members");
    let mut said = format!(
        "Assigned {}, removed {}",
        counted(report.assigned.len()),
        counted(report.removed.len())
    );
    if !report.skipped.is_empty() {
        let skipped = counted(report.skipped.len());
        said = format!("{said}; {skipped} without an account on the game platform");
    }
    said
}

/// `GET /ctf/teams/{team}/delete`: asks before a team is deleted.
pub(super) async fn ask_to_delete(TeamCoach { team, .. }: TeamCoach) -> PageResult {
    let there = match team.game_platform_id {
        Some(_) => " It is also deleted on the game platform.",
        None => "",
    };
    show(&Confirmation {
        question: format!("Delete {}?", tame(&team.name)),
        consequence: format!("Its members stay on the roster with their results.{there}"),
        facts: vec![
            ("Division", team.division.heading().to_owned()),
            ("Affiliation", team.affiliation.clone()),
        ],
        action: format!("{}/delete", team.address()),
        fields: Vec::new(),
        button: "Delete team".to_owned(),
        is_ending: true,
        back: team.address(),
    })
}

/// `POST /ctf/teams/{team}/delete`.
pub(super) async fn delete(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    TeamCoach { viewer, team, roster, .. }: TeamCoach,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let deleted = actions::delete_team(&context, &platforms, actor, team.key()).await;
    let said = match deleted.map_err(WebError::from)? {
        None => format!("{} is deleted", tame(&team.name)),
        Some(error) => format!(
            "{} is deleted here, but not on the game platform: {}",
            tame(&team.name),
            tame(&error)
        ),
    };
    Ok(redirect(&format!("{}/teams", roster.address()), &said))
}
