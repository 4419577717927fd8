//! The panel of what a person did: contributions by day in a year, pull requests by state, and skills. The files contain the same numbers.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::UserId;
use platform::{
    Context,
    db::DbError,
    module::{PanelRequest, PanelView},
};
use ui::{
    Address, PageError, Tag,
    charts::{self, Squares},
    csv,
    format::{Number, segment},
    html,
};

use super::{rendered::Rendered, state::state};
use crate::{
    reads::{self, PersonActivity},
    rules::{
        self,
        skills::{Skill, skills},
    },
};

/// The number of skills shown; the file has all.
const SKILLS: usize = 8;

#[derive(Template)]
#[template(path = "panel_activity.html")]
struct ActivityPanel {
    login: String,
    address: String,
    days: Squares,
    states: Vec<StateView>,
    skills: Vec<SkillView>,
}

struct SkillView {
    tag: String,
    /// The strength as a whole number of percent.
    percent: i64,
    pull_requests: Number,
    points: Number,
}

impl From<Skill> for SkillView {
    fn from(skill: Skill) -> Self {
        Self {
            percent: skill.strength.round() as i64,
            tag: skill.tag,
            pull_requests: Number(skill.pull_requests),
            points: Number(skill.points),
        }
    }
}

struct StateView {
    state: Tag,
    code: &'static str,
    pull_requests: Number,
    pending: Number,
}

/// Shows the contributions of a year, the pull requests by state, and the skills; nothing for a person without any.
pub(super) async fn panel(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = request.person.as_ref().filter(|_| !request.hides("work")) else {
        return Ok(None);
    };
    let activity = activity(context, person.id.into()).await?;
    if activity.states.is_empty() {
        return Ok(None);
    }
    let shown = skills(&activity.contributed).into_iter().take(SKILLS);
    let panel = ActivityPanel {
        address: format!("/people/{}", segment(&person.login)),
        login: person.login.clone(),
        days: Squares::of_year(&days(&activity), context.now().date_naive(), "pull requests"),
        states: states(&activity),
        skills: shown.map(Into::into).collect(),
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

/// Reads what a person did, with the days of the chart.
async fn activity(context: &Context, person: UserId) -> Result<PersonActivity, DbError> {
    let first = charts::first_day_of_year(context.now().date_naive());
    let since = first.and_time(chrono::NaiveTime::MIN).and_utc();
    reads::activity(&context.db, person, since).await
}

fn days(activity: &PersonActivity) -> Vec<charts::Day> {
    let day = |(day, count): &(String, i64)| Some((day.parse().ok()?, *count));
    activity.days.iter().filter_map(day).collect()
}

/// Returns the states that pull requests are in, in the order of their life.
fn states(activity: &PersonActivity) -> Vec<StateView> {
    let all = rules::State::ALL.into_iter();
    let found = all.filter_map(|state| activity.states.iter().find(|it| it.0 == state));
    let view = |(shown, count, pending): &(rules::State, i64, i64)| StateView {
        state: state(*shown),
        code: shown.as_str(),
        pull_requests: Number(*count),
        pending: Number(*pending),
    };
    found.map(view).collect()
}

/// `GET /people/{login}/contributions.csv`: the days of the chart.
pub(super) async fn days_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let activity = activity(&context, person.id.into()).await?;
    let rows = days(&activity)
        .into_iter()
        .rev()
        .map(|(day, count)| [day.to_string().into(), count.into()]);
    let name = format!("{}-contributions", person.login);
    Ok(csv::file(&name, ["day", "pull_requests"], rows))
}

/// `GET /people/{login}/skills.csv`.
pub(super) async fn skills_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let activity = activity(&context, person.id.into()).await?;
    let rows = skills(&activity.contributed).into_iter().map(|skill| {
        let view = SkillView::from(skill);
        [view.tag.into(), view.percent.into(), view.pull_requests.0.into(), view.points.0.into()]
    });
    let name = format!("{}-skills", person.login);
    let head = ["skill", "strength_percent", "pull_requests", "points"];
    Ok(csv::file(&name, head, rows))
}
