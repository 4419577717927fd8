//! The words about work.

use chrono::{NaiveDate, NaiveTime};
use kernel::{counted, first_words};
use platform::work::{TaskRow, TaskText};

/// Returns the words about a hackathon with a page of its own.
pub(super) fn at_page(
    row: &TaskRow,
    (says, line): (&str, &str),
    page: &str,
    action: &'static str,
) -> TaskText {
    TaskText {
        title: format!("{says} {}", row.name),
        line: if row.place.is_empty() { line.to_owned() } else { row.place.clone() },
        action,
        address: format!("/hackathons/{}/{page}", row.slug),
        due: None,
    }
}

pub(super) fn at_event(row: &TaskRow, says: &str, action: &'static str) -> TaskText {
    TaskText {
        title: format!("{says} {}", row.name),
        line: "The place goes to someone else otherwise".to_owned(),
        action,
        address: format!("/hackathons/{}", row.slug),
        due: None,
    }
}

/// The most characters of a question in a row.
const QUESTION: usize = 90;

/// Returns the words about a request for help, whose detail is where the team sits, and its question.
pub(super) fn help_text(row: &TaskRow) -> TaskText {
    let (place, question) = row.detail.split_once('\n').unwrap_or(("", &row.detail));
    let question = format!("“{}”", first_words(question, QUESTION));
    TaskText {
        title: format!("{} asks for help at {}", row.name, row.place),
        line: if place.is_empty() { question } else { format!("{place}: {question}") },
        action: "Help",
        address: format!("/hackathons/{}/help-queue", row.slug),
        due: None,
    }
}

pub(super) fn application(row: &TaskRow) -> TaskText {
    let who = row.whom(row.number).unwrap_or_else(|| counted(row.number, "person", "people"));
    let want = if row.number == 1 { "wants" } else { "want" };
    TaskText {
        title: format!("{who} {want} to join {}", row.name),
        line: "Accept or decline before it begins".to_owned(),
        action: "Decide",
        address: format!("/hackathons/{}/applications?status=pending_review", row.slug),
        due: None,
    }
}

pub(super) fn check(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Fix a check of {}, which would not be judged", row.detail),
        line: format!("{}, a required check fails", row.name),
        action: "Fix the check",
        address: format!("/hackathons/{}/submission", row.slug),
        due: None,
    }
}

/// Splits the slug of a hackathon from an ID.
fn parts(row: &TaskRow) -> (&str, String) {
    let (slug, id) = row.slug.split_once(' ').unwrap_or((&row.slug, ""));
    let id = uuid::Uuid::try_parse(id).map(|id| id.to_string());
    (slug, id.unwrap_or_default())
}

pub(super) fn team_task(row: &TaskRow) -> TaskText {
    let (slug, id) = parts(row);
    let due = row.detail.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt());
    TaskText {
        title: row.name.clone(),
        line: format!("Board of your team, {}", row.place),
        action: "Open the task",
        address: format!("/hackathons/{slug}/board/{id}"),
        due: due.map(|next| next.and_time(NaiveTime::MIN).and_utc()),
    }
}

pub(super) fn disqualified_text(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("{} asks to be judged after all", row.name),
        line: format!("{}, appeal of a disqualified team", row.place),
        action: "Decide",
        address: format!("/hackathons/{}/submissions", row.slug),
        due: None,
    }
}

pub(super) fn prize(row: &TaskRow) -> TaskText {
    let prizes = counted(row.number, "prize", "prizes");
    TaskText {
        title: format!("Send {prizes} of {}", row.name),
        line: "The winners entered their details".to_owned(),
        action: "See the prizes",
        address: format!("/hackathons/{}/prize-awards", row.slug),
        due: None,
    }
}

pub(super) fn points(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Approve the points of {}", row.name),
        line: "Results award no points until then".to_owned(),
        action: "Review",
        address: format!("/admin/hackathons/{}/points", row.slug),
        due: None,
    }
}

pub(super) fn network(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Approve the networks of {}", row.name),
        line: "Limits by address hold for its guests until then".to_owned(),
        action: "Check",
        address: format!("/admin/hackathons/{}/venue-networks", row.slug),
        due: None,
    }
}

pub(super) fn reward(row: &TaskRow) -> TaskText {
    let who = row.whom(row.number).unwrap_or_else(|| counted(row.number, "person", "people"));
    TaskText {
        title: format!("Hand over “{}” to {who}", row.name),
        line: "Paid for with points".to_owned(),
        action: "Hand over",
        address: "/admin/rewards/redemptions".to_owned(),
        due: None,
    }
}
