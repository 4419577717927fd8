//! The teams of a hackathon, and the people who are looking for one.

use askama::Template;
use axum::extract::State;
use identity::model::Role;
use platform::Context;
use serde::Deserialize;
use ui::{PageError, PageResult, QueryString, show};

use super::HackathonCard;
use crate::{
    access::Insider,
    model::{StaffRole, TeamId},
    reads::{self, LookingView, MemberView, Recommended, RecommendedView, TeamView},
};

/// The number of teams on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TeamsQuery {
    cursor: String,
}

struct TeamRow {
    team: TeamView,
    members: Vec<MemberView>,
    most: i64,
}

impl TeamRow {
    fn is_open(&self) -> bool {
        self.team.locked_at.is_none() && self.team.members < self.most
    }
}

#[derive(Template)]
#[template(path = "hackathon_teams.html")]
struct TeamsPage {
    card: HackathonCard,
    teams: Vec<TeamRow>,
    looking: Vec<LookingView>,
    /// The teams and people that are recommended to the viewer; absent on further pages, if they do not take part, and when
    /// teams no longer form.
    recommended: Option<Vec<RecommendedView>>,
    next: Option<String>,
    is_first: bool,
    /// True if the viewer is looking for a team; absent if they do not take part.
    looks: Option<bool>,
    has_team: bool,
    /// True if the viewer organizes the hackathon, and can read the boards of teams.
    reads_boards: bool,
}

/// `GET /hackathons/{slug}/teams`.
pub(super) async fn list(
    State(context): State<Context>,
    insider: Insider,
    QueryString(query): QueryString<TeamsQuery>,
) -> PageResult {
    let (db, id) = (&context.db, insider.hackathon.key());
    let is_first = query.cursor.is_empty();
    let after = (!is_first).then_some(query.cursor.as_str());
    let mut found = reads::teams(db, id, after, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.slug.clone());
    let ids: Vec<TeamId> = found.iter().map(TeamView::key).collect();
    let members = reads::members(db, ids).await?;
    let row = |team: TeamView| TeamRow {
        members: members.iter().filter(|it| it.team_id == team.id).cloned().collect(),
        most: insider.hackathon.team_max,
        team,
    };
    let viewer = &insider.viewer;
    let role = reads::role_in(db, id, viewer.user_id).await?;
    let reads_boards = role == Some(StaffRole::Organizer) || viewer.acts_as(Role::Admin);
    let recommended = if is_first { recommended(&context, &insider).await? } else { None };
    let own = insider.application.filter(|own| own.status.is_open());
    show(&TeamsPage {
        card: HackathonCard::of(&insider.hackathon, context.now()),
        teams: found.into_iter().map(row).collect(),
        looking: reads::looking_for_team(db, id).await?,
        recommended,
        next,
        is_first,
        looks: own.map(|own| own.is_looking_for_team),
        reads_boards,
        has_team: reads::team_of(db, id, insider.viewer.user_id).await?.is_some(),
    })
}

async fn recommended(
    context: &Context,
    insider: &Insider,
) -> Result<Option<Vec<RecommendedView>>, PageError> {
    let (now, hackathon) = (context.now(), &insider.hackathon);
    if !insider.takes_part() || !hackathon.phase(now).forms_teams() {
        return Ok(None);
    }
    let person = insider.viewer.user_id;
    let found = reads::recommendations(&context.db, hackathon, person, now).await?;
    Ok(Some(found))
}
