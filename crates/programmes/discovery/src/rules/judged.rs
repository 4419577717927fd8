//! Judged sets in the form of BEIR (<https://github.com/beir-cellar/beir>): documents and queries as JSON lines, and
//! judgments as a table with tabs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::measures::Grades;

/// A document of a judged set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct JudgedDocument {
    #[serde(rename = "_id")]
    pub id: String,
    /// The title, which may be empty.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub text: String,
    /// The names of its labels. Not all sets have them.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// A query of a judged set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct JudgedQuery {
    #[serde(rename = "_id")]
    pub id: String,
    /// The words to search for.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LineError {
    /// The number of the line, from 1.
    pub line: usize,
    pub reason: String,
}

/// Reads a line of documents or queries.
///
/// # Errors
/// When it is not a JSON object with the fields of `T`, or has an ID that a run in the form of TREC cannot contain.
pub fn json_line<T: for<'a> Deserialize<'a> + Identified>(
    number: usize,
    line: &str,
) -> Result<T, LineError> {
    let wrong = |reason: String| LineError { line: number, reason };
    let read: T = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
    if is_id(read.id()) {
        Ok(read)
    } else {
        Err(wrong("`_id` must be 1 to 200 characters without white space".to_owned()))
    }
}

/// A line with an ID.
pub trait Identified {
    fn id(&self) -> &str;
}

impl Identified for JudgedDocument {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Identified for JudgedQuery {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The length of the longest ID, in bytes.
const LONGEST_ID: usize = 200;

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && !id.contains(char::is_whitespace)
}

/// Reads judgments: a heading, then a query, a document and a grade on each line. Returns the grades by query.
///
/// # Errors
/// When a line has another form, or a judgment comes twice with different grades.
pub fn judgments(text: &str) -> Result<BTreeMap<String, Grades>, LineError> {
    let mut of = BTreeMap::<String, Grades>::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        let wrong = |reason: &str| LineError { line: index + 1, reason: reason.to_owned() };
        let columns: Vec<&str> = line.split('\t').collect();
        let &[query, document, grade] = columns.as_slice() else {
            return Err(wrong("expected `query-id`, `corpus-id` and `score`"));
        };
        let grade = grade.parse().map_err(|_| wrong("`score` must be a whole number from 0"))?;
        let grades = of.entry(query.to_owned()).or_default();
        let before = grades.insert(document.to_owned(), grade);
        if before.is_some_and(|before| before != grade) {
            return Err(wrong("this judgment was given before with another score"));
        }
    }
    Ok(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read() {
        let line = r#"{"_id": "reef/kelp#7", "title": "Sort", "text": "by date", "labels": ["bug"], "more": 1}"#;
        let document: JudgedDocument = json_line(1, line).expect("a document");
        assert_eq!(
            (document.id.as_str(), document.labels.as_slice()),
            ("reef/kelp#7", &["bug".to_owned()][..])
        );
        let bare: JudgedDocument = json_line(1, r#"{"_id": "1"}"#).expect("a document");
        assert_eq!((bare.title, bare.text), (String::new(), String::new()));
    }

    #[test]
    fn wrong_lines_are_named() {
        for line in [
            "",
            "7",
            "{}",
            r#"{"_id": "", "text": "x"}"#,
            r#"{"_id": "a b", "text": "x"}"#,
            r#"{"_id": 1, "text": "x"}"#,
        ] {
            let error = json_line::<JudgedQuery>(3, line).expect_err(line);
            assert_eq!(error.line, 3, "{line}");
        }
    }

    #[test]
    fn judgments_are_grouped() {
        let text = "query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t0\n\n2\ta\t2\r\n1\ta\t1\n";
        let of = judgments(text).expect("judgments");
        assert_eq!(of["1"], Grades::from([("a".into(), 1), ("b".into(), 0)]));
        assert_eq!(of["2"], Grades::from([("a".into(), 2)]));
    }

    #[test]
    fn wrong_judgments_are_named() {
        for (text, line) in [
            ("h\n1\ta\n", 2),
            ("h\n1\ta\t1\n1\ta\tx\n", 3),
            ("h\n1\ta\t-1\n", 2),
            ("h\n1\ta\t1\n1\ta\t2\n", 3),
            ("h\n1 0 a 1\n", 2),
        ] {
            let error = judgments(text).expect_err(text);
            assert_eq!(error.line, line, "{text}");
        }
    }
}
