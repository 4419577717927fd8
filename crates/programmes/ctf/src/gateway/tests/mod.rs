mod client;

use serde_json::{Value, json};

use super::{PlatformError, answers};

/// The ID of the person in the answers.
const ID: &str = "0190a1b2";

fn solve(changes: &Value) -> Value {
    let mut solve = json!({
        "challenge_solve_id": 881_204, "challenge_id": 1_042, "challenge_title": "Vigenère's Vault",
        "challenge_points": 150, "challenge_category": "crypto", "timestamp_unix": 1_790_000_000,
        "challenge_retired": false, "nist_nice_work_roles": ["PR-CDA-001"],
    });
    if let (Some(solve), Some(changes)) = (solve.as_object_mut(), changes.as_object()) {
        solve.extend(changes.clone());
    }
    solve
}

fn scores(solves: &[Value]) -> Value {
    json!({
        "syned_user_id": ID, "metactf_user_id": 5_531, "total_challenges_solved": 41,
        "total_points": 6_150, "last_accessed_unix_timestamp": 1_790_000_400,
        "category_points": { "crypto": 150 }, "challenge_solves": solves,
    })
}

fn malformed(error: PlatformError) -> String {
    match error {
        PlatformError::Malformed(field) => field,
        error => panic!("{error:?}"),
    }
}

#[test]
fn an_account_is_read_in_every_form() {
    let account = json!({
        "metactf_user_id": 5_531, "metactf_username": "ada.lovelace", "syned_user_id": ID,
        "last_login_unix_timestamp": 1_790_000_000, "metactf_user_status": "approved", "new": [1],
    });
    let user = answers::user(&account.to_string(), Some(ID)).expect("an account");
    assert_eq!(user.metactf_user_id, 5_531);
    assert_eq!(user.username.as_deref(), Some("ada.lovelace"));
    assert_eq!(user.last_login_at.map(|at| at.timestamp()), Some(1_790_000_000));
    assert_eq!(user.status, "approved");

    let fresh = json!({
        "metactf_user_id": "5531", "metactf_username": null, "syned_user_id": null,
        "metactf_user_status": "waiting_for_school",
    });
    let user = answers::user(&fresh.to_string(), Some(ID)).expect("an account");
    assert_eq!(user.metactf_user_id, 5_531, "an ID may be text");
    assert_eq!(user.username, None);
    assert_eq!(user.last_login_at, None, "they never signed in");
    assert_eq!(user.status, "waiting_for_school", "an unknown state is kept");
}

#[test]
fn memberships_are_complete_and_of_this_server() {
    let list = json!({
        "assignments": [
            { "syned_team_id": "t1", "syned_user_id": "u1", "metactf_user_id": 1 },
            { "syned_team_id": "t1", "syned_user_id": null, "metactf_user_id": 2 },
        ],
        "total_count": 2,
    });
    let read = answers::assignments(&list.to_string()).expect("memberships");
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].team.as_str(), read[0].user.as_str()), ("t1", "u1"));
    let partial = r#"{"assignments": [], "total_count": 3}"#;
    let error = answers::assignments(partial).expect_err("partial");
    assert_eq!(malformed(error), "assignments has fewer entries than total_count");
}

#[test]
fn solves_keep_what_is_unknown() {
    let odd = json!({
        "challenge_solve_id": "s-9", "challenge_category": "Quantum Widgets",
        "nist_nice_work_roles": ["XX-NEW-042", 7], "challenge_retired": 1, "timestamp_unix": "1790000000",
    });
    let text = scores(&[solve(&json!({})), solve(&odd)]).to_string();
    let read = answers::scores(&text, Some(ID)).expect("scores");
    assert_eq!((read.total_solved, read.total_points), (41, 6_150));
    assert_eq!(read.solves[0].solve_id, "881204", "an ID may be a number");
    assert_eq!(read.solves[0].title, "Vigenère's Vault");
    let second = &read.solves[1];
    assert_eq!(second.category, "Quantum Widgets");
    assert_eq!(second.nice_work_roles, ["XX-NEW-042", "7"]);
    assert!(second.is_retired);
    assert_eq!(second.solved_at, read.solves[0].solved_at);
    assert_eq!(second.raw["challenge_category"], "Quantum Widgets");
}

#[test]
fn totals_stay_without_solves_and_without_an_id() {
    let mut answer = scores(&[]);
    answer["syned_user_id"] = Value::Null;
    answer["last_accessed_unix_timestamp"] = json!(0);
    let read = answers::scores(&answer.to_string(), Some(ID)).expect("scores");
    assert!(read.solves.is_empty());
    assert_eq!((read.total_solved, read.total_points), (41, 6_150));
    assert_eq!(read.last_accessed_at, None, "never");
    let new =
        json!({ "total_challenges_solved": null, "total_points": null, "challenge_solves": null });
    let read = answers::scores(&new.to_string(), Some(ID)).expect("scores");
    assert_eq!(read.total_solved, 0);
}

#[test]
fn an_answer_about_another_person_is_an_error() {
    let with = |stated: &Value| {
        json!({
            "syned_user_id": stated, "metactf_user_id": 5_531, "metactf_user_status": "approved",
            "total_challenges_solved": 1, "total_points": 150, "challenge_solves": [], "flash_ctfs": [],
        })
        .to_string()
    };
    let read = |text: &str, asked: Option<&str>| {
        [
            answers::user(text, asked).map(drop),
            answers::scores(text, asked).map(drop),
            answers::progress(text, asked).map(drop),
        ]
    };
    let fine = [Value::Null, json!(""), json!(ID), json!(ID.to_uppercase())];
    for stated in fine {
        for result in read(&with(&stated), Some(ID)) {
            assert_eq!(result, Ok(()), "{stated}");
        }
    }
    let other = with(&json!("0190a1b3"));
    for result in read(&other, Some(ID)) {
        let field = malformed(result.expect_err("another person"));
        assert_eq!(field, "syned_user_id is not the ID that was asked for");
        assert!(!field.contains("0190a1b3"));
    }
    for result in read(&other, None) {
        assert_eq!(result, Ok(()), "no one was asked for");
    }
}

#[test]
fn a_wrong_type_names_its_field() {
    for (changes, field) in [
        (
            json!({ "challenge_points": "many" }),
            "challenge_solves[1].challenge_points is not a whole number",
        ),
        (
            json!({ "challenge_points": 1.5 }),
            "challenge_solves[1].challenge_points is not a whole number",
        ),
        (
            json!({ "challenge_points": i64::MIN }),
            "challenge_solves[1].challenge_points is not a whole number",
        ),
        (
            json!({ "challenge_points": 1e300 }),
            "challenge_solves[1].challenge_points is not a whole number",
        ),
        (
            json!({ "challenge_solve_id": {} }),
            "challenge_solves[1].challenge_solve_id is not an ID",
        ),
        (
            json!({ "challenge_id": "x".repeat(201) }),
            "challenge_solves[1].challenge_id is not an ID",
        ),
        (
            json!({ "timestamp_unix": "soon" }),
            "challenge_solves[1].timestamp_unix is not a Unix time",
        ),
        (
            json!({ "nist_nice_work_roles": "PR" }),
            "challenge_solves[1].nist_nice_work_roles is not a list",
        ),
        (
            json!({ "challenge_retired": "no" }),
            "challenge_solves[1].challenge_retired is not true or false",
        ),
    ] {
        let text = scores(&[solve(&json!({})), solve(&changes)]).to_string();
        let error = answers::scores(&text, Some(ID)).expect_err(field);
        assert_eq!(malformed(error), field);
    }
    let negative = json!({ "total_challenges_solved": -1, "total_points": 0 }).to_string();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (text, field) in [
        (negative.as_str(), "total_challenges_solved is not a number of things"),
        (&deep, "the answer is not JSON"),
        (r#"{"total_challenges_solved": NaN}"#, "the answer is not JSON"),
        ("<html>", "the answer is not JSON"),
        ("[]", "the answer is not an object"),
        ("{}", "total_challenges_solved is missing"),
    ] {
        assert_eq!(malformed(answers::scores(text, Some(ID)).expect_err(field)), field);
    }
}

#[test]
fn instants_and_texts_are_bounded() {
    let far = solve(
        &json!({ "timestamp_unix": 99_999_999_999_i64, "challenge_title": "x".repeat(5_000) }),
    );
    let milliseconds = solve(&json!({ "timestamp_unix": 1_790_000_000_123_i64 }));
    let read =
        answers::scores(&scores(&[far, milliseconds]).to_string(), Some(ID)).expect("scores");
    assert_eq!(read.solves[0].solved_at.to_rfc3339(), "2099-12-31T23:59:59+00:00");
    assert_eq!(read.solves[0].title.len(), 300);
    assert_eq!(read.solves[1].solved_at.timestamp(), 1_790_000_000);
}

#[test]
fn events_of_one_name_differ_by_their_start() {
    let event = |start: i64, rank: Value| {
        json!({
            "flash_ctf_name": "Flash CTF", "flash_ctf_time_start_unix": start, "challenges_solved": 2,
            "challenge_solves": [solve(&json!({}))], "points_earned": 300, "max_points_possible": 1_500,
            "rank": rank,
        })
    };
    let text = json!({
        "syned_user_id": null,
        "flash_ctfs": [event(1_790_000_000, json!(4)), event(1_792_600_000, Value::Null)],
    });
    let events = answers::progress(&text.to_string(), Some(ID)).expect("events");
    assert_eq!(events[0].name, events[1].name);
    assert_ne!(events[0].started_at, events[1].started_at);
    assert_eq!((events[0].rank, events[1].rank), (Some(4), None));
    assert_eq!(events[0].challenges_solved, 2, "the platform's number");
    assert_eq!(events[0].solves.len(), 1);
    assert_eq!(events[0].raw.get("challenge_solves"), None);
    let text = r#"{"flash_ctfs": [{"flash_ctf_name": "F"}]}"#;
    let error = answers::progress(text, Some(ID)).expect_err("without a start");
    assert_eq!(malformed(error), "flash_ctfs[0].flash_ctf_time_start_unix is missing");
}

#[test]
fn a_reason_names_no_person() {
    let private = ["Ada".to_owned(), "Lovelace".to_owned(), "ada.l".to_owned()];
    let detail = |answer: Value| answers::detail(&answer.to_string(), &private);
    let list = json!({ "detail": [
        { "loc": ["body", "email"], "msg": "value is not a valid email address", "type": "value_error.email" },
        { "loc": ["body", "role"], "msg": "unexpected value", "type": "value_error.const" },
    ] });
    assert_eq!(detail(list), "email: value is not a valid email address; role: unexpected value");
    let text = json!({ "detail": "User ada.l (Ada LOVELACE, ada@school.example) exists." });
    assert_eq!(detail(text), "User … … … … exists");
    assert_eq!(detail(json!({ "error": "x" })), "no reason given");
    assert_eq!(answers::detail("<html>", &private), "no reason given");
}

#[test]
fn new_and_absent_fields_are_found() {
    let mut answer = scores(&[]);
    answer["streak"] = json!(3);
    answer.as_object_mut().expect("an object").remove("category_points");
    let (absent, new) = answers::difference("odl_scores", &answer.to_string());
    assert_eq!(absent, ["category_points"]);
    assert_eq!(new, ["streak"]);
}

#[test]
fn errors_have_a_kind_and_a_next_step() {
    let wait = std::time::Duration::from_secs(30);
    for (error, kind) in [
        (PlatformError::Rejected, "rejected"),
        (PlatformError::Unknown, "unknown"),
        (PlatformError::Refused { status: 422, detail: "x".to_owned() }, "refused"),
        (PlatformError::RateLimited { retry_after: wait }, "rate_limited"),
        (PlatformError::Failed { status: 503 }, "failed"),
        (PlatformError::Unreachable("timed out"), "unreachable"),
        (PlatformError::Malformed("x is missing".to_owned()), "malformed"),
        (PlatformError::TooLarge, "too_large"),
        (PlatformError::Resting, "resting"),
    ] {
        assert_eq!(error.kind(), kind);
        let message = error.message();
        assert!(message.matches(". ").count() >= 1 && message.ends_with('.'), "{message}");
    }
}
