use chrono::TimeDelta;

use super::generated::now;
use crate::model::IssueFacts;

/// Returns an issue with a description of about `length` bytes that has something of everything.
pub(super) fn long_issue(length: usize) -> IssueFacts {
    let part = "The parser of the database fails on an empty file, see `src/parser.rs:12` and https://x.example/a.\n1. Open it\n2. Wait\n- [ ] test\n\
                ### Expected\n```\nerror: cannot read\n```\nPlease don't \"buy now\" <!-- note --> and call 1 555 0100.\n";
    IssueFacts {
        title: "Crash on an empty file".to_owned(),
        body: part.repeat(length / part.len() + 1),
        labels: vec!["bug".to_owned(), "good first issue".to_owned(), "area: parser".to_owned()],
        opened_at: now() - TimeDelta::days(20),
        active_at: now(),
        ..IssueFacts::default()
    }
}
