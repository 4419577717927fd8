use super::*;

/// Returns an input with all required fields.
pub(crate) fn input() -> HackathonInput {
    let date = |day: &str| Some(format!("2026-{day}T18:00"));
    HackathonInput {
        title: Some(" Low Tide Hack ".to_owned()),
        timezone: Some("Europe/Lisbon".to_owned()),
        dates: [
            date("10-12"),
            date("11-06"),
            date("11-14"),
            date("11-22"),
            Some(String::new()),
            None,
        ],
        ..HackathonInput::default()
    }
}

#[test]
fn a_new_hackathon_needs_a_name_and_dates() {
    let details = HackathonDetails::read(&input(), None).expect("valid");
    assert_eq!(details.title, "Low Tide Hack");
    assert_eq!((details.team_min, details.team_max), (1, 4));
    assert_eq!(details.capacity, None);
    assert_eq!(details.conduct, DEFAULT_CONDUCT);
    assert!(!details.timeline.has_judging());
    assert_eq!((details.visibility, details.places), (Visibility::Public, Places::Automatic));
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let before = HackathonDetails::read(&input(), None).expect("valid");
    let change = HackathonInput { capacity: Some(Some(160)), ..HackathonInput::default() };
    let after = HackathonDetails::read(&change, Some(&before)).expect("valid");
    assert_eq!(after, HackathonDetails { capacity: Some(160), ..before });
    let unlimited = HackathonInput { capacity: Some(None), ..HackathonInput::default() };
    let again = HackathonDetails::read(&unlimited, Some(&after)).expect("valid");
    assert_eq!(again.capacity, None);
}

#[test]
fn a_field_that_was_not_changed_keeps_the_seconds() {
    let mut first = input();
    first.dates[3] = Some("2026-11-22T18:00:42Z".to_owned());
    let before = HackathonDetails::read(&first, None).expect("valid");
    let mut same = HackathonInput::default();
    same.dates[3] = Some("2026-11-22T18:00".to_owned());
    assert_eq!(HackathonDetails::read(&same, Some(&before)), Ok(before.clone()));
    same.dates[3] = Some("2026-11-22T18:01".to_owned());
    let later = HackathonDetails::read(&same, Some(&before)).expect("valid");
    assert_ne!(later.timeline, before.timeline);
}

#[test]
fn judging_that_is_left_out_follows_the_end_of_submissions() {
    let before = HackathonDetails::read(&input(), None).expect("valid");
    let mut change = HackathonInput::default();
    change.dates[3] = Some("2026-11-23T18:00:00Z".to_owned());
    let later = HackathonDetails::read(&change, Some(&before)).expect("valid");
    assert!(!later.timeline.has_judging());
    change.dates[4] = Some("2026-11-24T09:00".to_owned());
    change.dates[5] = Some("2026-11-29T18:00".to_owned());
    let judged = HackathonDetails::read(&change, Some(&before)).expect("valid");
    assert!(judged.timeline.has_judging());
}

#[test]
fn a_problem_names_the_field() {
    let text = |text: &str| Some(text.to_owned());
    let question = |text: &str| Question { text: text.to_owned(), is_required: false };
    type Change = fn(&mut HackathonInput);
    let changes: [(Change, &str); 11] = [
        (|it| it.title = Some(" ".to_owned()), "title"),
        (|it| it.summary = Some("a\nb".to_owned()), "summary"),
        (|it| it.description = Some("x".repeat(20_001)), "description"),
        (|it| it.conduct = Some("a\u{202E}b".to_owned()), "conduct"),
        (|it| it.visibility = Some("secret".to_owned()), "visibility"),
        (|it| it.places = Some("lottery".to_owned()), "places"),
        (|it| it.capacity = Some(Some(0)), "capacity"),
        (|it| it.team_max = Some(11), "team_max"),
        (|it| (it.team_min, it.team_max) = (Some(3), Some(2)), "team_max"),
        (|it| it.timezone = Some("Lisbon".to_owned()), "timezone"),
        (|it| it.dates[1] = None, "application_closes_at"),
    ];
    for (change, field) in changes {
        let mut changed = input();
        change(&mut changed);
        let problem = HackathonDetails::read(&changed, None).expect_err(field);
        assert_eq!(problem.field, Some(field), "{}", problem.detail);
    }
    let mut many = input();
    many.tags = Some((0..11).map(|number| number.to_string()).collect());
    let problem = HackathonDetails::read(&many, None).expect_err("tags");
    assert_eq!(problem.field, Some("tags"));
    let mut twice = input();
    twice.questions = Some(vec![question("Why?"), question("Why?")]);
    let problem = HackathonDetails::read(&twice, None).expect_err("questions");
    assert_eq!(problem.field, Some("questions"));
    let mut comma = input();
    comma.tags = Some(vec!["rust, web".to_owned()]);
    let problem = HackathonDetails::read(&comma, None).expect_err("a comma");
    assert_eq!(problem.field, Some("tags"));
    for starred in [vec![question("Why? *")], questions_of_lines("Why? **")] {
        let mut star = input();
        star.questions = Some(starred);
        let problem = HackathonDetails::read(&star, None).expect_err("a star");
        assert_eq!(problem.field, Some("questions"));
    }
    let blank = HackathonInput { title: text("x"), ..HackathonInput::default() };
    let problem = HackathonDetails::read(&blank, None).expect_err("dates");
    assert_eq!(problem.field, Some("application_opens_at"));
}

#[test]
fn all_fields_that_are_wrong_are_named() {
    let mut wrong = input();
    (wrong.title, wrong.timezone) = (Some(" ".to_owned()), Some("Lisbon".to_owned()));
    (wrong.dates[0], wrong.capacity) = (Some("soon".to_owned()), Some(Some(0)));
    wrong.unread = Some(invalid("team_min", "'two' is not a whole number. Enter one.".to_owned()));
    let problem = HackathonDetails::read(&wrong, None).expect_err("five fields");
    let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
    assert_eq!(fields, ["title", "timezone", "application_opens_at", "team_min", "capacity"]);
    let mut swapped = input();
    swapped.dates.swap(0, 1);
    swapped.dates.swap(2, 3);
    let problem = HackathonDetails::read(&swapped, None).expect_err("two spans");
    let fields: Vec<_> = problem.fields.iter().map(|it| it.field).collect();
    assert_eq!(fields, ["application_closes_at", "submission_closes_at"]);
}

#[test]
fn questions_are_lines_and_stars_require_an_answer() {
    let questions = questions_of_lines("Why you? *\n\n  T-shirt size  \n");
    assert_eq!(questions.len(), 2);
    assert!(questions[0].is_required && !questions[1].is_required);
    assert_eq!(lines_of_questions(&questions), "Why you? *\nT-shirt size");
    assert_eq!(tags_of_field("rust, offline,,"), ["rust", "offline", "", ""]);
}
