use proptest::prelude::*;

use super::*;

pub(crate) fn question(kind: &str, options: &[&str]) -> GivenQuestion {
    GivenQuestion {
        text: "How was it?".to_owned(),
        kind: kind.to_owned(),
        options: options.iter().map(|it| (*it).to_owned()).collect(),
        is_required: false,
    }
}

fn all_kinds() -> Vec<SurveyQuestion> {
    let mut questions = vec![
        question("scale", &[]),
        question("one", &["Yes", "No"]),
        question("several", &["Tea", "Coffee", "Water"]),
        question("text", &[]),
    ];
    questions[0].is_required = true;
    read_questions(&questions).expect("questions")
}

fn scaled(number: i64) -> AnswerInput {
    AnswerInput { question: 1, scale: Some(number), ..AnswerInput::default() }
}

fn chosen(question: usize, options: &[&str]) -> AnswerInput {
    AnswerInput {
        question,
        options: options.iter().map(|it| (*it).to_owned()).collect(),
        ..AnswerInput::default()
    }
}

#[test]
fn questions_have_bounds() {
    assert_eq!(all_kinds().len(), 4);
    let long = "x".repeat(201);
    let eleven: Vec<String> = (0..11).map(|it| it.to_string()).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    let of = |text: &str| GivenQuestion { text: text.to_owned(), ..question("text", &[]) };
    for (wrong, says) in [
        (of(" "), "Question 1 is missing"),
        (of(&long), "201 characters"),
        (question("stars", &[]), "scale, one, several, text"),
        (question("one", &["Yes"]), "1 options"),
        (question("several", &eleven), "11 options"),
        (question("one", &["Yes", " Yes "]), "'Yes' twice"),
        (question("one", &["Yes", ""]), "option of question 1 is missing"),
        (question("text", &["Yes"]), "no one chooses"),
    ] {
        let refused = read_questions(&[wrong]).expect_err(says);
        assert_eq!(refused.field, Some("questions"));
        assert!(refused.detail.contains(says), "{}", refused.detail);
    }
    let many = vec![question("text", &[]); 16];
    let refused = read_questions(&many).expect_err("too many");
    assert!(refused.detail.contains("not 16"), "{}", refused.detail);
}

#[test]
fn answers_follow_their_questions() {
    let questions = all_kinds();
    let text =
        AnswerInput { question: 4, text: " Good.\r\nBye. ".to_owned(), ..AnswerInput::default() };
    let inputs = [text, chosen(3, &["Water", "Tea", "Tea"]), scaled(5), chosen(2, &["No"])];
    let expected = vec![
        Some(GivenAnswer::Scale(5)),
        Some(GivenAnswer::Options(vec![1])),
        Some(GivenAnswer::Options(vec![0, 2])),
        Some(GivenAnswer::Text("Good.\nBye.".to_owned())),
    ];
    assert_eq!(read_answers(&questions, &inputs), Ok(expected));
    let one = read_answers(&questions, &[scaled(1)]).expect("valid");
    assert_eq!(one, [Some(GivenAnswer::Scale(1)), None, None, None]);
    let long = AnswerInput { question: 4, text: "x".repeat(2_001), ..AnswerInput::default() };
    for (inputs, says) in [
        (vec![], "question 1 is missing"),
        (vec![scaled(0)], "from 1 to 5"),
        (vec![scaled(6)], "from 1 to 5"),
        (vec![scaled(1), scaled(2)], "only once"),
        (vec![scaled(1), chosen(2, &["Yes", "No"])], "only one option"),
        (vec![scaled(1), chosen(3, &["Beer"])], "no such option"),
        (vec![scaled(1), chosen(5, &[])], "from 1 to 4"),
        (vec![scaled(1), chosen(0, &[])], "from 1 to 4"),
        (vec![scaled(1), long], "2001 characters"),
    ] {
        let refused = read_answers(&questions, &inputs).expect_err(says);
        assert_eq!(refused.field, Some("answers"));
        assert!(refused.detail.contains(says), "{}", refused.detail);
    }
}

#[test]
fn the_fields_of_a_form_are_answers() {
    let fields = [
        ("revision", "1"),
        ("option_3", "Tea"),
        ("scale_1", "4"),
        ("option_3", "Water"),
        ("text_4", "Good."),
        ("text_16", "Too many"),
        ("text_0", "None"),
        ("text_x", "None"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let text = AnswerInput { question: 4, text: "Good.".to_owned(), ..AnswerInput::default() };
    let expected = [chosen(3, &["Tea", "Water"]), scaled(4), text];
    assert_eq!(answers_of_fields(&fields), expected);
}

#[test]
fn surveys_are_open_for_14_days_from_a_day_after_the_results() {
    let at = |hours: i64| Timestamp::UNIX_EPOCH + TimeDelta::hours(hours);
    let steps = Steps { results_published_at: Some(at(0)), ..Steps::default() };
    let closes = 15 * 24;
    for (hour, expected) in [
        (0, Window::Before),
        (23, Window::Before),
        (24, Window::Open(at(closes))),
        (closes - 1, Window::Open(at(closes))),
        (closes, Window::Closed),
    ] {
        assert_eq!(window(&steps, at(hour)), expected, "{hour}");
        let (after, until) = opened(at(hour));
        let is_opened = after < at(0) && at(0) <= until;
        assert_eq!(is_opened, matches!(expected, Window::Open(_)), "{hour}");
    }
    assert_eq!(window(&Steps::default(), at(99)), Window::Before);
}

#[test]
fn questions_change_until_the_first_answer() {
    let open =
        SurveyChange { window: Window::Before, is_sent: false, is_answered: false, is_empty: true };
    let sent = SurveyChange { is_sent: true, ..open };
    assert_eq!(may_change(open), Ok(()));
    assert_eq!(may_change(SurveyChange { is_empty: false, ..sent }), Ok(()));
    for (change, code) in [
        (sent, "SURVEY_LOCKED"),
        (SurveyChange { is_answered: true, is_empty: false, ..sent }, "SURVEY_LOCKED"),
        (SurveyChange { window: Window::Closed, ..open }, "SURVEY_CLOSED"),
    ] {
        assert_eq!(may_change(change).expect_err(code).code, code);
    }
    let closes = Window::Open(Timestamp::UNIX_EPOCH);
    assert_eq!(may_answer(closes, 2, 2), Ok(()));
    for (window, seen, code) in [
        (closes, 1, "SURVEY_OUTDATED"),
        (Window::Before, 2, "SURVEY_CLOSED"),
        (Window::Closed, 2, "SURVEY_CLOSED"),
    ] {
        assert_eq!(may_answer(window, 2, seen).expect_err(code).code, code);
    }
}

#[test]
fn results_are_shown_from_five_answers_on() {
    let questions = all_kinds();
    let of = |number: i64, text: Option<&str>| -> Answers {
        let text = text.map(|text| GivenAnswer::Text(text.to_owned()));
        let options = Some(GivenAnswer::Options(vec![0, 2]));
        vec![Some(GivenAnswer::Scale(number)), None, options, text]
    };
    let mut answers = vec![of(5, Some("b")), of(4, Some("c")), of(5, Some("a")), of(1, None)];
    let held = |answers: &[Answers]| -> Vec<bool> {
        let found = count_answers(&questions, answers);
        found.iter().map(Option::is_none).collect()
    };
    assert_eq!(held(&answers), [true; 4]);
    answers.push(of(5, Some("e")));
    assert_eq!(held(&answers), [false, true, false, true]);
    let shown = results(&questions, None);
    assert!(shown.iter().all(|it| it.found.is_none()), "they are not counted yet");
    answers.push(of(4, Some("d")));
    let counted = count_answers(&questions, &answers);
    let stored = serde_json::to_string(&counted).expect("JSON");
    assert_eq!(serde_json::from_str::<CountedSurvey>(&stored).expect("read"), counted);
    let found = results(&questions, Some(&counted));
    assert_eq!(found[0].found, Some((6, CountedAnswers::Scale([1, 0, 0, 2, 3]))));
    let options = [("Tea", 6), ("Coffee", 0), ("Water", 6)].map(|(it, n)| (it.to_owned(), n));
    assert_eq!(found[2].found, Some((6, CountedAnswers::Options(options.to_vec()))));
    let texts = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    assert_eq!(found[3].found, Some((5, CountedAnswers::Texts(texts))));
    assert_eq!(mean(&[1, 0, 0, 2, 3]).as_deref(), Some("4.00"));
    assert_eq!(mean(&[1, 1, 1, 0, 3]).as_deref(), Some("3.50"));
    assert_eq!(mean(&[2, 1, 0, 0, 0]).as_deref(), Some("1.33"));
    assert_eq!(mean(&[0; 5]), None);
}

proptest! {
    /// Each number of a result is that of people, never of fewer than five, and does not depend on the order of the answers.
    #[test]
    fn results_do_not_depend_on_the_order_of_answers(numbers in proptest::collection::vec(proptest::option::of(1_i64..=5), 0..12)) {
        let questions = read_questions(&[question("scale", &[])]).expect("a question");
        let answers: Vec<Answers> = numbers.iter().map(|it| vec![it.map(GivenAnswer::Scale)]).collect();
        let found = count_answers(&questions, &answers);
        let count = numbers.iter().flatten().count();
        match &found[0] {
            None => prop_assert!(count < LEAST),
            Some((all, CountedAnswers::Scale(counts))) => {
                prop_assert_eq!((*all, counts.iter().sum::<usize>()), (count, count));
            }
            other => prop_assert!(false, "{:?}", other),
        }
        let reversed: Vec<Answers> = answers.iter().rev().cloned().collect();
        prop_assert_eq!(count_answers(&questions, &reversed), found);
    }
}
