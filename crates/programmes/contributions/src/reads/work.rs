//! Work of maintainers, authors, moderators and organizers.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use identity::rules::timezone_named;
use kernel::{Timestamp, plain_title};
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

use super::describe::pull_address;
use crate::{
    FLAG,
    model::ReviewAction,
    rules::{fair_play::FindingKind, flagged::Flagged, seasons::SeasonDays},
};

const SIGNED_IN: TaskKind = TaskKind {
    code: "",
    label: "",
    one: "",
    list: "/work",
    waits: "",
    icon: TaskIcon::Todo,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
    audience: Audience::SignedIn,
    flag: Some(FLAG),
    target: None,
    rows: |_| String::new(),
    text: |_| TaskText {
        title: String::new(),
        line: String::new(),
        action: "",
        address: String::new(),
        due: None,
    },
};

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[
    TaskKind {
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/work?kind=review",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        is_about: true,
        is_taken: Some(is_begun),
        rows: reviews,
        text: review,
        ..SIGNED_IN
    },
    TaskKind {
        code: "changes",
        label: "Changes",
        one: "Changes requested",
        list: "/work?kind=changes",
        waits: "A reviewer asked you for changes",
        icon: TaskIcon::Pen,
        is_about: true,
        rows: changes,
        text: change,
        ..SIGNED_IN
    },
    TaskKind {
        code: "flag",
        label: "Flags",
        one: "Flag",
        list: "/work?kind=flag",
        waits: "A flag waits for your decision",
        icon: TaskIcon::Flag,
        audience: Audience::Moderators,
        target: Some(FindingKind::JunkRepositories.target()),
        is_about: true,
        rows: |engine| flags(engine, "flag", "<>"),
        text: flag,
        ..SIGNED_IN
    },
    TaskKind {
        code: "report",
        label: "Reports",
        one: "Report",
        list: "/work?kind=report",
        waits: "A report waits for your decision",
        icon: TaskIcon::Report,
        audience: Audience::Moderators,
        target: Some(FindingKind::Report.target()),
        is_about: true,
        rows: |engine| flags(engine, "report", "="),
        text: flag,
        ..SIGNED_IN
    },
    TaskKind {
        code: "dispute",
        label: "Disputes",
        one: "Dispute",
        list: "/work?kind=dispute",
        waits: "A dispute waits for your decision",
        icon: TaskIcon::Dispute,
        is_about: true,
        audience: Audience::Moderators,
        flag: None,
        rows: disputes,
        text: dispute,
        ..SIGNED_IN
    },
    TaskKind {
        code: "appeal",
        label: "Appeals",
        one: "Appeal",
        list: "/work?kind=appeal",
        waits: "An appeal waits for your decision",
        icon: TaskIcon::Scales,
        is_about: true,
        audience: Audience::Admins,
        flag: None,
        rows: appeals,
        text: dispute,
        ..SIGNED_IN
    },
    TaskKind {
        code: "stuck_appeal",
        label: "Stuck appeals",
        one: "Stuck appeal",
        list: "/work?kind=stuck_appeal",
        waits: "An appeal needs another admin",
        icon: TaskIcon::Scales,
        is_about: true,
        is_stuck: true,
        audience: Audience::Admins,
        flag: None,
        rows: stuck_appeals,
        text: stuck_appeal,
        ..SIGNED_IN
    },
    TaskKind {
        code: "sign_off",
        label: "Season results",
        one: "Season results",
        list: "/work?kind=sign_off",
        waits: "A season waits for its final results",
        icon: TaskIcon::Trophy,
        picture: Some("season"),
        rows: |_| ended_seasons(),
        text: sign_off,
        ..SIGNED_IN
    },
    TaskKind {
        code: "season_draft",
        label: "Season drafts",
        one: "Season draft",
        list: "/work?kind=season_draft",
        waits: "A season is still a draft",
        icon: TaskIcon::Calendar,
        picture: Some("season"),
        rows: |_| season_drafts(),
        text: season_draft,
        ..SIGNED_IN
    },
    TaskKind {
        code: "github_account",
        label: "GitHub accounts",
        one: "GitHub account",
        list: "/work?kind=github_account",
        waits: "Your pull requests do not count yet",
        icon: TaskIcon::Person,
        rows: |_| unlinked_participants(),
        text: unlinked_participant,
        ..SIGNED_IN
    },
];

/// The word after the name of the repository in the slug of a pull request whose review the person began.
const BEGUN: &str = " begun";

/// Selects the open pull requests of a maintainer's projects that wait for a review. Those of their own, and those that another
/// maintainer reviews, wait for others.
///
/// SQLite reads the tables of a `CROSS JOIN` in their order, so it never scans the contributions of all projects.
fn reviews(engine: Engine) -> String {
    let author = identity::reads::person_json(engine, "waiting.author_id");
    let held =
        "SELECT 1 FROM open_reviews held WHERE held.pull_request_id = waiting.pull_request_id";
    format!(
        "SELECT 'review' AS kind, pull.title AS name, repo.full_name AS place, \
         repo.full_name || CASE WHEN EXISTS ({held} AND held.reviewer_id = $1) THEN '{BEGUN}' ELSE '' END AS slug, \
         pull.number AS number, coalesce('+' || pull.additions || ' −' || pull.deletions, '') AS detail, \
         waiting.active_at AS since, waiting.stale_at AS due, {author} AS person, '' AS quote \
         FROM project_maintainers m CROSS JOIN contributions waiting \
         JOIN projects p ON p.id = waiting.project_id AND p.archived_at IS NULL {} \
         WHERE m.user_id = $1 AND waiting.project_id = m.project_id \
         AND waiting.state NOT IN ('MERGED', 'CLOSED') AND waiting.state IN ('OPEN', 'UNDER_REVIEW') \
         AND waiting.due_at IS NOT NULL AND waiting.abandoned_at > $2 \
         AND (waiting.author_id IS NULL OR waiting.author_id <> $1) \
         AND (NOT EXISTS ({held}) OR EXISTS ({held} AND held.reviewer_id = $1))",
        github::reads::joined_pull("waiting.pull_request_id")
    )
}

/// Selects the pull requests of an author whose reviewers asked for changes, with the last of those who asked here.
fn changes(engine: Engine) -> String {
    let asked = ReviewAction::RequestedChanges.as_str();
    let reviewer = identity::reads::person_json(
        engine,
        &format!(
            "(SELECT r.reviewer_id FROM pr_reviews r WHERE r.pull_request_id = asked.pull_request_id \
             AND r.action = '{asked}' ORDER BY r.created_at DESC, r.id DESC LIMIT 1)"
        ),
    );
    format!(
        "SELECT 'changes' AS kind, pull.title AS name, repo.full_name AS place, repo.full_name AS slug, \
         pull.number AS number, '' AS detail, asked.active_at AS since, asked.abandoned_at AS due, \
         {reviewer} AS person, '' AS quote \
         FROM contributions asked {} WHERE asked.author_id = $1 AND asked.state = 'CHANGES_REQUESTED' \
         AND asked.due_at IS NOT NULL AND asked.abandoned_at > $2",
        github::reads::joined_pull("asked.pull_request_id")
    )
}

/// Selects the open flags, without those about the person themselves, on a project of theirs or on their own report. Each has
/// the first of its people, and of its pull requests or repositories; the detail is what [`Flagged`] reads.
fn flags(engine: Engine, code: &str, is: &str) -> String {
    let concerned = "SELECT s.subject_id FROM fair_play_subjects s WHERE s.flag_id = f.id AND s.kind = 'person'";
    let person = identity::reads::person_json(
        engine,
        &format!("({concerned} ORDER BY s.subject_id LIMIT 1)"),
    );
    let pulls = "FROM flags_on_pull_requests o";
    let of_pull = |columns: &str| {
        format!(
            "(SELECT {columns} {pulls} {} WHERE o.flag_id = f.id ORDER BY o.pull_request_id LIMIT 1)",
            github::reads::joined_pull("o.pull_request_id")
        )
    };
    let (title, label) = (of_pull("pull.title"), of_pull("repo.full_name || ' #' || pull.number"));
    let repository = format!(
        "(SELECT repo.full_name FROM fair_play_subjects s {} WHERE s.flag_id = f.id AND s.kind = 'repository' \
         ORDER BY repo.full_name LIMIT 1)",
        github::reads::joined_repository("s.subject_id")
    );
    format!(
        "SELECT '{code}' AS kind, coalesce({title}, '') AS name, coalesce({repository}, {label}, '') AS place, '' AS slug, \
         f.number AS number, f.kind || ' ' || (SELECT count(*) FROM ({concerned}) AS people) \
         || ' ' || (SELECT count(*) {pulls} WHERE o.flag_id = f.id) \
         || ' ' || (SELECT count(*) FROM reports r WHERE r.flag_id = f.id) || ' ' || coalesce((SELECT r.reason \
         FROM reports r WHERE r.flag_id = f.id ORDER BY r.created_at, r.id LIMIT 1), '') AS detail, \
         f.created_at AS since, CAST(NULL AS timestamptz) AS due, {person} AS person, '' AS quote FROM fair_play_flags f \
         WHERE f.state = 'open' AND f.kind {is} 'report' \
         AND NOT EXISTS ({concerned} AND s.subject_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM flags_on_pull_requests o JOIN contributions flagged \
         ON flagged.pull_request_id = o.pull_request_id JOIN project_maintainers m ON m.project_id = flagged.project_id \
         WHERE o.flag_id = f.id AND m.user_id = $1)"
    )
}

/// Returns the condition that a moderator may decide on a dispute `d`: it is not theirs, about a project of theirs, about their
/// review, or about their decision. `who` is an expression for the moderator's ID.
fn impartial(who: &str) -> String {
    let has_banned = identity::reads::has_imposed("d.target_id", who);
    format!(
        "d.opened_by_id <> {who} \
         AND NOT EXISTS (SELECT 1 FROM project_maintainers m WHERE m.project_id = d.project_id AND m.user_id = {who}) \
         AND NOT EXISTS (SELECT 1 FROM pr_reviews r WHERE r.pull_request_id = d.target_id AND r.reviewer_id = {who}) \
         AND NOT EXISTS (SELECT 1 FROM fair_play_flags f WHERE f.id = d.target_id AND f.decided_by_id = {who}) \
         AND NOT EXISTS (SELECT 1 FROM sanctions n WHERE n.id = d.target_id AND n.decided_by_id = {who}) \
         AND NOT {has_banned}"
    )
}

/// The first text of the thread of a dispute `d`.
const SAID: &str = "(SELECT w.text FROM dispute_messages m JOIN dispute_words w ON w.id = m.id \
     WHERE m.dispute_id = d.id ORDER BY m.created_at, m.id LIMIT 1)";

/// Selects the title of the pull request that a dispute `d` is about, and its number in its repository.
fn contested(column: &str) -> String {
    format!(
        "coalesce((SELECT {column} FROM disputes x {} WHERE x.id = d.id), '')",
        github::reads::joined_pull("x.target_id")
    )
}

/// Selects the columns of a dispute `d`, except those of the time.
fn about(engine: Engine, code: &str, times: &str) -> String {
    let opener = identity::reads::person_json(engine, "d.opened_by_id");
    let (title, label) =
        (contested("pull.title"), contested("repo.full_name || ' #' || pull.number"));
    format!(
        "SELECT '{code}' AS kind, {title} AS name, {label} AS place, '' AS slug, d.number AS number, d.kind AS detail, \
         {times}, {opener} AS person, {SAID} AS quote"
    )
}

fn disputes(engine: Engine) -> String {
    let about = about(engine, "dispute", "d.created_at AS since, d.due_at AS due");
    format!("{about} FROM disputes d WHERE d.state = 'open' AND {}", impartial("$1"))
}

fn appeals(engine: Engine) -> String {
    open_appeals(engine, "appeal", &may_decide_appeal("$1"))
}

/// Selects the appeals that every admin had a part in.
fn stuck_appeals(engine: Engine) -> String {
    let admins = identity::reads::acting_admins("$2");
    let may_decide = may_decide_appeal("u.id");
    open_appeals(engine, "stuck_appeal", &format!("NOT EXISTS ({admins} AND {may_decide})"))
}

fn open_appeals(engine: Engine, code: &str, condition: &str) -> String {
    let about = about(engine, code, "a.created_at AS since, a.due_at AS due");
    format!(
        "{about} FROM appeals a JOIN disputes d ON d.id = a.dispute_id WHERE a.state = 'open' AND {condition}"
    )
}

/// Returns the condition that an admin may decide on the appeal in a dispute `d`. `who` is an expression for the admin's ID.
fn may_decide_appeal(who: &str) -> String {
    format!("{} AND (d.decided_by_id IS NULL OR d.decided_by_id <> {who})", impartial(who))
}

/// Selects the seasons of an organizer that are over and not signed off.
fn ended_seasons() -> String {
    "SELECT 'sign_off' AS kind, s.name AS name, '' AS place, s.slug AS slug, 0 AS number, s.last_day AS detail, \
     s.published_at AS since, CAST(NULL AS timestamptz) AS due \
     FROM season_organizers o JOIN seasons s ON s.id = o.season_id WHERE o.user_id = $1 AND s.last_day < $3 \
     AND s.published_at IS NOT NULL AND s.canceled_at IS NULL AND s.signed_off_at IS NULL"
        .to_owned()
}

fn season_drafts() -> String {
    "SELECT 'season_draft' AS kind, s.name AS name, '' AS place, s.slug AS slug, 0 AS number, s.first_day AS detail, \
     s.created_at AS since, CAST(NULL AS timestamptz) AS due \
     FROM season_organizers o JOIN seasons s ON s.id = o.season_id WHERE o.user_id = $1 \
     AND s.published_at IS NULL AND s.canceled_at IS NULL"
        .to_owned()
}

/// Selects the first season that a person without an account on GitHub takes part in, and that is not over: none of their pull requests
/// counts in it.
fn unlinked_participants() -> String {
    format!(
        "SELECT 'github_account' AS kind, s.name AS name, '' AS place, s.slug AS slug, 0 AS number, \
         s.last_day || ' ' || p.timezone AS detail, p.created_at AS since, CAST(NULL AS timestamptz) AS due \
         FROM season_participants p JOIN seasons s ON s.id = p.season_id WHERE p.user_id = $1 AND p.withdrawn_at IS NULL \
         AND s.last_day >= $3 AND s.published_at IS NOT NULL AND s.canceled_at IS NULL AND {} \
         ORDER BY s.last_day, s.slug LIMIT 1",
        identity::reads::lacks_github("p.user_id")
    )
}

/// Returns whether the person began the review of a row.
fn is_begun(row: &TaskRow) -> bool {
    row.slug.ends_with(BEGUN)
}

fn review(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.name.clone(),
        line: if row.detail.is_empty() {
            format!("{} #{}", row.place, row.number)
        } else {
            format!("{} #{} · {}", row.place, row.number, row.detail)
        },
        action: if is_begun(row) { "Continue" } else { "Review" },
        address: pull_address(&row.place, row.number),
        due: None,
    }
}

fn change(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.name.clone(),
        line: format!("{} #{}", row.place, row.number),
        action: "See changes",
        address: pull_address(&row.place, row.number),
        due: None,
    }
}

fn dispute(row: &TaskRow) -> TaskText {
    let about = match (row.detail.as_str(), row.name.as_str()) {
        ("score", "") => "the points of a pull request".to_owned(),
        ("score", title) => format!("the points of “{}”", plain_title(title)),
        ("flag", _) => "a decision on a flag".to_owned(),
        ("sanction", _) => "a sanction".to_owned(),
        _ => "a ban".to_owned(),
    };
    let says = if row.kind == "dispute" { "contests" } else { "appeals about" };
    let who = row.whom(1).unwrap_or_else(|| "Someone".to_owned());
    TaskText {
        title: format!("{who} {says} {about}"),
        line: placed(&row.place, &format!("D-{}", row.number)),
        action: "Decide",
        address: format!("/disputes/{}", row.number),
        due: None,
    }
}

/// Returns the words about an appeal that waits for an admin without a part in it.
fn stuck_appeal(row: &TaskRow) -> TaskText {
    let text = dispute(row);
    TaskText {
        line: format!("{}, every admin had a part in it", text.line),
        action: "Appoint an admin",
        address: "/admin/people?role=moderator".to_owned(),
        ..text
    }
}

/// Returns the words about a flag.
fn flag(row: &TaskRow) -> TaskText {
    let number = format!("F-{}", row.number);
    let flag = Flagged::read(&row.detail);
    let title = flag.as_ref().map(|flag| {
        let unnamed = || match flag.people {
            ..=1 => "one person".to_owned(),
            people => format!("{people} people"),
        };
        flag.title(&row.whom(flag.people).unwrap_or_else(unnamed), &row.name, &row.place)
    });
    TaskText {
        title: title.unwrap_or_else(|| format!("Decide on the flag {number}")),
        line: if flag.is_some_and(|flag| flag.is_of_one_thing()) {
            placed(&row.place, &number)
        } else {
            number
        },
        action: "Decide",
        address: format!("/admin/fair-play/{}", row.number),
        due: None,
    }
}

/// Returns a place with what follows it: "octo-org/lantern #98 · D-12".
fn placed(place: &str, then: &str) -> String {
    if place.is_empty() { then.to_owned() } else { format!("{place} · {then}") }
}

/// Returns the end of a stored day in UTC.
pub(super) fn end_of(day: &str) -> Option<Timestamp> {
    let next = day.parse::<NaiveDate>().ok()?.succ_opt()?;
    Some(next.and_time(NaiveTime::MIN).and_utc())
}

/// Returns a stored day in words.
fn in_words(day: &str) -> String {
    let words = day.parse::<NaiveDate>().map(|day| day.format("%-d %b %Y").to_string());
    words.unwrap_or_else(|_| day.to_owned())
}

fn sign_off(row: &TaskRow) -> TaskText {
    // Points of the last day settle within a week.
    let target = TimeDelta::days(14);
    TaskText {
        title: format!("Make the results of {} final", row.name),
        line: format!("The season ended on {}", in_words(&row.detail)),
        action: "See the results",
        address: format!("/seasons/{}/sign-off", row.slug),
        due: end_of(&row.detail).and_then(|end| end.checked_add_signed(target)),
    }
}

fn unlinked_participant(row: &TaskRow) -> TaskText {
    TaskText {
        title: "Link your GitHub account, or your pull requests do not count".to_owned(),
        line: row.name.clone(),
        action: "Link your account",
        address: "/settings/identities/github".to_owned(),
        due: row.detail.split_once(' ').and_then(|(day, zone)| last_minute(day, zone)),
    }
}

/// Returns the last minute of a stored day in a time zone; in UTC if the zone is unknown.
fn last_minute(day: &str, zone: &str) -> Option<Timestamp> {
    let day = day.parse().ok()?;
    let days = SeasonDays { first: day, last: day };
    let end = days.span(timezone_named(zone).unwrap_or(Tz::UTC)).ends_at;
    end.checked_sub_signed(TimeDelta::minutes(1))
}

fn season_draft(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Publish {}", row.name),
        line: format!("No one sees it yet, and it begins on {}", in_words(&row.detail)),
        action: "Finish the draft",
        address: format!("/seasons/{}/edit", row.slug),
        due: end_of(&row.detail).and_then(|end| end.checked_sub_signed(TimeDelta::days(1))),
    }
}
