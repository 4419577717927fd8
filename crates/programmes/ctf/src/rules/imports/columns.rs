use std::collections::BTreeMap;

use kernel::Problem;
use platform::ascii;

use super::Sheet;
use crate::rules::rosters::invalid;

platform::codes! {
    /// The content of a column.
    ColumnField {
        FirstName = "first_name", "First name";
        LastName = "last_name", "Last name";
        /// Both names, or one name.
        FullName = "name", "Name: first, then last";
        /// Both names, or one name.
        LastFirst = "last_first", "Name: last, then first";
        EmailSchool = "email_school", "School email address";
        EmailPersonal = "email_personal", "Personal email address";
        Is18OrOver = "is_18_or_over", "18 or over";
        Grade = "grade", "Grade";
        YearsCompeting = "years_competing", "Years of competing";
        ParentName = "parent_name", "Parent's name";
        ParentEmail = "parent_email", "Parent's email address";
        LeftOut = "left_out", "Leave out";
    }
}

/// The words of known headings, without spaces, marks and accents.
const HEADINGS: [(ColumnField, &[&str]); 12] = {
    use ColumnField::{
        EmailPersonal, EmailSchool, FirstName, FullName, Grade, Is18OrOver, LastFirst, LastName,
        LeftOut, ParentEmail, ParentName, YearsCompeting,
    };
    [
        (
            FirstName,
            &[
                "first",
                "firstname",
                "firstnames",
                "fname",
                "given",
                "givenname",
                "givennames",
                "forename",
                "forenames",
                "studentfirst",
                "studentfirstname",
                "competitorfirstname",
                "vorname",
                "prenom",
                "nombre",
            ],
        ),
        (
            LastName,
            &[
                "last",
                "lastname",
                "lastnames",
                "lname",
                "family",
                "familyname",
                "surname",
                "surnames",
                "studentlast",
                "studentlastname",
                "competitorlastname",
                "nachname",
                "apellido",
                "apellidos",
            ],
        ),
        (
            FullName,
            &[
                "name",
                "names",
                "fullname",
                "displayname",
                "student",
                "students",
                "studentname",
                "studentfullname",
                "pupil",
                "pupilname",
                "competitor",
                "competitorname",
                "participant",
                "participantname",
                "firstlast",
                "firstandlast",
                "firstandlastname",
                "firstlastname",
                "firstnamelastname",
                "namefirstlast",
            ],
        ),
        (
            LastFirst,
            &[
                "lastfirst",
                "lastfirstname",
                "lastnamefirstname",
                "lastnamefirst",
                "surnamefirstname",
                "surnameforename",
                "surnamename",
                "familynamegivenname",
                "namelastfirst",
                "studentlastfirst",
                "studentnamelastfirst",
            ],
        ),
        (
            EmailSchool,
            &[
                "email",
                "emails",
                "mail",
                "emailaddress",
                "mailaddress",
                "emailschool",
                "schoolemail",
                "schoolemailaddress",
                "schoolmail",
                "studentemail",
                "studentemailaddress",
                "emailaddressschool",
                "emailid",
            ],
        ),
        (
            EmailPersonal,
            &[
                "personalemail",
                "personalemailaddress",
                "emailpersonal",
                "privateemail",
                "homeemail",
                "homeemailaddress",
                "emailhome",
                "alternateemail",
                "otheremail",
                "secondaryemail",
            ],
        ),
        (Is18OrOver, &["is18orover", "18orover", "18orolder", "over18", "is18", "adult", "18"]),
        (
            Grade,
            &[
                "grade",
                "grades",
                "gradelevel",
                "gradeyear",
                "year",
                "yearlevel",
                "yeargroup",
                "yr",
                "gr",
            ],
        ),
        (
            YearsCompeting,
            &[
                "yearscompeting",
                "yearsofcompeting",
                "years",
                "yearscompeted",
                "yearsofexperience",
                "yearsexperience",
            ],
        ),
        (
            ParentName,
            &[
                "parent",
                "parents",
                "parentname",
                "parentsname",
                "guardian",
                "guardianname",
                "parentguardian",
                "parentguardianname",
            ],
        ),
        (
            ParentEmail,
            &[
                "parentemail",
                "parentsemail",
                "parentemailaddress",
                "guardianemail",
                "guardianemailaddress",
                "emailparent",
                "parentguardianemail",
                "parentguardianemailaddress",
            ],
        ),
        // The other columns of the list of competitors as CSV, which the server knows better.
        (LeftOut, &["team", "username", "status", "syncerror"]),
    ]
};

impl ColumnField {
    /// Returns the field that a heading names, in any capitals and with any marks.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Self> {
        let mut word = ascii::spelled(heading);
        word.retain(|c| c.is_ascii_alphanumeric());
        let optional = ["optional", "required"];
        let word = optional.iter().find_map(|note| word.strip_suffix(note)).unwrap_or(&word);
        let known = HEADINGS.iter().find(|(_, words)| words.contains(&word));
        known.map(|(field, _)| *field)
    }
}

/// A column that has a heading or content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The place, from 0.
    pub place: usize,
    pub heading: String,
    /// The first content below the heading.
    pub example: String,
    /// The field, chosen or named by the heading; `None` until a person chooses.
    pub field: Option<ColumnField>,
}

impl Column {
    /// Returns the heading, or the place of a column without one.
    #[must_use]
    pub fn name(&self) -> String {
        if self.heading.is_empty() {
            format!("Column {} without a heading", self.place + 1)
        } else {
            self.heading.clone()
        }
    }
}

/// The fields of the columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<Column>);

impl Mapping {
    /// Maps columns by the choices of a person, by place, and otherwise by their headings. Of several columns with headings for
    /// one field, the first one has it, unless it was chosen for another.
    #[must_use]
    pub fn of(sheet: &Sheet, chosen: &BTreeMap<usize, ColumnField>) -> Self {
        let mut columns = Vec::new();
        let mut taken: Vec<ColumnField> = chosen.values().copied().collect();
        for place in 0..sheet.width() {
            let heading = sheet.headings.cell(place);
            let cells = sheet.rows.iter().map(|row| row.cell(place));
            let example = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
            if heading.is_empty() && example.is_empty() {
                continue;
            }
            let named = ColumnField::of_heading(heading);
            let named = named.filter(|it| *it == ColumnField::LeftOut || !taken.contains(it));
            let field = chosen.get(&place).copied().or(named);
            taken.extend(field);
            let (heading, example) = (heading.to_owned(), example.to_owned());
            columns.push(Column { place, heading, example, field });
        }
        Self(columns)
    }

    /// Returns the place of the column with a field.
    #[must_use]
    pub fn place(&self, field: ColumnField) -> Option<usize> {
        self.0.iter().find(|column| column.field == Some(field)).map(|column| column.place)
    }

    /// Returns the fields by the places of their columns.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<usize, ColumnField> {
        self.0.iter().filter_map(|column| Some((column.place, column.field?))).collect()
    }

    /// Checks that each column with content has a field of its own, or is left out by a choice.
    ///
    /// # Errors
    /// With the names of the columns that have none, or that of another column.
    pub fn check(&self) -> Result<(), Problem> {
        let unknown = self.0.iter().filter(|it| it.field.is_none() && !it.example.is_empty());
        let unknown = quoted(unknown);
        if !unknown.is_empty() {
            let detail = format!(
                "Choose what these columns contain, or leave them out: {unknown}. Nothing was imported."
            );
            return Err(invalid(detail).at("columns"));
        }
        let repeated = self.0.iter().filter(|it| {
            let is_used = it.field != Some(ColumnField::LeftOut);
            let first = it.field.and_then(|field| self.place(field));
            is_used && first.is_some_and(|place| place != it.place)
        });
        let repeated = quoted(repeated);
        if !repeated.is_empty() {
            let detail = format!(
                "An earlier column has the field of these columns: {repeated}. Leave them out, or choose another field."
            );
            return Err(invalid(detail).at("columns"));
        }
        Ok(())
    }
}

fn quoted<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    let names: Vec<String> = columns.map(Column::name).collect();
    names.join(", ")
}
