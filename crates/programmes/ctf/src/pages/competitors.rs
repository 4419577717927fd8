//! The competitors of a roster: the list, and adding them one by one.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{
    Context,
    db::DbError,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString, csv,
    format::{Number, segment},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    access::{RosterCoach, RosterReader},
    actions,
    model::CompetitorStatus,
    reads::{self, CompetitorFilter, CompetitorList, CompetitorNeed, CompetitorRow, RosterView},
    rules::{
        profile::{MOST_YEARS, ProfileInput},
        rosters::PERSON_NAME,
    },
};

/// The filter of the list, as in its address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CompetitorQuery {
    q: String,
    status: String,
    needs: String,
    grade: String,
    /// `gone` for former competitors.
    list: String,
    after: String,
}

impl CompetitorQuery {
    fn gone(&self) -> bool {
        self.list == "gone"
    }

    fn is_filtered(&self) -> bool {
        self.gone()
            || ![&self.q, &self.status, &self.needs, &self.grade].iter().all(|it| it.is_empty())
    }

    fn list(&self) -> CompetitorFilter {
        CompetitorFilter {
            search: self.q.chars().take(80).collect(),
            status: CompetitorStatus::named(&self.status),
            need: CompetitorNeed::named(&self.needs),
            grade: self.grade.trim().parse().ok(),
            gone: self.gone(),
            after: Uuid::try_parse(&self.after).ok().map(Into::into),
        }
    }

    /// Returns the query of the first page.
    fn address(&self) -> String {
        let parts = [
            ("q", &self.q),
            ("status", &self.status),
            ("needs", &self.needs),
            ("grade", &self.grade),
            ("list", &self.list),
        ];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let parts = parts.map(|(name, value)| format!("{name}={}", segment(value)));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    fn after(&self, last: &Uuid) -> String {
        let first = self.address();
        let separator = if first.is_empty() { '?' } else { '&' };
        format!("{first}{separator}after={last}")
    }
}

#[derive(Template)]
#[template(path = "competitors.html")]
struct CompetitorsPage {
    roster: RosterView,
    can_change: bool,
    /// True if the server sends email, so that parents can be asked.
    can_mail: bool,
    counts: Vec<(CompetitorStatus, i64)>,
    waiting: i64,
    query: CompetitorQuery,
    list: CompetitorList,
}

impl CompetitorsPage {
    fn status(&self, row: &CompetitorRow) -> &'static str {
        status_word(row)
    }

    fn class(&self, row: &CompetitorRow) -> &'static str {
        match (row.erased_at, row.status) {
            (Some(_), _) => "t-sable",
            (None, CompetitorStatus::Complete) => "t-vert",
            (None, CompetitorStatus::Pending) => "t-or",
            (None, CompetitorStatus::Profile) => "t-azure",
            (None, CompetitorStatus::InTheGameNotCompliant) => "t-gules",
        }
    }
}

fn status_word(row: &CompetitorRow) -> &'static str {
    match (row.erased_at, row.confirmed_at, row.status) {
        (Some(_), ..) => "Erased",
        (None, None, _) => "To confirm",
        (None, Some(_), CompetitorStatus::Pending) => "Profile incomplete",
        (None, Some(_), CompetitorStatus::InTheGameNotCompliant) => {
            if row.release_signed {
                "Profile incomplete"
            } else {
                "Release missing"
            }
        }
        (None, Some(_), status) => status.heading(),
    }
}

/// `GET /ctf/rosters/{roster}/competitors`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    reader: RosterReader,
    QueryString(query): QueryString<CompetitorQuery>,
) -> PageResult {
    reader.note(&context).await?;
    let (db, roster) = (&context.db, reader.roster.key());
    if let Some(year) = reads::archived_year(db, &reader.roster).await? {
        return show(&CompetitorsPage {
            can_change: false,
            can_mail: false,
            counts: year.status_counts(),
            waiting: 0,
            list: CompetitorList { rows: year.competitors(&query.list()), next: None },
            roster: reader.roster,
            query,
        });
    }
    let waiting = reads::unconfirmed(db, roster).await?.len();
    show(&CompetitorsPage {
        can_change: reader.can_manage(),
        can_mail: post.channels.has(EMAIL),
        counts: reads::status_counts(db, roster).await?,
        waiting: i64::try_from(waiting).unwrap_or(i64::MAX),
        list: reads::competitors(db, roster, &query.list()).await?,
        roster: reader.roster,
        query,
    })
}

/// Lists the rows of all pages from the shown one on.
async fn rows_from(
    context: &Context,
    roster: &RosterView,
    mut list: CompetitorFilter,
) -> Result<Vec<CompetitorRow>, DbError> {
    if let Some(year) = reads::archived_year(&context.db, roster).await? {
        return Ok(year.competitors(&list));
    }
    let mut rows = Vec::new();
    loop {
        let page = reads::competitors(&context.db, roster.key(), &list).await?;
        rows.extend(page.rows);
        let Some(next) = page.next else {
            return Ok(rows);
        };
        list.after = Some(next.into());
    }
}

/// `GET /ctf/rosters/{roster}/competitors.csv`: the rows of the list from the shown page on, such as usernames to print.
pub(super) async fn file(
    State(context): State<Context>,
    reader: RosterReader,
    QueryString(query): QueryString<CompetitorQuery>,
) -> Result<Response, PageError> {
    reader.note(&context).await?;
    let rows = rows_from(&context, &reader.roster, query.list()).await?;
    let head = ["name", "grade", "team", "username", "status", "sync_error"];
    let cells = rows.into_iter().map(|row| {
        let grade = row.grade.map(|grade| grade.to_string());
        let status = status_word(&row);
        [
            row.name().into(),
            grade.unwrap_or_default().into(),
            row.team.unwrap_or_default().into(),
            row.metactf_username.unwrap_or_default().into(),
            status.into(),
            row.game_platform_sync_error.unwrap_or_default().into(),
        ]
    });
    Ok(csv::file("competitors", head, cells))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileFields {
    first_name: String,
    last_name: String,
    only_name: String,
    email_school: String,
    email_personal: String,
    is_18_or_over: String,
    grade: String,
    years_competing: String,
    parent_name: String,
    parent_email: String,
}

impl ProfileFields {
    pub(super) fn input(self) -> ProfileInput {
        ProfileInput {
            first_name: self.first_name,
            last_name: self.last_name,
            only_name: self.only_name,
            email_school: self.email_school,
            email_personal: self.email_personal,
            is_18_or_over: self.is_18_or_over,
            grade: self.grade,
            years_competing: self.years_competing,
            parent_name: self.parent_name,
            parent_email: self.parent_email,
        }
    }
}

#[derive(Template)]
#[template(path = "new_competitor.html")]
struct NewPage {
    roster: RosterView,
    form: Form,
}

/// `GET /ctf/rosters/{roster}/competitors/new`.
pub(super) async fn blank(RosterCoach { roster, .. }: RosterCoach) -> PageResult {
    show(&NewPage { roster, form: Form::default() })
}

/// `POST /ctf/rosters/{roster}/competitors/new`.
pub(super) async fn add(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
    Filled(fields, form): Filled<ProfileFields>,
) -> Result<Response, PageError> {
    let (actor, input) = (viewer.actor(), fields.input());
    match actions::add_competitor(&context, actor, roster.key(), &input).await {
        Ok(id) => {
            let page = format!("/ctf/competitors/{id}/profile");
            Ok(redirect(&page, "The competitor is on the roster"))
        }
        Err(error) => {
            let again = |form| async { show(&NewPage { roster, form }) };
            form.refused(error, again).await
        }
    }
}

/// `POST /ctf/rosters/{roster}/competitors/confirm`: confirms everyone who joined by the link.
pub(super) async fn confirm_all(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
) -> Result<Response, PageError> {
    let confirmed = actions::confirm_all(&context, viewer.actor(), roster.key()).await;
    let confirmed = confirmed.map_err(WebError::from)?;
    let said = format!("Confirmed {}", kernel::counted(confirmed, "competitor", "competitors"));
    Ok(back(&roster, &said))
}

pub(super) fn back(roster: &RosterView, said: &str) -> Response {
    redirect(&format!("{}/competitors", roster.address()), said)
}
