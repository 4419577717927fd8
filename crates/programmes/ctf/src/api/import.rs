use std::collections::BTreeMap;

use axum::{Json, extract::State};
use kernel::Problem;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::RosterCoach,
    actions::import_competitors,
    reads,
    rules::{
        imports::{self, Answer, ColumnField, FirstLine, Mapping, Review, RosterRows, Sheet},
        rosters::invalid,
    },
};

/// Rows of a spreadsheet, and decisions about them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "rows": "First name,Surname,Email,Shoe size\nAda,Quill,ada@school.example,39",
    "columns": [{ "column": 4, "field": "left_out" }],
    "answers": [],
    "dry_run": true
}))]
pub(super) struct ImportRequest {
    /// The rows as CSV, at most 500, below a line with the names of the columns. The separator is recognized.
    #[schema(max_length = 524_288)]
    rows: String,
    /// The fields of columns whose names are not known, or not what they contain.
    #[serde(default)]
    #[schema(max_items = 50)]
    columns: Vec<ChosenColumn>,
    /// `headings` if the first line names the columns, or `person` if it is a competitor. Needed only if it has neither a known heading
    /// nor an email address, of which the latter makes it a competitor.
    #[schema(max_length = 8)]
    first_line: Option<String>,
    /// The answers to the questions of an earlier response.
    #[serde(default)]
    #[schema(max_items = 500)]
    answers: Vec<LineAnswer>,
    /// True to add no one, and only see what would become of each line.
    #[serde(default)]
    dry_run: bool,
}

/// A column, and the field that it contains.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChosenColumn {
    /// The place of the column, from 1.
    #[schema(minimum = 1, maximum = 50)]
    column: usize,
    /// `first_name`, `last_name`, `name` (both names, the first one first), `last_first`, `email_school`, `email_personal`,
    /// `is_18_or_over`, `grade`, `years_competing`, `parent_name`, `parent_email` or `left_out`.
    #[schema(max_length = 20)]
    field: String,
}

/// The answer to the question about a line.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineAnswer {
    /// The number of the line.
    #[schema(minimum = 1)]
    line: usize,
    /// `same` if it is the same person, who is not added again, or `other`.
    #[schema(max_length = 5)]
    answer: String,
}

/// The result of each line, or the result that an import would have.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "added": 1,
    "known": [],
    "questions": [{ "line": 3, "name": "Bo Reed", "like": "Bo Reed, grade 9, on the roster" }],
    "errors": [{ "line": 4, "reason": "The name is missing. Enter it, or choose the column that contains it." }],
    "columns": [{ "column": 1, "heading": "First name", "field": "first_name" }],
    "above": []
}))]
pub(super) struct ImportResult {
    /// The number of competitors who were added.
    added: usize,
    /// The lines about people who are on the roster or in an earlier line.
    known: Vec<LikeLine>,
    /// The lines that wait for an answer, because the name is known and the email address is not.
    questions: Vec<LikeLine>,
    /// The lines that wait for a correction.
    errors: Vec<WrongLine>,
    /// The columns, as they were read.
    columns: Vec<ReadColumn>,
    /// The lines above the names of the columns, which were not read.
    above: Vec<usize>,
}

/// A line about a person who may be known.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LikeLine {
    /// The number of the line.
    line: usize,
    /// The name in the line.
    name: String,
    /// The person, such as `Ada Quill, grade 10, on the roster`.
    like: String,
}

/// A line with an error.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct WrongLine {
    /// The number of the line.
    line: usize,
    /// The reason and the next step.
    reason: String,
}

/// A column, as it was read.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ReadColumn {
    /// The place of the column, from 1.
    column: usize,
    /// The heading; empty if it has none.
    heading: String,
    /// The field; null if the name is not known.
    field: Option<&'static str>,
}

/// Adds the people of a spreadsheet to a roster.
///
/// Columns are recognized by their names; nothing is imported while one with content is unknown. People who are on the roster
/// are not added again, so a request can be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/ctf/rosters/{roster}/competitors/import",
    operation_id = "import_competitors",
    tag = "CTF rosters",
    request_body = ImportRequest,
    responses(
        (status = 200, description = "The result of each line", body = ImportResult),
        (status = 409, description = "The roster is full or archived"),
        (status = 422, description = "The rows cannot be read, or a column is unknown. The text names it")
    ),
    security(("session" = ["coach"]), ("bearer" = ["write"]))
)]
pub(super) async fn import(
    State(context): State<Context>,
    coach: RosterCoach,
    Body(body): Body<ImportRequest>,
) -> Result<Json<ImportResult>, WebError> {
    let sheet = beginning(Sheet::read(&body.rows)?, body.first_line.as_deref())?;
    let mapping = Mapping::of(&sheet, &chosen(&body.columns)?);
    let rows = RosterRows::of(&sheet, &mapping);
    let answers = answers(&body.answers)?;
    let roster = coach.roster.key();
    coach.note(&context).await?;
    let review = if body.dry_run {
        let known = reads::known_people(&context.db, roster).await?;
        imports::review(rows, &known, &answers)
    } else {
        mapping.check()?;
        import_competitors(&context, coach.viewer.actor(), roster, rows, &answers).await?
    };
    Ok(Json(result(&sheet, mapping, review)))
}

/// Takes the first line for what a program says that it is.
fn beginning(sheet: Sheet, first: Option<&str>) -> Result<Sheet, Problem> {
    let Some(typed) = first else {
        return Ok(sheet);
    };
    let first = FirstLine::named(typed).ok_or_else(|| {
        let detail = format!("'{typed}' is not a first line. Use headings or person.");
        invalid(detail).at("first_line")
    })?;
    Ok(sheet.beginning_with(first))
}

fn chosen(columns: &[ChosenColumn]) -> Result<BTreeMap<usize, ColumnField>, Problem> {
    let mut chosen = BTreeMap::new();
    for ChosenColumn { column, field } in columns {
        let known = ColumnField::named(field).ok_or_else(|| {
            let codes = ColumnField::ALL.map(ColumnField::as_str).join(", ");
            invalid(format!("'{field}' is not a field. Use one of these: {codes}.")).at("columns")
        })?;
        let place = column
            .checked_sub(1)
            .ok_or_else(|| invalid("Columns are numbered from 1.".to_owned()).at("columns"))?;
        chosen.insert(place, known);
    }
    Ok(chosen)
}

fn answers(answers: &[LineAnswer]) -> Result<BTreeMap<usize, Answer>, Problem> {
    let read = |LineAnswer { line, answer }: &LineAnswer| {
        let known = Answer::named(answer).ok_or_else(|| {
            invalid(format!("'{answer}' is not an answer. Use same or other.")).at("answers")
        })?;
        Ok((*line, known))
    };
    answers.iter().map(read).collect()
}

fn result(sheet: &Sheet, mapping: Mapping, review: Review) -> ImportResult {
    let seen = review.known.into_iter();
    let questions = review.questions.into_iter().map(|it| LikeLine {
        line: it.candidate.line,
        name: it.candidate.profile.name(),
        like: it.like,
    });
    let columns = mapping.0.into_iter().map(|it| ReadColumn {
        column: it.place + 1,
        heading: it.heading,
        field: it.field.map(ColumnField::as_str),
    });
    let errors = review.bad.into_iter().map(|it| WrongLine { line: it.line, reason: it.reason });
    ImportResult {
        added: review.add.len(),
        known: seen.map(|it| LikeLine { line: it.line, name: it.name, like: it.like }).collect(),
        questions: questions.collect(),
        errors: errors.collect(),
        columns: columns.collect(),
        above: sheet.above.iter().map(|row| row.line).collect(),
    }
}
