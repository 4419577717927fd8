//! The contributors of a project and their records, for its maintainers.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::model::UserId;
use kernel::Problem;
use platform::{
    Context,
    web::{self, WebError},
};
use serde::Deserialize;
use ui::{
    Form, PageError, PageResult, QueryString, Who,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::{self, Instant, Number},
    show,
};

use super::figures::CellValue;
use crate::{
    access::{Maintainer, people_beginning},
    reads::{self, ContributorFilter, FigureScope, KeptFigures, ProjectView},
    rules::analytics::{Contributor, ContributorPlace},
};

/// The number of people on a page.
const ROWS: i64 = 50;

/// The columns of the CSV.
const HEAD: [&str; 8] = [
    "person",
    "opened",
    "merged",
    "closed",
    "merge_rate_percent",
    "median_rating",
    "points",
    "last_active_at",
];

/// The part of the list that a URL selects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContributorSearch {
    login: String,
    cursor: String,
}

impl ContributorSearch {
    fn place(&self) -> Result<Option<ContributorPlace>, Problem> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        let place = ContributorPlace::read(&self.cursor);
        place.map(Some).ok_or_else(web::bad_cursor)
    }

    /// Returns a path with this search, at a cursor.
    fn address(&self, path: &str, cursor: &str) -> String {
        format::address(path, [("login", self.login.trim()), ("cursor", cursor)])
    }
}

#[derive(Template)]
#[template(path = "contributors.html")]
struct ContributorsPage {
    slug: String,
    name: String,
    archived: Option<Instant>,
    form: Form,
    rows: Vec<Row>,
    is_first: bool,
    is_searched: bool,
    /// The paths of the first page, of the next one, and of the CSV from this page on.
    first: String,
    next: Option<String>,
    file: String,
    now: Instant,
}

/// A person of the list.
struct Row {
    who: Who,
    opened: Number,
    merged: Number,
    closed: Number,
    rate: CellValue,
    rating: CellValue,
    points: Number,
    last_active: Instant,
}

impl Row {
    fn of(person: &Contributor, who: Who) -> Self {
        Self {
            who,
            opened: Number(person.opened),
            merged: Number(person.merged),
            closed: Number(person.closed),
            rate: CellValue::Percent(person.merge_rate()),
            rating: CellValue::Known(person.ratings.median()),
            points: Number(person.points),
            last_active: Instant(person.last_active_at),
        }
    }
}

/// `GET /projects/{slug}/contributors`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(kept): Extension<KeptFigures>,
    Maintainer { project, .. }: Maintainer,
    QueryString(query): QueryString<ContributorSearch>,
) -> Result<Response, PageError> {
    let form = Form::default().with("login", &*query.login);
    match find(&context, &kept, &project, &query).await {
        Ok(found) => Ok(render(&context, &project, &query, found, form)?.into_response()),
        Err(error) => {
            let again = async |form| render(&context, &project, &query, Vec::new(), form);
            form.refused(error, again).await
        }
    }
}

async fn filter(
    context: &Context,
    project: &ProjectView,
    login: &str,
) -> Result<ContributorFilter, WebError> {
    Ok(ContributorFilter {
        scope: FigureScope::of(project.id.into()),
        range: None,
        people: people_beginning(context, login).await?,
    })
}

type NamedContributor = (Contributor, Who);

async fn find(
    context: &Context,
    kept: &KeptFigures,
    project: &ProjectView,
    query: &ContributorSearch,
) -> Result<Vec<NamedContributor>, WebError> {
    let filter = filter(context, project, &query.login).await?;
    named(context, kept, &filter, query.place()?, ROWS + 1).await
}

async fn named(
    context: &Context,
    kept: &KeptFigures,
    filter: &ContributorFilter,
    after: Option<ContributorPlace>,
    limit: i64,
) -> Result<Vec<NamedContributor>, WebError> {
    let found = kept.contributors(&context.db, filter, after, limit).await?;
    let people = found.iter().map(|person| person.user_id);
    let known = identity::reads::who(&context.db, people).await?;
    let who = |id: UserId| known.get(&id).cloned().unwrap_or_default();
    let named = |person: Contributor| {
        let who = who(person.user_id);
        (person, who)
    };
    Ok(found.into_iter().map(named).collect())
}

fn render(
    context: &Context,
    project: &ProjectView,
    query: &ContributorSearch,
    mut found: Vec<NamedContributor>,
    form: Form,
) -> PageResult {
    let path = format!("/projects/{}/contributors", project.slug);
    let limit = usize::try_from(ROWS).unwrap_or(0);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more);
    show(&ContributorsPage {
        slug: project.slug.clone(),
        name: project.name.clone(),
        archived: project.archived_at.map(Instant),
        form,
        is_first: query.cursor.is_empty(),
        is_searched: !query.login.trim().is_empty(),
        first: query.address(&path, ""),
        next: next.map(|(person, _)| query.address(&path, &person.place().to_string())),
        file: query.address(&format!("{path}.csv"), &query.cursor),
        rows: found.into_iter().map(|(person, who)| Row::of(&person, who)).collect(),
        now: Instant(context.now()),
    })
}

/// `GET /projects/{slug}/contributors.csv`: the rows of the page and those after it.
pub(super) async fn csv(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
    QueryString(query): QueryString<ContributorSearch>,
) -> Result<Response, PageError> {
    let filter = filter(&context, &project, &query.login).await?;
    let name = format!("{}-contributors", project.slug);
    let first = query.place()?;
    let read = move |after| batch(context.clone(), filter.clone(), after);
    Ok(csv::streamed(&name, &HEAD, first, read))
}

async fn batch(
    context: Context,
    filter: ContributorFilter,
    after: Option<ContributorPlace>,
) -> Batch<Option<ContributorPlace>> {
    let found = reads::contributors(&context.db, &filter, after, BATCH).await?;
    let people = found.iter().map(|person| person.user_id);
    let logins = identity::reads::logins(&context.db, people).await?;
    let line = |person: &Contributor| {
        let login = logins.get(&person.user_id).cloned().unwrap_or_default();
        csv::line(&cells(person, login))
    };
    let text = found.iter().map(line).collect();
    Ok((text, next_batch(&found, |person| Some(person.place()))))
}

fn cells(person: &Contributor, login: String) -> [Cell; 8] {
    [
        login.into(),
        person.opened.into(),
        person.merged.into(),
        person.closed.into(),
        Cell::Decimal(person.merge_rate()),
        Cell::Decimal(person.ratings.median().map(|rating| rating as f64)),
        person.points.into(),
        person.last_active_at.into(),
    ]
}
