//! Import of competitors from a spreadsheet. The form keeps the text, the choices and the answers until all lines are added.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use kernel::Problem;
use platform::{Context, web::WebError};
use ui::{FilledWithFile, Form, PageError, PageResult, show};

use super::competitors::back;
use crate::{
    access::RosterCoach,
    actions,
    reads::{self, RosterView},
    rules::{
        imports::{
            self, Answer, BadRow, Candidate, Column, ColumnField, FirstLine, MOST_KIB, Mapping,
            Question, Review, RosterRows, Sheet, SheetRow,
        },
        rosters::{changeable, invalid},
    },
};

#[derive(Template)]
#[template(path = "import_competitors.html")]
struct ImportPage {
    roster: RosterView,
    reviewed: Option<Reviewed>,
    form: Form,
}

/// A sheet with what becomes of its lines.
#[derive(Clone, Debug)]
struct Reviewed {
    sheet: Sheet,
    mapping: Mapping,
    review: Review,
    /// The answers so far, by line.
    answers: BTreeMap<usize, Answer>,
    /// The chosen content of the first line, if no heading is known.
    first: Option<FirstLine>,
    /// The encoding of an uploaded file.
    encoding: Option<&'static str>,
    /// The lines added before, in words.
    added: Option<String>,
}

impl Reviewed {
    fn count(&self) -> String {
        kernel::counted(self.review.add.len(), "competitor", "competitors")
    }

    /// Returns the cells of a line that can be corrected, with their columns and the names of their fields.
    fn cells<'a>(&'a self, bad: &BadRow) -> Vec<(String, &'a Column, &'a str)> {
        let Some(row) = self.sheet.rows.iter().find(|row| row.line == bad.line) else {
            return Vec::new();
        };
        let columns = self.mapping.0.iter();
        let used = columns.filter(|it| it.field.is_some_and(|field| field != ColumnField::LeftOut));
        let cell = |column: &'a Column| {
            let text = row.cell(column.place);
            (cell_name(row.line, column.place, text), column, text)
        };
        used.map(cell).collect()
    }

    /// Returns the names of fields with the answers so far.
    fn answered(&self) -> Vec<(String, &'static str)> {
        let asked = |line: usize| self.review.questions.iter().any(|it| it.candidate.line == line);
        let rows = self.sheet.rows.iter().filter(|row| !asked(row.line));
        let answered = rows.filter_map(|row| {
            let answer = self.answers.get(&row.line)?;
            Some((answer_name(row, &self.mapping), answer.as_str()))
        });
        answered.collect()
    }

    fn answer_name(&self, question: &Question) -> String {
        let line = question.candidate.line;
        let row = self.sheet.rows.iter().find(|row| row.line == line);
        row.map_or(String::new(), |row| answer_name(row, &self.mapping))
    }

    /// Returns the number and the text of the first line and the code of what it is, if no heading is known. The code is empty while a
    /// person has to choose.
    fn first_line(&self) -> Option<(usize, String, String)> {
        let (row, read) = self.sheet.first_line()?;
        let is_decided = read == FirstLine::Person || self.first.is_some();
        let code = if is_decided { read.as_str() } else { "" };
        Some((row.line, in_line(row), code.to_owned()))
    }

    /// Refuses to import while the content of the first line or of a column is not decided.
    fn check(&self) -> Result<(), Problem> {
        if let Some((line, text, code)) = self.first_line()
            && code.is_empty()
        {
            let detail = format!(
                "Say whether line {line} ({text}) has the names of the columns or is a competitor. Nothing was imported."
            );
            return Err(invalid(detail).at("first_line"));
        }
        self.mapping.check()
    }

    fn column_name(&self, column: &Column) -> String {
        column_name(column.place, &column.heading)
    }

    fn columns(&self) -> &[Column] {
        &self.mapping.0
    }

    fn field(&self, column: &Column) -> &'static str {
        column.field.map_or("", ColumnField::as_str)
    }

    fn above(&self) -> Vec<String> {
        self.sheet.above.iter().map(in_line).collect()
    }

    fn grade(&self, candidate: &Candidate) -> String {
        candidate.profile.grade.map_or_else(|| "–".to_owned(), |grade| grade.to_string())
    }

    fn age(&self, candidate: &Candidate) -> &'static str {
        match candidate.profile.is_18_or_over {
            Some(true) => "Yes",
            Some(false) => "No",
            None => "–",
        }
    }
}

fn in_line(row: &SheetRow) -> String {
    row.cells.join(" ").trim().to_owned()
}

// Names of fields contain what they are about, so that no choice applies to another line after the text was changed. An answer is
// about what was read, so one that was preselected does not outlive the columns that it was chosen for.

fn column_name(place: usize, heading: &str) -> String {
    format!("column.{place}.{heading}")
}

fn cell_name(line: usize, column: usize, text: &str) -> String {
    format!("cell.{line}.{column}.{text}")
}

fn answer_name(row: &SheetRow, mapping: &Mapping) -> String {
    let read = |column: &Column| {
        let field = column.field.filter(|it| *it != ColumnField::LeftOut)?;
        Some(format!("{}={}", field.as_str(), row.cell(column.place)))
    };
    let read: Vec<String> = mapping.0.iter().filter_map(read).collect();
    format!("answer.{}.{}", row.line, read.join("|"))
}

/// `GET /ctf/rosters/{roster}/competitors/import`.
pub(super) async fn ask(RosterCoach { roster, .. }: RosterCoach) -> PageResult {
    changeable(roster.is_archived())?;
    show(&ImportPage { roster, reviewed: None, form: Form::default() })
}

/// `POST /ctf/rosters/{roster}/competitors/import`: shows what becomes of each line, or adds those about new people if they were shown
/// before, and shows the others.
pub(super) async fn import(
    State(context): State<Context>,
    coach: RosterCoach,
    filled: FilledWithFile,
) -> Result<Response, PageError> {
    let FilledWithFile { mut form, file } = filled;
    changeable(coach.roster.is_archived())?;
    let mut encoding = None;
    if let Some(file) = file {
        let decoded = match imports::decode(&file) {
            Ok(decoded) => decoded,
            Err(problem) => return again(form, problem, coach.roster, None).await,
        };
        encoding = Some(decoded.encoding);
        form = Form::default().with("rows", decoded.text);
    }
    let sheet = match Sheet::read(form.value("rows")) {
        Ok(sheet) => sheet,
        Err(problem) => return again(form, problem, coach.roster, None).await,
    };
    let first = FirstLine::named(form.value("first_line"));
    let (sheet, mapping, rows, answers) = typed(sheet, first, &form);
    coach.note(&context).await?;
    let (roster, actor) = (coach.roster, coach.viewer.actor());
    let known = reads::known_people(&context.db, roster.key()).await.map_err(WebError::from)?;
    let review = imports::review(rows.clone(), &known, &answers);
    let mut reviewed = Reviewed { sheet, mapping, review, answers, first, encoding, added: None };
    let is_import = form.value("step") == "import";
    if is_import && let Err(problem) = reviewed.check() {
        return again(form, problem, roster, Some(reviewed)).await;
    }
    // Columns, corrections or answers may have changed whom it adds since the page was shown.
    if !is_import || form.value("shown") != reviewed.review.digest() {
        let page = ImportPage { roster, reviewed: Some(reviewed), form: Form::default() };
        return Ok(show(&page)?.into_response());
    }
    let (key, answers) = (roster.key(), &reviewed.answers);
    let review = match actions::import_competitors(&context, actor, key, rows, answers).await {
        Ok(review) => review,
        Err(error) => return again(form, error, roster, Some(reviewed)).await,
    };
    let said = in_words(&review);
    reviewed.sheet.rows.retain(|row| review.is_open(row.line));
    if reviewed.sheet.rows.is_empty() && review.known.is_empty() {
        return Ok(back(&roster, &said));
    }
    reviewed.mapping = Mapping::of(&reviewed.sheet, &reviewed.mapping.fields());
    reviewed.review = Review { add: Vec::new(), ..review };
    reviewed.added = Some(said);
    let page = ImportPage { roster, reviewed: Some(reviewed), form: Form::default() };
    Ok(show(&page)?.into_response())
}

/// Applies the corrections, choices and answers of a form to a sheet.
fn typed(
    sheet: Sheet,
    first: Option<FirstLine>,
    form: &Form,
) -> (Sheet, Mapping, RosterRows, BTreeMap<usize, Answer>) {
    let fields: BTreeMap<&str, &str> =
        form.fields().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let field = |name: String| fields.get(name.as_str()).copied();
    // The headings as the form may know them, before the first line was taken for something else.
    let former = sheet.headings.clone();
    let mut sheet = match first {
        Some(first) => sheet.beginning_with(first),
        None => sheet,
    };
    let (width, unchanged) = (sheet.width(), sheet.clone());
    for row in &unchanged.rows {
        for column in 0..width {
            if let Some(text) = field(cell_name(row.line, column, row.cell(column))) {
                sheet.edit(row.line, column, text);
            }
        }
    }
    let chosen = (0..width).filter_map(|place| {
        let headings = [sheet.headings.cell(place), former.cell(place), ""];
        let chosen = headings.iter().find_map(|heading| field(column_name(place, heading)))?;
        Some((place, ColumnField::named(chosen)?))
    });
    let mapping = Mapping::of(&sheet, &chosen.collect());
    let mut answers = BTreeMap::new();
    for row in &unchanged.rows {
        let answer = field(answer_name(row, &mapping)).and_then(Answer::named);
        answers.extend(answer.map(|answer| (row.line, answer)));
    }
    let rows = RosterRows::of(&sheet, &mapping);
    (sheet, mapping, rows, answers)
}

fn in_words(review: &Review) -> String {
    let mut said =
        format!("Added {}", kernel::counted(review.add.len(), "competitor", "competitors"));
    if !review.known.is_empty() {
        let known = kernel::counted(review.known.len(), "line is", "lines are");
        said = format!("{said}; {known} about people who are known");
    }
    said
}

async fn again(
    form: Form,
    error: impl Into<WebError>,
    roster: RosterView,
    reviewed: Option<Reviewed>,
) -> Result<Response, PageError> {
    let page = |form| async { show(&ImportPage { roster, reviewed, form }) };
    form.refused(error, page).await
}
